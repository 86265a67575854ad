import { type Chip, isWithin } from "../chip";
import type { Family } from "../uf2/families";
import type { FirmwareImage } from "../uf2/firmware-image";
import type { Reboot2 } from "./commands";
import type { Picoboot } from "./picoboot";

/** Milliseconds from the command to the restart: the boot ROM still has to answer. */
const DELAY = 500;

/** Starts what a board has in its flash, as if it were plugged in anew. */
export async function startFlash(rom: Picoboot, { name, ram }: Chip): Promise<void> {
  if (name === "RP2040") return rom.reboot({ pc: 0, sp: ram.end, delay: DELAY });
  // No partition for diagnosis: -1.
  return rom.reboot2({ type: "normal", core: "any", params: [0xffff_ffff, 0], delay: DELAY });
}

/** Starts a program that was written just now, as the boot ROMs do when their drive has every block. */
export async function startWritten(
  rom: Picoboot,
  { chip, place, pages, family }: FirmwareImage,
): Promise<void> {
  const { start, end } = memoryOf(chip, pages);
  if (chip.name === "RP2040") {
    return rom.reboot({ pc: place === "flash" ? 0 : start, sp: chip.ram.end, delay: DELAY });
  }
  const common = { core: coreOf(family), delay: DELAY };
  return place === "flash"
    ? rom.reboot2({ ...common, type: "flash update", params: [chip.flash.start, 0] })
    : rom.reboot2({ ...common, type: "RAM image", params: [start, end - start] });
}

/** From the first page in RAM to the end of RAM; a program may lie in the cache of the flash instead. */
function memoryOf(
  { ram, cacheRam }: Chip,
  pages: FirmwareImage["pages"],
): { readonly start: number; readonly end: number } {
  const first = pages.find(({ address }) => isWithin(ram, address, 1));
  if (first !== undefined) return { start: first.address, end: ram.end };
  return { start: pages[0]!.address, end: cacheRam.end };
}

function coreOf(family: Family): Reboot2["core"] {
  if (family === "rp2350-arm-s") return "arm";
  return family === "rp2350-riscv" ? "riscv" : "any";
}
