import { UserError } from "#adapter/base/errors";
import { EM_ARM, EM_RISCV, PT_LOAD } from "#adapter/elf/constants";
import { type ElfFile, parseElf } from "#adapter/elf/elf-file";
import { checkFits, type LoadChunk, loadImage } from "#adapter/elf/load-image";
import { hexAddress } from "#adapter/base/hex-address";
import { type AddressRange, type Chip, isWithin, RP2040, RP2350 } from "../chip";
import { PAGE_SIZE } from "./block";
import { chipOf, type Family } from "./families";
import { familyOfFirmware } from "./firmware-family";

/** 256 bytes and where they go. */
export interface Page {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** What of a firmware file goes into a chip. */
export interface FirmwareImage {
  /** What to call the file. */
  readonly name: string;
  readonly chip: Chip;
  readonly family: Family;
  /** Where the program lies: RAM keeps it until the power goes. */
  readonly place: "flash" | "ram";
  /** By address, each once; gaps in touched sectors of flash are filled with zeros. */
  readonly pages: readonly Page[];
  /** Bytes of code and data, without gaps. */
  readonly size: number;
  /** Address at which the first bytes go. */
  readonly start: number;
  /** Address behind the last byte. */
  readonly end: number;
}

/** Flash is erased by sectors of this size. */
export const SECTOR_SIZE = 4096;

/**
 * Reads what a flasher writes out of an ELF file, as `picotool uf2 convert` does.
 * @param bytes  the whole file
 * @param name   what to call the file in errors
 * @param family who is to take it, where the file shall not be asked
 * @throws UserError if it is no firmware for an RP2040 or RP2350, or does not fit into the chip
 */
export function firmwareImage(bytes: Uint8Array, name: string, family?: Family): FirmwareImage {
  const elf = parseElf(bytes, name, [EM_ARM, EM_RISCV]);
  const { chunks: all, size } = loadImage(elf);
  const place = placeOf(elf, all);
  const chosen = family ?? familyOfFirmware(elf, contiguous(all, place), place);
  const chip = chipOf(chosen);
  const chunks = place === "ram" ? all.filter((chunk) => !isIn(chip.rom, chunk)) : all;
  checkChunks(chunks, place, chip, elf);
  checkReserved(elf, place, chip);
  if (place === "ram" && chip === RP2040) checkRamEntry(elf, chunks);
  const start = chunks[0]!.physicalAddress;
  const last = chunks.at(-1)!;
  const pages = pagesOf(chunks);
  if (place === "flash") fillSectors(pages);
  return {
    name,
    chip,
    family: chosen,
    place,
    pages: sorted(pages),
    size,
    start,
    end: last.physicalAddress + last.bytes.length,
  };
}

/** Flash that a program reaches into, from the start of flash on; 0 for a program in RAM. */
export function flashNeeded({ place, chip, end }: FirmwareImage): number {
  return place === "flash" ? end - chip.flash.start : 0;
}

/** A program whose first instruction is stored in flash lies in flash, wherever it runs. */
function placeOf(elf: ElfFile, chunks: readonly LoadChunk[]): "flash" | "ram" {
  const { entry } = elf.header;
  const chunk = chunks.find(
    ({ virtualAddress, bytes }) => entry >= virtualAddress && entry < virtualAddress + bytes.length,
  );
  if (chunk === undefined) {
    throw new UserError(
      `${elf.name} begins at ${hexAddress(entry)}, where it has no code`,
      "check the linker script (-Tlink.x), and build again",
    );
  }
  const stored = entry - chunk.virtualAddress + chunk.physicalAddress;
  if (isWithin(RP2350.flash, stored, 1)) return "flash";
  if (isInRam(RP2040, stored) || isInRam(RP2350, stored)) return "ram";
  throw new UserError(
    `${elf.name} begins at ${hexAddress(stored)}, where neither an RP2040 nor an RP2350 has flash or RAM`,
    "check the MEMORY block of memory.x against the chip, and build again",
  );
}

function isInRam({ ram, cacheRam }: Chip, at: number): boolean {
  return isWithin(ram, at, 1) || isWithin(cacheRam, at, 1);
}

/** The image as the boot ROM sees it, gaps as zeros; pieces at the other end of memory are left out. */
function contiguous(chunks: readonly LoadChunk[], place: "flash" | "ram"): Uint8Array {
  const range = place === "flash" ? RP2350.flash : RP2350.ram;
  const inside = chunks.filter((chunk) => isIn(range, chunk));
  const start = inside[0]?.physicalAddress ?? 0;
  const last = inside.at(-1);
  const bytes = new Uint8Array(last === undefined ? 0 : last.physicalAddress + last.bytes.length - start);
  for (const chunk of inside) bytes.set(chunk.bytes, chunk.physicalAddress - start);
  return bytes;
}

function isIn(range: AddressRange, { physicalAddress, bytes }: LoadChunk): boolean {
  return isWithin(range, physicalAddress, bytes.length);
}

function checkChunks(
  chunks: readonly LoadChunk[],
  place: "flash" | "ram",
  chip: Chip,
  { name }: ElfFile,
): void {
  if (place === "flash") {
    const lost = chunks.find((chunk) => isIn(chip.ram, chunk) || isIn(chip.cacheRam, chunk));
    if (lost !== undefined) {
      throw new UserError(
        `${name} wants ${lost.bytes.length} bytes at ${hexAddress(lost.physicalAddress)} in RAM before it starts, and flash cannot keep them there`,
        "let the linker script store them in flash (`> RAM AT > FLASH`), and build again",
      );
    }
  }
  const region = (what: string, { start, end }: AddressRange) => ({ name: what, start, size: end - start });
  const regions =
    place === "flash"
      ? [region("flash", chip.flash)]
      : [region("RAM", chip.ram), region("cache RAM", chip.cacheRam)];
  const addressed = regions.map((each) => ({ ...each, start: each.start as LoadChunk["physicalAddress"] }));
  checkFits({ chunks, size: 0, entry: addressed[0]!.start }, addressed, { name, target: `the ${chip.name}` });
}

/** Memory that the program only reserves (`.bss`) must be there, too. */
function checkReserved(elf: ElfFile, place: "flash" | "ram", chip: Chip): void {
  const own = [chip.ram, chip.cacheRam];
  const ranges = place === "flash" ? [chip.flash, ...own, ...chip.aliases] : [...own, chip.rom];
  for (const { type, physicalAddress, fileSize, memorySize } of elf.segments) {
    const size = memorySize - fileSize;
    if (type !== PT_LOAD || size <= 0) continue;
    const start = physicalAddress + fileSize;
    if (ranges.some((range) => isWithin(range, start, size))) continue;
    throw new UserError(
      `${elf.name} reserves ${size} bytes at ${hexAddress(start)}, and the ${chip.name} has no such memory`,
      "check the MEMORY block of memory.x against the chip, and build again",
    );
  }
}

/** The RP2040's boot ROM enters RAM at the lowest address that was written (datasheet 2.8.4.2). */
function checkRamEntry(elf: ElfFile, chunks: readonly LoadChunk[]): void {
  const inRam = chunks.find((chunk) => isIn(RP2040.ram, chunk));
  if (inRam === undefined) {
    throw new UserError(
      `${elf.name} lies in the cache RAM only, and the RP2040's boot ROM cannot start a program there`,
      "place it at the start of RAM, and build again",
    );
  }
  const expected = (inRam.physicalAddress & ~(PAGE_SIZE - 1)) | 1;
  if (elf.header.entry === expected) return;
  throw new UserError(
    `${elf.name} is a program in RAM that begins at ${hexAddress(elf.header.entry)}, and the RP2040's boot ROM enters it at ${hexAddress(expected)}`,
    "place its entry point at the start of RAM, and build again",
  );
}

function pagesOf(chunks: readonly LoadChunk[]): Map<number, Uint8Array> {
  const pages = new Map<number, Uint8Array>();
  for (const { physicalAddress, bytes } of chunks) {
    for (let done = 0; done < bytes.length;) {
      const at = physicalAddress + done;
      const within = at % PAGE_SIZE;
      const piece = bytes.subarray(done, done + PAGE_SIZE - within);
      pageAt(pages, at - within).set(piece, within);
      done += piece.length;
    }
  }
  return pages;
}

/**
 * The RP2040's boot ROM erases a sector by the number of a block, not by its address: every sector but the last must
 * be whole, or the pages behind a gap would be erased again.
 */
function fillSectors(pages: Map<number, Uint8Array>): void {
  const last = Math.max(...pages.keys());
  const sectors = new Set([...pages.keys()].map((at) => at - (at % SECTOR_SIZE)));
  for (const sector of sectors) {
    for (let at = sector; at < Math.min(sector + SECTOR_SIZE, last); at += PAGE_SIZE) pageAt(pages, at);
  }
}

function pageAt(pages: Map<number, Uint8Array>, at: number): Uint8Array {
  const page = pages.get(at) ?? new Uint8Array(PAGE_SIZE);
  pages.set(at, page);
  return page;
}

function sorted(pages: ReadonlyMap<number, Uint8Array>): Page[] {
  return [...pages].sort(([a], [b]) => a - b).map(([address, bytes]) => ({ address, bytes }));
}
