import { address } from "../base/brand";
import type { MemoryView, Target } from "../target/target";

/** A range of addresses. */
export interface MemoryRange {
  readonly start: number;
  readonly byteSize: number;
}

/**
 * Memory of a Pico that holds values (RP2040 datasheet 2.2): ROM, flash, SRAM. Peripherals are left out, since reading
 * a register may change it.
 */
export const PICO_MEMORY: readonly MemoryRange[] = [
  { start: 0x0000_0000, byteSize: 16 * 1024 },
  { start: 0x1000_0000, byteSize: 2 * 1024 * 1024 },
  { start: 0x2000_0000, byteSize: 264 * 1024 },
];

/** Copies memory of a target that stands still, so that values can be read at once and stay as they are. */
export async function copyMemory(
  target: Pick<Target, "readMemory">,
  ranges: readonly MemoryRange[] = PICO_MEMORY,
): Promise<MemoryView> {
  const copied: CopiedRange[] = [];
  for (const { start, byteSize } of ranges) {
    copied.push({ start, bytes: await target.readMemory(address(start), byteSize) });
  }
  return memoryOf(copied);
}

/** Bytes and where they begin. */
export interface CopiedRange {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Memory that consists of some ranges; they must not touch. */
export function memoryOf(ranges: readonly CopiedRange[]): MemoryView {
  const read = (at: number, length: number): Uint8Array | undefined => {
    const found = ranges.find(({ start, bytes }) => at >= start && at + length <= start + bytes.length);
    return found?.bytes.subarray(at - found.start, at - found.start + length);
  };
  return {
    read,
    readUint(at, size) {
      const bytes = read(at, size);
      return bytes?.reduceRight((value, byte) => value * 0x100 + byte, 0);
    },
  };
}
