import type { ElfFile } from "../elf/elf-file";

/** cortex-m-rt's reset handler, which is written in assembly: it copies `.data`, clears `.bss` and calls `main`. */
const STARTUP = "Reset";

/** The code that runs before statics are what the program expects; undefined where the firmware does not name it. */
export function startupCode({
  symbols,
}: ElfFile): { readonly start: number; readonly end: number } | undefined {
  const found = symbols.byName(STARTUP);
  return found && { start: found.address, end: found.address + found.size };
}
