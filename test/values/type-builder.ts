import type {
  ArrayType,
  BaseType,
  Encoding,
  EnumType,
  Member,
  PlainEnumType,
  PointerType,
  StructType,
  Type,
  UnionType,
} from "#adapter/symbols/types/type";
import { memoryOf } from "#adapter/target/memory-ranges";
import { ValueReader } from "#adapter/values/reader";
import type { StaticSymbol, SymbolLookup } from "#adapter/values/symbol-lookup";

// Types as rustc would describe them, made by hand where no sample has the layout that a test is about.

let nextOffset = 1;

export function base(name: string, encoding: Encoding, byteSize: number): BaseType {
  return { kind: "base", offset: nextOffset++, name, encoding, byteSize, alignment: Math.max(1, byteSize) };
}

export const u8 = base("u8", "unsigned", 1);
export const u16 = base("u16", "unsigned", 2);
export const u32 = base("u32", "unsigned", 4);
export const i32 = base("i32", "signed", 4);
export const u64 = base("u64", "unsigned", 8);
export const usize = base("usize", "unsigned", 4);
export const isize = base("isize", "signed", 4);
export const bool = base("bool", "boolean", 1);
export const char = base("char", "character", 4);
export const f32 = base("f32", "float", 4);
export const unit = base("()", "unit", 0);

/** Members one after the other, without padding; a number in place of a type moves to that offset. */
export type Layout = Readonly<Record<string, Type | readonly [offset: number, type: Type]>>;

export function struct(name: string, layout: Layout, typeArguments: readonly Type[] = []): StructType {
  const members = membersOf(layout);
  return {
    kind: "struct",
    offset: nextOffset++,
    name,
    byteSize: sizeOf(members),
    alignment: 1,
    members,
    typeArguments: typeArguments.map((type) => ({ name: "T", type })),
    isTuple: members.length > 0 && members.every((member, i) => member.name === `__${i}`),
  };
}

export function union(name: string, layout: Layout, typeArguments: readonly Type[] = []): UnionType {
  const members = membersOf(layout).map((member) => ({ ...member, offset: 0 }));
  const byteSize = Math.max(0, ...members.map(({ type }) => type.byteSize));
  return {
    kind: "union",
    offset: nextOffset++,
    name,
    byteSize,
    alignment: 1,
    members,
    typeArguments: typeArguments.map((type) => ({ name: "T", type })),
  };
}

export function maybeUninit(type: Type): UnionType {
  return union(`core::mem::maybe_uninit::MaybeUninit<${type.name}>`, { uninit: unit, value: type }, [type]);
}

export function array(element: Type, length: number): ArrayType {
  const name = `[${element.name}; ${length}]`;
  return {
    kind: "array",
    offset: nextOffset++,
    name,
    element,
    length,
    byteSize: element.byteSize * length,
    alignment: 1,
  };
}

export function pointer(name: string, target: () => Type): PointerType {
  return {
    kind: "pointer",
    offset: nextOffset++,
    name,
    byteSize: 4,
    alignment: 4,
    get target() {
      return target();
    },
  };
}

export function plainEnum(
  name: string,
  underlying: BaseType,
  enumerators: Readonly<Record<string, number>>,
): PlainEnumType {
  return {
    kind: "plain-enum",
    offset: nextOffset++,
    name,
    underlying,
    byteSize: underlying.byteSize,
    alignment: 1,
    enumerators: Object.entries(enumerators).map(([each, value]) => ({ name: each, value: BigInt(value) })),
  };
}

/** Variants by name; the tag of each is its position, and its members begin after the tag. */
export function taggedEnum(
  name: string,
  tag: BaseType,
  variants: Readonly<Record<string, Layout>>,
): EnumType {
  const read = Object.entries(variants).map(([variant, layout], i) => {
    const shifted = Object.fromEntries(
      membersOf(layout).map((member) => [member.name, [member.offset + tag.byteSize, member.type] as const]),
    );
    const type = struct(`${name}::${variant}`, shifted);
    const discriminants = [{ low: BigInt(i), high: BigInt(i) }];
    return { name: variant, discriminants, payload: memberOf(variant, 0, type) };
  });
  return {
    kind: "enum",
    offset: nextOffset++,
    name,
    byteSize: Math.max(tag.byteSize, ...read.map(({ payload }) => payload.type.byteSize)),
    alignment: 1,
    discriminant: memberOf("", 0, tag),
    variants: read,
    members: [],
    typeArguments: [],
    variantFor: (raw) => read[Number(raw)],
  };
}

/** Where `readerOf` puts its bytes. */
export const RAM = 0x2000_0000;

export interface FewSymbols {
  readonly statics?: readonly StaticSymbol[];
  readonly types?: readonly Type[];
  /** The type whose vtable is at an address. */
  readonly implementors?: Readonly<Record<number, Type>>;
}

/** A reader of bytes at `RAM`, in a program with these statics and functions and nothing else. */
export function readerOf(bytes: ArrayLike<number>, symbols: FewSymbols = {}): ValueReader {
  const { statics = [], types = [], implementors = {} } = symbols;
  const lookup: SymbolLookup = {
    statics,
    staticAt: (at) => statics.find(({ address, byteSize }) => at >= address && at < address + byteSize),
    functionAt: (at) =>
      at >= 0x1000_0000 && at < 0x1000_0010 ? { name: "app::run", address: 0x1000_0000 } : undefined,
    vtableAt: (at) => {
      const implementor = implementors[at];
      return implementor && { name: `<${implementor.name} as app::Trait>::{vtable}`, implementor };
    },
    receiverOf: () => undefined,
    coroutineOf: () => undefined,
    taskStorageOf: () => undefined,
    typeNamed: (name) => types.find((each) => each.name === name),
    typesEnding: (name) => types.filter((each) => each.name.endsWith(`::${name}`)),
  };
  return new ValueReader(memoryOf([{ start: RAM, bytes: Uint8Array.from(bytes) }]), lookup);
}

/** Little-endian words, one after the other. */
export function words(...values: readonly number[]): number[] {
  return values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
}

function membersOf(layout: Layout): Member[] {
  let at = 0;
  return Object.entries(layout).map(([name, placed]) => {
    const [offset, type] = "kind" in placed ? [at, placed] : placed;
    at = offset + type.byteSize;
    return memberOf(name, offset, type);
  });
}

function memberOf(name: string, offset: number, type: Type): Member {
  return { name, offset, type, isArtificial: false, declaration: undefined };
}

function sizeOf(members: readonly Member[]): number {
  return Math.max(0, ...members.map(({ offset, type }) => offset + type.byteSize));
}
