import type { Chip } from "../chip";
import { SECTOR_SIZE } from "../uf2/firmware-image";
import type { Picoboot } from "./picoboot";

/** The largest flash on one chip select. */
const LARGEST = 16 << 20;

/**
 * Bytes of flash that a board has, as far as that can be seen from outside: behind its end, addresses begin anew with the
 * first sector. Looked for from what Raspberry Pi's own board has on; that much is taken for granted where the first
 * sector is blank.
 */
export async function measureFlash(rom: Picoboot, { flash, usualFlashSize }: Chip): Promise<number> {
  const first = await rom.read(flash.start, SECTOR_SIZE);
  if (first.every((byte) => byte === 0xff)) return usualFlashSize;
  for (let size = usualFlashSize; size < LARGEST; size *= 2) {
    const behind = await rom.read(flash.start + size, SECTOR_SIZE);
    if (behind.every((byte, i) => byte === first[i])) return size;
  }
  return LARGEST;
}
