/** Addresses from `start` up to, not including, `end`. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** What a flasher has to know of a chip. */
export interface Chip {
  readonly name: "RP2040" | "RP2350";
  /** All that the chip can address; a board has less. */
  readonly flash: AddressRange;
  readonly ram: AddressRange;
  /** The cache of the flash as memory, in which a program may lie, too. */
  readonly cacheRam: AddressRange;
  readonly rom: AddressRange;
  /** RAM under other addresses, without striping: a program may reserve memory there, not load it. */
  readonly aliases: readonly AddressRange[];
  /** Flash of Raspberry Pi's own board with this chip, in bytes; others have other amounts. */
  readonly usualFlashSize: number;
  /** What that board is called. */
  readonly board: "Pico" | "Pico 2";
}

const MIB = 1 << 20;
const FLASH_START = 0x1000_0000;
const RAM_START = 0x2000_0000;

/** RP2040 datasheet 2.2. */
export const RP2040: Chip = {
  name: "RP2040",
  flash: { start: FLASH_START, end: 0x1100_0000 },
  ram: { start: RAM_START, end: 0x2004_2000 },
  cacheRam: { start: 0x1500_0000, end: 0x1500_4000 },
  rom: { start: 0, end: 0x4000 },
  aliases: [{ start: 0x2100_0000, end: 0x2104_0000 }],
  usualFlashSize: 2 * MIB,
  board: "Pico",
};

/** RP2350 datasheet 2.2. */
export const RP2350: Chip = {
  name: "RP2350",
  flash: { start: FLASH_START, end: 0x1200_0000 },
  ram: { start: RAM_START, end: 0x2008_2000 },
  cacheRam: { start: 0x13ff_c000, end: 0x1400_0000 },
  rom: { start: 0, end: 0x8000 },
  aliases: [],
  usualFlashSize: 4 * MIB,
  board: "Pico 2",
};

/** Whether `size` bytes from `start` lie within a range. */
export function isWithin(range: AddressRange, start: number, size: number): boolean {
  return start >= range.start && start + size <= range.end;
}
