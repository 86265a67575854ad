import { readFile } from "node:fs/promises";
import { UserError } from "../base/errors";

/**
 * The bytes of a firmware file.
 * @throws UserError if it cannot be read
 */
export async function readElfBytes(path: string): Promise<Uint8Array> {
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
