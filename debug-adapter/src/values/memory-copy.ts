import { address } from "../base/brand";
import type { MemoryView, Target } from "../target/target";

/** A range of addresses. */
export interface MemoryRange {
  readonly start: number;
  readonly byteSize: number;
  /** Whether programs hardly ever write there: it need not be copied where it can be read in place. */
  readonly isSteady?: true;
}

/**
 * Memory of a Pico that holds values (RP2040 datasheet 2.2): ROM, flash, SRAM. Peripherals are left out, since reading
 * a register may change it.
 */
export const PICO_MEMORY: readonly MemoryRange[] = [
  { start: 0x0000_0000, byteSize: 16 * 1024 },
  { start: 0x1000_0000, byteSize: 2 * 1024 * 1024, isSteady: true },
  { start: 0x2000_0000, byteSize: 264 * 1024 },
];

/**
 * Copies memory of a target that stands still, so that values can be read at once and stay as they are. Flash is not
 * copied where the target lets it be read in place: copying it takes longer than all that is looked at.
 */
export async function copyMemory(
  target: Pick<Target, "readMemory" | "memory">,
  ranges: readonly MemoryRange[] = PICO_MEMORY,
): Promise<MemoryView> {
  const inPlace = target.memory;
  const isInPlace = ({ isSteady }: MemoryRange) => inPlace !== undefined && isSteady === true;
  const copied: CopiedRange[] = [];
  for (const { start, byteSize } of ranges.filter((range) => !isInPlace(range))) {
    copied.push({ start, bytes: await target.readMemory(address(start), byteSize) });
  }
  const copy = memoryOf(copied);
  const rest = ranges.filter(isInPlace);
  return inPlace === undefined || rest.length === 0 ? copy : withRanges(copy, rest, inPlace);
}

/** Memory of which some ranges are read from another. */
function withRanges(copy: MemoryView, ranges: readonly MemoryRange[], other: MemoryView): MemoryView {
  const sourceOf = (at: number, length: number) =>
    ranges.some(({ start, byteSize }) => at >= start && at + length <= start + byteSize) ? other : copy;
  return {
    read: (at, length) => sourceOf(at, length).read(at, length),
    readUint: (at, size) => sourceOf(at, size).readUint(at, size),
  };
}

/** Bytes and where they begin. */
export interface CopiedRange {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Memory that consists of some ranges; they must not touch. */
export function memoryOf(ranges: readonly CopiedRange[]): MemoryView {
  const views = ranges.map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const rangeWith = (at: number, length: number) =>
    ranges.findIndex(({ start, bytes }) => at >= start && at + length <= start + bytes.length);
  return {
    read(at, length) {
      const found = ranges[rangeWith(at, length)];
      return found?.bytes.subarray(at - found.start, at - found.start + length);
    },
    readUint(at, size) {
      const index = rangeWith(at, size);
      const view = views[index];
      if (view === undefined) return undefined;
      const offset = at - ranges[index]!.start;
      if (size === 1) return view.getUint8(offset);
      return size === 2 ? view.getUint16(offset, true) : view.getUint32(offset, true);
    },
  };
}

/** Memory of which one range is read from a copy. */
export function withCopied(range: CopiedRange, memory: MemoryView): MemoryView {
  const copy = memoryOf([range]);
  return {
    read: (at, length) => copy.read(at, length) ?? memory.read(at, length),
    readUint: (at, size) => copy.readUint(at, size) ?? memory.readUint(at, size),
  };
}

/** Fills bytes with what memory has from `start` on, without an allocation where it can; returns whether it could be read. */
export function fillFrom(memory: MemoryView, start: number, bytes: Uint8Array): boolean {
  if (memory.readInto !== undefined) return memory.readInto(start, bytes);
  const read = memory.read(start, bytes.length);
  if (read !== undefined) bytes.set(read);
  return read !== undefined;
}
