import type { ElfFile } from "../elf/elf-file";
import type { LoadImage } from "../elf/load-image";
import { Register } from "../target/architecture";
import type { CopiedRange, MemoryRange } from "../target/memory-ranges";
import { firmwareRamEnd } from "./firmware-ram";
import { isRam, RAM } from "./pico";

/** What a board has in its flash as long as a firmware runs: its code and constants. */
export function programOf({ chunks }: LoadImage): CopiedRange[] {
  return chunks
    .filter(({ virtualAddress }) => !isRam(virtualAddress))
    .map(({ virtualAddress, bytes }) => ({ start: virtualAddress, bytes }));
}

/** The RAM that a firmware uses: its statics, and of its stacks what lies above the stack pointers. */
export function usedRamOf(elf: ElfFile): (registers: Uint32Array) => readonly MemoryRange[] {
  const statics = elf.sections
    .filter(({ address, size }) => size > 0 && isRam(address))
    .map(({ address, size }) => ({ start: address, end: address + size }));
  const stackEnd = firmwareRamEnd(elf) ?? RAM.start + RAM.size;
  return (registers) => {
    const stacks = [Register.sp, Register.msp].flatMap((register) => {
      const start = registers[register]!;
      return isRam(start) && start < stackEnd ? [{ start, end: stackEnd }] : [];
    });
    return joined([...statics, ...stacks]);
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stack may run into statics, and sections follow closely upon each other. */
function joined(spans: readonly Span[]): MemoryRange[] {
  const ranges: { start: number; byteSize: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last !== undefined && start <= last.start + last.byteSize + SMALLEST_GAP) {
      last.byteSize = Math.max(last.byteSize, end - last.start);
    } else ranges.push({ start, byteSize: end - start });
  }
  return ranges;
}

/** Reading so many bytes more takes less time than another request. */
const SMALLEST_GAP = 64;
