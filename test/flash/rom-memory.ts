import type { RomChip } from "./boot-rom";
import { norFlash } from "./nor-flash";

/** What PICOBOOT's commands reach. Each says how it went, as `picoboot.h` of pico-sdk numbers that. */
export interface RomMemory {
  /** All of RAM that was written, by address. */
  readonly ram: ReadonlyMap<number, number>;
  /** Flash that was not taken out of XIP is taken for one that does not answer. */
  readyFlash(): void;
  /** At most a page. */
  write(address: number, bytes: Uint8Array): number;
  /** What can be read up to the first page that cannot. */
  read(address: number, size: number): { readonly bytes: Uint8Array; readonly code: number };
  erase(address: number, size: number): number;
}

export interface MemoryOptions {
  readonly chip: RomChip;
  /** What is in the flash chip; changed in place. */
  readonly flash: Uint8Array;
  /** What an RP2350's settings forbid to be written or erased. */
  readonly isForbidden?: (address: number) => boolean;
}

export const OK = 0;
const INVALID_ADDRESS = 4;
const BAD_ALIGNMENT = 5;
const NOT_PERMITTED = 10;

type Range = readonly [start: number, end: number];

/** What the boot ROMs let be read of themselves; RAM and the cache of the flash as RAM; flash. */
const RANGES: Readonly<Record<RomChip, { rom: Range; ram: Range; cache: Range; flash: Range }>> = {
  RP2040: {
    rom: [0, 0x2000],
    ram: [0x2000_0000, 0x2004_2000],
    cache: [0x1500_0000, 0x1500_4000],
    flash: [0x1000_0000, 0x2000_0000],
  },
  RP2350: {
    rom: [0, 0x7e00],
    ram: [0x2000_0000, 0x2008_2000],
    cache: [0x13ff_c000, 0x1400_0000],
    flash: [0x1000_0000, 0x1200_0000],
  },
};

export function romMemory({ chip, flash, isForbidden = () => false }: MemoryOptions): RomMemory {
  const nor = norFlash(flash);
  const ram = new Map<number, number>();
  const ranges = RANGES[chip];
  let isFlashReady = false;

  /** Where bytes go, or come from; else what is wrong with that. */
  const place = (address: number, size: number, isWrite: boolean): "ram" | "rom" | "flash" | number => {
    const isIn = ([start, end]: Range) => address >= start && address + size <= end;
    if (isIn(ranges.ram) || isIn(ranges.cache)) return "ram";
    if (!isWrite && isIn(ranges.rom)) return "rom";
    if (!isIn(ranges.flash)) return INVALID_ADDRESS;
    if (address % 256 !== 0) return BAD_ALIGNMENT;
    return isWrite && isForbidden(address) ? NOT_PERMITTED : "flash";
  };

  return {
    ram,
    readyFlash: () => {
      isFlashReady = true;
    },
    write: (address, bytes) => {
      const where = place(address, bytes.length, true);
      if (typeof where === "number") return where;
      if (where === "ram") bytes.forEach((byte, i) => ram.set(address + i, byte));
      else if (isFlashReady) nor.program(address, bytes);
      return OK;
    },
    read: (address, size) => {
      const bytes = new Uint8Array(size);
      for (let done = 0; done < size; done += 256) {
        const at = address + done;
        const length = Math.min(256, size - done);
        const where = place(at, length, false);
        if (typeof where === "number") return { bytes: bytes.subarray(0, done), code: where };
        if (where === "flash" && isFlashReady) bytes.set(nor.read(at, length), done);
        if (where === "ram") for (let i = 0; i < length; i++) bytes[done + i] = ram.get(at + i) ?? 0;
      }
      return { bytes, code: OK };
    },
    erase: (address, size) => {
      if (address % 4096 !== 0 || size % 4096 !== 0) return BAD_ALIGNMENT;
      const [start, end] = ranges.flash;
      if (address < start || address + size > end) return INVALID_ADDRESS;
      for (let at = address; at < address + size; at += 4096) {
        if (isForbidden(at)) return NOT_PERMITTED;
        if (isFlashReady) nor.erase(at);
      }
      return OK;
    },
  };
}
