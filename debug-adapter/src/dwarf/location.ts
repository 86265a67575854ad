import { hexAddress } from "../base/hex-address";
import { armRegisterName } from "./arm-registers";

/** Where the bits of a variable, or of a part of it, are (DWARF 5 section 2.6.1). */
export type SimpleLocation =
  | { readonly kind: "memory"; readonly address: number }
  /** A register by its number in DWARF (AADWARF32 section 4.1). */
  | { readonly kind: "register"; readonly register: number }
  /** Nowhere: the compiler knows the value itself. Little-endian; it may have more bytes than the variable. */
  | { readonly kind: "value"; readonly bytes: Uint8Array }
  /** A pointer that does not exist any more to an object whose value may be known. */
  | { readonly kind: "implicit-pointer"; readonly entryOffset: number; readonly byteOffset: number }
  /** The compiler kept nothing. */
  | { readonly kind: "optimized-out" }
  /** It exists, but cannot be found here. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** A part of a variable. Parts follow each other without gaps, lowest bits first. */
export interface Piece {
  readonly location: SimpleLocation;
  /** How many bits of the variable it has; undefined for all of them. */
  readonly bitSize: number | undefined;
  /** Bits of the place to skip before them. */
  readonly bitOffset: number;
}

/** Where a variable is: one piece without a size, or several with theirs. */
export type Location = readonly Piece[];

/** A location that is all in one place. */
export function wholeAt(location: SimpleLocation): Location {
  return [{ location, bitSize: undefined, bitOffset: 0 }];
}

/** What a variable's bytes are read from. */
export interface LocationReader {
  /** The value of a register in the frame at hand, 0 to 2^32 - 1, or undefined if it was lost. */
  register(number: number): number | undefined;
  readonly memory: { read(address: number, length: number): Uint8Array | undefined };
}

/** Bits of a variable that are not known. */
export interface MissingBits {
  readonly bitOffset: number;
  readonly bitSize: number;
  /** `optimized-out` if no one can know them; else something keeps us from reading them, and `reason` says what. */
  readonly kind: "optimized-out" | "implicit-pointer" | "unavailable";
  readonly reason: string;
}

/** The bytes of a variable; those of `missing` parts are 0 and mean nothing. */
export interface LocatedBytes {
  readonly bytes: Uint8Array;
  readonly missing: readonly MissingBits[];
}

/** Reads the bytes of a variable of `byteSize` bytes. */
export function readLocation(location: Location, byteSize: number, reader: LocationReader): LocatedBytes {
  const bytes = new Uint8Array(byteSize);
  const missing: MissingBits[] = [];
  const total = 8 * byteSize;
  let at = 0;
  for (const piece of location) {
    const bitSize = Math.min(piece.bitSize ?? total, total - at);
    if (bitSize <= 0) break;
    const source = bitsOf(piece, bitSize, reader);
    const known = "bytes" in source ? Math.min(bitSize, 8 * source.bytes.length - source.bitOffset) : 0;
    if ("bytes" in source && known > 0) copyBits(source, bytes, at, known);
    if (known < bitSize) {
      const why = "bytes" in source ? TOO_SHORT : source;
      const first = Math.max(known, 0);
      missing.push({ bitOffset: at + first, bitSize: bitSize - first, ...why });
    }
    at += bitSize;
  }
  if (at < total) missing.push({ bitOffset: at, bitSize: total - at, ...NOT_DESCRIBED });
  return { bytes, missing };
}

interface Bits {
  readonly bytes: Uint8Array;
  readonly bitOffset: number;
}

type WhyMissing = Pick<MissingBits, "kind" | "reason">;

const TOO_SHORT: WhyMissing = {
  kind: "unavailable",
  reason: "the debug info describes only its lower bytes",
};
const OPTIMIZED_OUT: WhyMissing = { kind: "optimized-out", reason: "the compiler did not keep it" };
/** Pieces describe a variable from its lowest bits on; they may end early. */
const NOT_DESCRIBED: WhyMissing = {
  kind: "optimized-out",
  reason: "the debug info says where its lower bytes are, and nothing of these",
};
const IMPLICIT_POINTER: WhyMissing = {
  kind: "implicit-pointer",
  reason: "the compiler did not keep the pointer, only what it points to",
};

function bitsOf({ location, bitOffset }: Piece, bitSize: number, reader: LocationReader): Bits | WhyMissing {
  switch (location.kind) {
    case "memory": {
      const address = (location.address + Math.floor(bitOffset / 8)) >>> 0;
      const skipped = bitOffset % 8;
      const bytes = reader.memory.read(address, Math.ceil((skipped + bitSize) / 8));
      const reason = `memory at ${hexAddress(address)} cannot be read`;
      return bytes === undefined ? { kind: "unavailable", reason } : { bytes, bitOffset: skipped };
    }
    case "register": {
      const value = reader.register(location.register);
      const reason = `${armRegisterName(location.register)} is not known in this frame`;
      return value === undefined ? { kind: "unavailable", reason } : { bytes: wordBytes(value), bitOffset };
    }
    case "value":
      return { bytes: location.bytes, bitOffset };
    case "implicit-pointer":
      return IMPLICIT_POINTER;
    case "optimized-out":
      return OPTIMIZED_OUT;
    case "unavailable":
      return { kind: "unavailable", reason: location.reason };
  }
}

function wordBytes(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** Copies bits between little-endian numbers. */
function copyBits(source: Bits, target: Uint8Array, targetBit: number, count: number): void {
  if (source.bitOffset % 8 === 0 && targetBit % 8 === 0 && count % 8 === 0) {
    const start = source.bitOffset / 8;
    target.set(source.bytes.subarray(start, start + count / 8), targetBit / 8);
    return;
  }
  for (let i = 0; i < count; i++) {
    const from = source.bitOffset + i;
    const to = targetBit + i;
    const bit = (source.bytes[from >>> 3]! >>> (from & 7)) & 1;
    target[to >>> 3]! |= bit << (to & 7);
  }
}
