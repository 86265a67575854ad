import { norFlash } from "./nor-flash";

/** What the boot ROM of a chip does with the sectors that a host writes to its drive. */
export interface BootRom {
  /** Takes one sector of 512 bytes; most are none of its business: folders, tables. */
  takeSector(sector: Uint8Array): void;
  /** Pages that went to RAM, by address. */
  readonly ram: ReadonlyMap<number, Uint8Array>;
  /** Whether it has every block of a program and is about to restart the board. */
  readonly isComplete: boolean;
}

export type RomChip = "RP2040" | "RP2350";

/** As the real ones have them. */
export const INFO_UF2: Readonly<Record<RomChip, string>> = {
  RP2040: "UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n",
  RP2350: "UF2 Bootloader v1.0\nModel: Raspberry Pi RP2350\nBoard-ID: RP2350\n",
};

const FAMILIES: Readonly<Record<RomChip, readonly number[]>> = {
  RP2040: [0xe48b_ff56],
  // Without a partition table it takes ABSOLUTE, DATA and its own three (RP2350 datasheet 5.1.18).
  RP2350: [0xe48b_ff57, 0xe48b_ff58, 0xe48b_ff59, 0xe48b_ff5a, 0xe48b_ff5b],
};

const SECTOR = 4096;
const FLASH = 0x1000_0000;

/** The flash of a new board. */
export function erasedFlash(size = 2 << 20): Uint8Array {
  return new Uint8Array(size).fill(0xff);
}

/** A transfer: blocks with the same count (and, for the RP2350, the same family) belong together. */
interface Transfer {
  readonly count: number;
  readonly family: number;
  readonly isRam: boolean;
  readonly have: Set<number>;
  /** For the RP2040 by block number, for the RP2350 by address. */
  readonly erased: Set<number>;
}

/**
 * The rules of the boot ROMs (pico-bootrom-rp2040 and -rp2350, `virtual_disk.c`), the awkward ones included: the RP2040
 * erases by block number, blocks that are there already are left out, and programs are told apart by their length only.
 * @param flash the flash chip, with what is in it; addresses past its end wrap around, as on a board
 */
export function bootRom(chip: RomChip, flash: Uint8Array): BootRom {
  const ram = new Map<number, Uint8Array>();
  let transfer: Transfer | undefined;
  let isComplete = false;

  const nor = norFlash(flash);

  return {
    ram,
    get isComplete() {
      return isComplete;
    },
    takeSector(sector) {
      const block = readBlock(sector);
      if (block === undefined || !FAMILIES[chip].includes(block.family)) return;
      const { address, number, count, family, page } = block;
      const isRam = isRamOf(chip, address);
      const isFlash = address >= FLASH && address + 255 < (chip === "RP2040" ? 0x1100_0000 : 0x1200_0000);
      if (count === 0 || !(isRam || isFlash) || (isFlash && address % 256 !== 0)) {
        // The RP2350 only notes the fault; the RP2040 forgets what it has.
        if (chip === "RP2040") transfer = undefined;
        return;
      }
      const isSame = transfer?.count === count && (chip === "RP2040" || transfer.family === family);
      if (!isSame) transfer = { count, family, isRam, have: new Set(), erased: new Set() };
      if (transfer?.isRam !== isRam || number >= count) {
        if (chip === "RP2040") transfer = undefined;
        return;
      }
      if (transfer.have.has(number)) return;
      if (isRam) {
        ram.set(address, page.slice());
      } else {
        const sectorNumber =
          chip === "RP2040" ? Math.floor((number * 256) / SECTOR) : Math.floor((address - FLASH) / SECTOR);
        if (!transfer.erased.has(sectorNumber)) nor.erase(address);
        transfer.erased.add(sectorNumber);
        nor.program(address, page);
      }
      transfer.have.add(number);
      isComplete ||= transfer.have.size === count;
    },
  };
}

/** Whether 256 bytes from an address on are RAM, or the cache of the flash as RAM. */
function isRamOf(chip: RomChip, address: number): boolean {
  const end = chip === "RP2040" ? 0x2004_2000 : 0x2008_2000;
  const [cache, cacheEnd] = chip === "RP2040" ? [0x1500_0000, 0x1500_4000] : [0x13ff_c000, 0x1400_0000];
  return (address >= 0x2000_0000 && address + 256 <= end) || (address >= cache && address + 256 <= cacheEnd);
}

function readBlock(sector: Uint8Array) {
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  const word = (i: number) => view.getUint32(4 * i, true);
  const isUf2 =
    sector.length === 512 && word(0) === 0x0a32_4655 && word(1) === 0x9e5d_5157 && word(127) === 0x0ab1_6f30;
  if (!isUf2 || (word(2) & 0x2000) === 0 || (word(2) & 1) !== 0 || word(4) !== 256) return undefined;
  return {
    address: word(3),
    number: word(5),
    count: word(6),
    family: word(7),
    page: sector.subarray(32, 288),
  };
}
