import type {
  ArrayType,
  BaseType,
  EnumType,
  Member,
  PointerType,
  StructType,
  Type,
} from "#adapter/symbols/types/type";

// Types as the debug info would describe them, for layouts that no prebuilt firmware has.

/** Far beyond any real debug info, so that a made type is never taken for one of a program. */
let nextOffset = 1e9;

export function base(name: string, byteSize: number): BaseType {
  const encoding = name === "bool" ? "boolean" : name === "()" ? "unit" : "unsigned";
  return { kind: "base", offset: nextOffset++, name, byteSize, alignment: Math.max(1, byteSize), encoding };
}

export const u8 = base("u8", 1);
export const u32 = base("u32", 4);
export const usize = base("usize", 4);
export const bool = base("bool", 1);

export function member(name: string, offset: number, type: Type): Member {
  return { name, offset, type, isArtificial: false, declaration: undefined };
}

/** A struct whose fields follow each other without gaps. */
export function struct(name: string, fields: Readonly<Record<string, Type>>): StructType {
  let byteSize = 0;
  const members = Object.entries(fields).map(([field, type]) => {
    const offset = byteSize;
    byteSize += type.byteSize;
    return member(field, offset, type);
  });
  const plain = { kind: "struct", offset: nextOffset++, name, byteSize, alignment: 4 } as const;
  return { ...plain, members, typeArguments: [], isTuple: false };
}

export function pointer(name: string, target: Type): PointerType {
  return { kind: "pointer", offset: nextOffset++, name, byteSize: 4, alignment: 4, target };
}

export function array(element: Type, length: number): ArrayType {
  const name = `[${element.name}; ${length}]`;
  const byteSize = element.byteSize * length;
  return { kind: "array", offset: nextOffset++, name, element, length, byteSize, alignment: 4 };
}

/** An enum with a discriminant of one word in front; each variant carries at most one thing. */
export function enumOf(
  name: string,
  variants: Readonly<Record<string, Type | undefined>>,
  argument?: Type,
): EnumType {
  const made = Object.entries(variants).map(([variant, content], i) => ({
    name: variant,
    discriminants: [{ low: BigInt(i), high: BigInt(i) }],
    payload: member(variant, 4, struct(`${name}::${variant}`, content === undefined ? {} : { __0: content })),
  }));
  return {
    kind: "enum",
    offset: nextOffset++,
    name,
    byteSize: 4 + Math.max(0, ...made.map(({ payload }) => payload.type.byteSize)),
    alignment: 4,
    discriminant: member("", 0, u32),
    variants: made,
    members: [],
    typeArguments: argument === undefined ? [] : [{ name: "Fut", type: argument }],
    variantFor: (raw) => made[Number(raw)],
  };
}
