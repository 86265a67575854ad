import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { UserError } from "../base/errors";
import { type ElfFile, parseElf } from "../elf/elf-file";
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
  const elf = parseElf(await readBytes(path), basename(path));
  return { path, elf, program: loadProgram(elf, sources) };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new UserError(`There is no file ${path}`, "build the project first, or check the path");
    }
    if (code === "EISDIR")
      throw new UserError(`${path} is a folder`, "name the ELF file that cargo has built");
    if (code === "EACCES" || code === "EPERM") {
      throw new UserError(`${path} may not be read`, "change the file's permissions");
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} cannot be read (${reason})`, "check the file and the disk it is on");
  }
}
