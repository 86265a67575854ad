import type { ElfFile } from "../elf/elf-file";
import { isRam, RAM } from "./pico";

/** How much RAM a firmware may use. */
export interface FirmwareRam {
  readonly bytes: number;
  /** Whose it is: the memory that its linker script was given, or the chip's where the firmware does not say. */
  readonly of: "linker" | "chip";
}

/** Where RAM ends, by the symbols of linker scripts: cortex-m-rt's begin to count the stack there, too. */
const RAM_ENDS = ["_ram_end", "_stack_start"];

/** RAM from where its first section lies, or its linker script says, to where the linker script says that it ends. */
export function firmwareRam(elf: ElfFile): FirmwareRam {
  const { symbols, sections } = elf;
  const starts = sections
    .filter(({ address, size }) => size > 0 && isRam(address))
    .map(({ address }) => address);
  const start = symbols.byName("_ram_start")?.address ?? Math.min(...starts);
  const end = firmwareRamEnd(elf);
  return end !== undefined && isRam(start) && end > start
    ? { bytes: end - start, of: "linker" }
    : { bytes: RAM.size, of: "chip" };
}

/** The address behind the RAM of a firmware, where its stack begins; undefined where its linker script does not say. */
export function firmwareRamEnd({ symbols }: ElfFile): number | undefined {
  const ends = RAM_ENDS.flatMap((name) => symbols.byName(name)?.address ?? []);
  return ends.find((each) => isRam(each - 1));
}
