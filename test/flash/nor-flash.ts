const SECTOR = 4096;
const FLASH = 0x1000_0000;

/** A flash chip as a boot ROM uses it; addresses past its end wrap around, as on a board. */
export interface NorFlash {
  /** Sets every bit of the sector that an address lies in. */
  erase(address: number): void;
  /** Clears bits, and sets none. */
  program(address: number, page: Uint8Array): void;
  read(address: number, size: number): Uint8Array;
}

/** @param bytes what is in the chip; changed in place */
export function norFlash(bytes: Uint8Array): NorFlash {
  const at = (address: number) => (address - FLASH) % bytes.length;
  return {
    erase: (address) => {
      const start = at(address) - (at(address) % SECTOR);
      bytes.fill(0xff, start, start + SECTOR);
    },
    program: (address, page) => page.forEach((byte, i) => (bytes[at(address + i)]! &= byte)),
    read: (address, size) => Uint8Array.from({ length: size }, (_, i) => bytes[at(address + i)]!),
  };
}
