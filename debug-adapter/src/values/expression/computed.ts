import { assertNever } from "../../base/assert";
import { encodeUtf8 } from "../../base/utf8";
import type { BaseType, Encoding, PointerType, Type } from "../../symbols/types/type";
import { inBytes } from "../location";
import { sliceType, STR } from "../pointers";
import { floatBytes, integerBytes } from "../scalar";
import type { Value } from "../value";

/** An integer type of Rust on a 32-bit machine. */
export interface IntegerType {
  readonly name: string;
  readonly bits: number;
  readonly isSigned: boolean;
}

/** What an operator yields, or what has been read to be its operand. */
export type Computed =
  /** A literal without a suffix has no type until it meets one. */
  | { readonly kind: "integer"; readonly value: bigint; readonly type: IntegerType | undefined }
  | { readonly kind: "float"; readonly value: number; readonly byteSize: 4 | 8 | undefined }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "char"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "pointer"; readonly address: number; readonly type: Type }
  /** A variant of an enum, by its name. */
  | { readonly kind: "variant"; readonly name: string; readonly type: string };

const SIZES = [8, 16, 32, 64, 128];

/** By name: `u8` to `i128`, `usize` and `isize`. */
export const INTEGER_TYPES: ReadonlyMap<string, IntegerType> = new Map(
  [true, false].flatMap((isSigned) => {
    const letter = isSigned ? "i" : "u";
    const sized = SIZES.map((bits): IntegerType => ({ name: `${letter}${bits}`, bits, isSigned }));
    return [...sized, { name: `${letter}size`, bits: 32, isSigned }].map(
      (type) => [type.name, type] as const,
    );
  }),
);

/** The integer type that a base type is; C's own names included. */
export function integerTypeOf({ name, encoding, byteSize }: BaseType): IntegerType {
  return INTEGER_TYPES.get(name) ?? { name, bits: 8 * byteSize, isSigned: encoding === "signed" };
}

/** Whether a number is one of an integer type. */
export function fits(value: bigint, { bits, isSigned }: IntegerType): boolean {
  return value === (isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value));
}

/** A base type by its Rust name; undefined if there is none. */
export function baseTypeNamed(name: string): BaseType | undefined {
  const integer = INTEGER_TYPES.get(name);
  if (integer !== undefined)
    return baseType(name, integer.isSigned ? "signed" : "unsigned", integer.bits / 8);
  switch (name) {
    case "f32":
      return baseType(name, "float", 4);
    case "f64":
      return baseType(name, "float", 8);
    case "bool":
      return baseType(name, "boolean", 1);
    case "char":
      return baseType(name, "character", 4);
    default:
      return undefined;
  }
}

/** `*const T`, `&T` and the like. */
export function pointerType(prefix: string, target: Type): PointerType {
  return { kind: "pointer", offset: 0, name: prefix + target.name, byteSize: 4, alignment: 4, target };
}

/** What has been computed, as a value that can be shown like any other. */
export function valueOf(computed: Computed): Value {
  switch (computed.kind) {
    case "integer": {
      const type = computed.type ?? literalType(computed.value);
      const encoding = type.isSigned ? "signed" : "unsigned";
      const bytes = integerBytes(computed.value, type.bits / 8);
      return { type: baseType(type.name, encoding, type.bits / 8), location: inBytes(bytes) };
    }
    case "float": {
      const byteSize = computed.byteSize ?? 8;
      const location = inBytes(floatBytes(computed.value, byteSize));
      return { type: baseType(byteSize === 4 ? "f32" : "f64", "float", byteSize), location };
    }
    case "bool":
      return {
        type: baseType("bool", "boolean", 1),
        location: inBytes(Uint8Array.of(computed.value ? 1 : 0)),
      };
    case "char": {
      const location = inBytes(integerBytes(BigInt(computed.value), 4));
      return { type: baseType("char", "character", 4), location };
    }
    case "text": {
      const bytes = encodeUtf8(computed.value);
      return { type: sliceType(baseType("u8", "unsigned", 1), bytes.length, STR), location: inBytes(bytes) };
    }
    case "pointer":
      return { type: computed.type, location: inBytes(integerBytes(BigInt(computed.address), 4)) };
    case "variant":
      return valueOf({ kind: "text", value: computed.name });
    default:
      return assertNever(computed);
  }
}

/** As in Rust an integer without a type is an i32; one that does not fit is what it fits. */
function literalType(value: bigint): IntegerType {
  const names = ["i32", "i64", "i128"].map((name) => INTEGER_TYPES.get(name)!);
  return names.find((type) => fits(value, type)) ?? INTEGER_TYPES.get("u128")!;
}

function baseType(name: string, encoding: Encoding, byteSize: number): BaseType {
  return { kind: "base", offset: 0, name, encoding, byteSize, alignment: Math.min(byteSize, 8) };
}
