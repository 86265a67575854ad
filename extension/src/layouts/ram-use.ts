import { SHF_ALLOC, SHF_WRITE } from "#adapter/elf/constants";
import type { ElfFile } from "#adapter/elf/elf-file";
import type { RamUse } from "./layout-facts";

/** Where RAM begins on Cortex-M chips (Armv6-M Architecture Reference Manual B3.1, region "SRAM"). */
const SRAM_BEGIN = 0x2000_0000;

/** More than any microcontroller has: an address beyond is no end of this RAM. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * How much of the chip's RAM the statics take. cortex-m-rt leaves the end of the memory that `memory.x` calls RAM in the
 * symbol `_ram_end`; before 0.7.4 only that of the stack, which begins there.
 */
export function ramUseOf(elf: ElfFile): RamUse {
  const statics = elf.sections.filter(
    ({ flags, address, size }) =>
      (flags & SHF_ALLOC) !== 0 && (flags & SHF_WRITE) !== 0 && size > 0 && isInRam(address),
  );
  const staticBytes = statics.reduce((sum, { size }) => sum + size, 0);
  const end = (elf.symbols.byName("_ram_end") ?? elf.symbols.byName("_stack_start"))?.address;
  const last = Math.max(SRAM_BEGIN, ...statics.map(({ address, size }) => address + size));
  if (end === undefined) {
    return { kind: "unknown", reason: "the linker has left no symbol `_ram_end` or `_stack_start`" };
  }
  if (!isInRam(end - 1) || end < last) {
    return { kind: "unknown", reason: "its statics do not lie in the RAM that the linker's symbols tell of" };
  }
  return { kind: "known", bytes: end - SRAM_BEGIN, staticBytes };
}

function isInRam(address: number): boolean {
  return address >= SRAM_BEGIN && address < SRAM_BEGIN + MOST_BYTES;
}
