import { address as toAddress } from "../base/brand";
import { type Part, memberAt, unwrapped } from "../symbols/types/member-access";
import type { ArrayType, EnumType, Type, Variant } from "../symbols/types/type";
import type { MemoryView } from "../target/target";
import { isInhabited } from "./inhabited";
import { type BytesResult, inMemory, partLocation, readBytes } from "./location";
import { oncePerType } from "./once-per-type";
import { decodeScalar, type Scalar, unsignedOf } from "./scalar";
import type { SymbolLookup } from "./symbol-lookup";
import { withoutAliases } from "./type-words";
import type { Value } from "./value";

/** Which variant of an enum is there. */
export type ActiveVariant =
  | { readonly kind: "variant"; readonly variant: Variant }
  /** No variant has this discriminant: the memory holds something else. */
  | { readonly kind: "unknown"; readonly discriminant: bigint }
  /** Nothing in memory tells the variants apart, and not exactly one of them can be. */
  | { readonly kind: "undecided" }
  | { readonly kind: "missing"; readonly bytes: Extract<BytesResult, { kind: "missing" }> };

/** Reads values of a program that stands still. */
export class ValueReader {
  constructor(
    readonly memory: MemoryView,
    readonly symbols: SymbolLookup,
  ) {}

  /** The value of a type at an address. */
  at(type: Type, address: number): Value {
    return { type, location: inMemory(address) };
  }

  /** Undefined if the value is not in memory. */
  addressOf({ location }: Value): number | undefined {
    return location.kind === "memory" ? toAddress(location.address) : undefined;
  }

  /** The bytes of a value, or only the first `byteSize` of them. */
  bytes({ type, location }: Value, byteSize = type.byteSize): BytesResult {
    return readBytes(location, byteSize, this.memory);
  }

  /** A part of a value: a member, or what `memberAt` has found. */
  part({ location }: Value, { offset, type }: Part): Value {
    return { type, location: partLocation(location, offset) };
  }

  /** The part at the end of a path of member names, through whatever wraps them (`memberAt`). */
  member(value: Value, ...path: readonly string[]): Value | undefined {
    const part = memberAt(withoutAliases(value.type), path);
    return part && this.part(value, part);
  }

  /** What a value holds once the wrappers that hold one thing are taken off. */
  unwrapped(value: Value): Value {
    return this.part(value, contentOf(value.type));
  }

  /** An element of an array. */
  element(array: Value, { element }: ArrayType, index: number): Value {
    return { type: element, location: partLocation(array.location, index * element.byteSize) };
  }

  /** A base type's value; undefined for any other type, and if its bytes are not all known. */
  scalar(value: Value): Scalar | undefined {
    const type = withoutAliases(value.type);
    const result = this.bytes(value);
    return type.kind === "base" && result.kind === "bytes" ? decodeScalar(type, result.bytes) : undefined;
  }

  /** The bits of a number, pointer, `bool` or plain enum, unsigned, wrappers taken off; undefined if not all known. */
  unsigned(value: Value | undefined): bigint | undefined {
    const content = value && this.unwrapped(value);
    const result = content !== undefined && isNumber(content.type) ? this.bytes(content) : undefined;
    return result?.kind === "bytes" ? unsignedOf(result.bytes) : undefined;
  }

  /** `unsigned`, for lengths and addresses: undefined if it is more than 2^53. */
  count(value: Value | undefined): number | undefined {
    const content = value && this.unwrapped(value);
    if (content?.location.kind === "memory" && content.type.byteSize === 4 && isNumber(content.type)) {
      return this.memory.readUint(content.location.address, 4);
    }
    const number = this.unsigned(value);
    return number === undefined || number > Number.MAX_SAFE_INTEGER ? undefined : Number(number);
  }

  /** The variant that an enum's discriminant selects. */
  activeVariant(value: Value, type: EnumType): ActiveVariant {
    const { discriminant, variants } = type;
    if (discriminant === undefined) {
      // The compiler needs none where all variants but one hold what cannot be: `Result<u32, !>` is always `Ok`.
      const possible = variants.filter(({ payload }) => isInhabited(payload.type));
      const [only, other] = possible;
      return only === undefined || other !== undefined
        ? { kind: "undecided" }
        : { kind: "variant", variant: only };
    }
    const bytes = this.bytes(this.part(value, discriminant));
    if (bytes.kind === "missing") return { kind: "missing", bytes };
    const raw = unsignedOf(bytes.bytes);
    const variant = type.variantFor(raw);
    return variant === undefined ? { kind: "unknown", discriminant: raw } : { kind: "variant", variant };
  }
}

const LARGEST_NUMBER = 16;

const isNumber = oncePerType((type) => {
  const { kind, byteSize } = withoutAliases(type);
  const isOne = kind === "base" || kind === "pointer" || kind === "plain-enum";
  return isOne && byteSize > 0 && byteSize <= LARGEST_NUMBER;
});

const contentOf = oncePerType((type) => unwrapped(withoutAliases(type)));
