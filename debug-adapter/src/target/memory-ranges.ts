import { address } from "../base/brand";
import type { MemoryView, Target } from "./target";

/** A range of addresses. */
export interface MemoryRange {
  readonly start: number;
  readonly byteSize: number;
  /** Whether programs hardly ever write there: it need not be copied where it can be read in place. */
  readonly isSteady?: true;
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

/** Memory that is read from the first of two that has it. */
export function layered(first: MemoryView, second: MemoryView): MemoryView {
  return {
    read: (at, length) => first.read(at, length) ?? second.read(at, length),
    readUint: (at, size) => first.readUint(at, size) ?? second.readUint(at, size),
  };
}

/** All bytes of some ranges, as far as they can be read. */
export function copyRanges(
  target: Pick<Target, "readMemory">,
  ranges: readonly MemoryRange[],
): Promise<CopiedRange[]> {
  return Promise.all(
    ranges.map(async ({ start, byteSize }) => ({
      start,
      bytes: await target.readMemory(address(start), byteSize),
    })),
  );
}
