import { basename } from "node:path";
import { readElfBytes } from "#adapter/elf/read-elf-bytes";
import type { Family } from "./families";
import { type FirmwareImage, firmwareImage } from "./firmware-image";

/**
 * What of an ELF file on the disk goes into a chip.
 * @throws UserError if the file cannot be read, or is no firmware for an RP2040 or RP2350
 */
export async function readFirmwareImage(path: string, family?: Family): Promise<FirmwareImage> {
  return firmwareImage(await readElfBytes(path), basename(path), family);
}
