import { basename } from "node:path";
import { type ElfFile, parseElf } from "../elf/elf-file";
import { readElfBytes } from "../elf/read-elf-bytes";
import { loadProgram, type Program } from "../symbols/program";
import type { SourceFileOptions } from "../symbols/source-files";

/** A firmware file with what its debug info tells. */
export interface Firmware {
  readonly path: string;
  readonly elf: ElfFile;
  readonly program: Program;
}

/**
 * Reads a firmware file.
 * @throws UserError if it cannot be read or is no firmware
 */
export async function loadFirmware(path: string, sources: SourceFileOptions = {}): Promise<Firmware> {
  const elf = parseElf(await readElfBytes(path), basename(path));
  return { path, elf, program: loadProgram(elf, sources) };
}
