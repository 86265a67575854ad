import { hexAddress } from "../base/hex-address";
import { type LocatedBytes, type Location, type LocationReader, readLocation } from "../dwarf/location";
import type { MemoryView } from "../target/target";

/** Where the bytes of a value are. */
export type ValueLocation =
  | { readonly kind: "memory"; readonly address: number }
  /** Bytes that were gathered from registers, pieces or constants, of which some may be missing. */
  | {
      readonly kind: "gathered";
      readonly located: LocatedBytes;
      readonly offset: number;
      /** The register that holds the whole variable, if one does. */
      readonly register?: number;
    }
  /** It cannot be found; the reason is a clause for a reader: `the pointer is null`. */
  | { readonly kind: "nowhere"; readonly reason: string };

/** The bytes of a value, or why they are not all known. */
export type BytesResult =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | {
      readonly kind: "missing";
      /** Whether the compiler kept nothing; else something keeps us from reading. */
      readonly isOptimizedOut: boolean;
      readonly reason: string;
      /** The bytes as one hexadecimal number where some are known, `??` for those that are not. */
      readonly known: string | undefined;
    };

/** What lies in a register and is larger goes on in the next. */
const REGISTER_BYTES = 4;

/** More than any variable of a microcontroller; a type that claims to be larger is broken. */
const MOST_BYTES = 1 << 20;

/**
 * Turns the location of a variable (DWARF 5 section 2.6) into that of a value. What is whole in memory is read when
 * it is asked for, so that a large array costs nothing; all else is gathered at once.
 */
export function locationOf(location: Location, byteSize: number, reader: LocationReader): ValueLocation {
  const [first, second] = location;
  if (first?.location.kind === "memory" && second === undefined && isWhole(first, byteSize)) {
    return inMemory(first.location.address);
  }
  if (byteSize > MOST_BYTES) return tooLarge(byteSize);
  const located = readLocation(location, byteSize, reader);
  const isInRegister =
    first?.location.kind === "register" && second === undefined && isWhole(first, byteSize);
  if (!isInRegister || byteSize > REGISTER_BYTES) return { kind: "gathered", located, offset: 0 };
  return { kind: "gathered", located, offset: 0, register: first.location.register };
}

export function inMemory(address: number): ValueLocation {
  return { kind: "memory", address: address >>> 0 };
}

export function inBytes(bytes: Uint8Array): ValueLocation {
  return { kind: "gathered", located: { bytes, missing: [] }, offset: 0 };
}

export function nowhere(reason: string): ValueLocation {
  return { kind: "nowhere", reason };
}

/** The location of a part that begins `offset` bytes into a value. */
export function partLocation(location: ValueLocation, offset: number): ValueLocation {
  switch (location.kind) {
    case "memory":
      return inMemory(location.address + offset);
    case "gathered":
      return { ...location, offset: location.offset + offset };
    case "nowhere":
      return location;
  }
}

/** Reads the bytes of a value. */
export function readBytes(location: ValueLocation, byteSize: number, memory: MemoryView): BytesResult {
  if (byteSize === 0) return { kind: "bytes", bytes: new Uint8Array(0) };
  if (byteSize > MOST_BYTES || byteSize < 0) return missing(tooLarge(byteSize).reason);
  switch (location.kind) {
    case "memory":
      return readMemory(location.address, byteSize, memory);
    case "gathered":
      return readGathered(location.located, location.offset, byteSize);
    case "nowhere":
      return missing(location.reason);
  }
}

function isWhole({ bitSize, bitOffset }: Location[number], byteSize: number): boolean {
  return bitOffset === 0 && (bitSize === undefined || bitSize >= 8 * byteSize);
}

function tooLarge(byteSize: number) {
  return { kind: "nowhere", reason: `its type claims to have ${byteSize} bytes` } as const;
}

function readMemory(address: number, byteSize: number, memory: MemoryView): BytesResult {
  const isInside = address + byteSize <= 0x1_0000_0000;
  const bytes = isInside ? memory.read(address, byteSize) : undefined;
  return bytes === undefined
    ? missing(`memory at ${hexAddress(address)} cannot be read`)
    : { kind: "bytes", bytes };
}

function readGathered({ bytes, missing: gaps }: LocatedBytes, offset: number, byteSize: number): BytesResult {
  if (offset < 0 || offset + byteSize > bytes.length)
    return missing("it lies outside of what is known of the variable");
  const start = 8 * offset;
  const end = start + 8 * byteSize;
  const inside = gaps.filter((gap) => gap.bitOffset < end && gap.bitOffset + gap.bitSize > start);
  const own = bytes.subarray(offset, offset + byteSize);
  const first = inside.find(({ kind }) => kind !== "optimized-out") ?? inside[0];
  if (first === undefined) return { kind: "bytes", bytes: own };
  const isKnown = Array.from(own, (_, i) => !overlapsAny(inside, start + 8 * i));
  return {
    kind: "missing",
    isOptimizedOut: first.kind === "optimized-out",
    reason: first.reason,
    known: isKnown.includes(true) ? hexWithGaps(own, isKnown) : undefined,
  };
}

function overlapsAny(gaps: LocatedBytes["missing"], bit: number): boolean {
  return gaps.some(({ bitOffset, bitSize }) => bitOffset < bit + 8 && bitOffset + bitSize > bit);
}

/** Highest byte first, as numbers are written. */
function hexWithGaps(bytes: Uint8Array, isKnown: readonly boolean[]): string {
  const digits = Array.from(bytes, (byte, i) => (isKnown[i] ? byte.toString(16).padStart(2, "0") : "??"));
  return `0x${digits.reverse().join("")}`;
}

function missing(reason: string): BytesResult {
  return { kind: "missing", isOptimizedOut: false, reason, known: undefined };
}
