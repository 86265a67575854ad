import { type CopiedRange, copyRanges, layered, memoryOf, type MemoryRange } from "../target/memory-ranges";
import type { MemoryView, Target } from "../target/target";

/**
 * Memory of a Pico that holds values (RP2040 datasheet 2.2): ROM, flash, SRAM. Peripherals are left out, since reading
 * a register may change it.
 */
export const PICO_MEMORY: readonly MemoryRange[] = [
  { start: 0x0000_0000, byteSize: 16 * 1024 },
  { start: 0x1000_0000, byteSize: 2 * 1024 * 1024, isSteady: true },
  { start: 0x2000_0000, byteSize: 264 * 1024 },
];

/** Registers are fewer bytes than this, and memories more. */
const LARGEST_REGISTERS = 4096;

/**
 * Copies memory of a target that stands still, so that values can be read at once and stay as they are. Flash is not
 * copied where the target lets it be read in place: copying it takes longer than all that is looked at. Where reading
 * takes time, it is what the target says is worth it.
 */
export async function copyMemory(
  target: Pick<Target, "readMemory" | "memory" | "memoryAtStop">,
  ranges: readonly MemoryRange[] = PICO_MEMORY,
): Promise<MemoryView> {
  if (target.memoryAtStop !== undefined) {
    const [memory, registers] = await Promise.all([
      target.memoryAtStop(),
      copyRanges(
        target,
        ranges.filter(({ byteSize }) => byteSize < LARGEST_REGISTERS),
      ),
    ]);
    return layered(memoryOf(registers), memory);
  }
  const inPlace = target.memory;
  const isInPlace = ({ isSteady }: MemoryRange) => inPlace !== undefined && isSteady === true;
  const copied = await copyRanges(
    target,
    ranges.filter((range) => !isInPlace(range)),
  );
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

/** Memory of which one range is read from a copy. */
export function withCopied(range: CopiedRange, memory: MemoryView): MemoryView {
  return layered(memoryOf([range]), memory);
}

/** Fills bytes with what memory has from `start` on, without an allocation where it can; returns whether it could be read. */
export function fillFrom(memory: MemoryView, start: number, bytes: Uint8Array): boolean {
  if (memory.readInto !== undefined) return memory.readInto(start, bytes);
  const read = memory.read(start, bytes.length);
  if (read !== undefined) bytes.set(read);
  return read !== undefined;
}
