import type { CoreBus } from "../armv6m/core";
import { MemoryRegion, type MemoryWindow } from "../armv6m/memory-region";
import type { PeripheralBus } from "../bus";
import { FLASH_SIZE, type Flash } from "./flash";

export const ROM_SIZE = 0x4000;
export const FLASH_BASE = 0x1000_0000;
/** XIP_NOALLOC, XIP_NOCACHE and XIP_NOCACHE_NOALLOC: the same flash (datasheet 2.6.3). */
const XIP_ALIASES = [0x1100_0000, 0x1200_0000, 0x1300_0000];
const XIP_END = 0x1400_0000;
const XIP_SRAM_BASE = 0x1500_0000;
const XIP_SRAM_SIZE = 0x4000;
export const SRAM_BASE = 0x2000_0000;
/** SRAM0 to SRAM3, striped word by word, then SRAM4 and SRAM5 (datasheet 2.6.2). */
export const SRAM_SIZE = 264 * 1024;
const STRIPED_SIZE = 256 * 1024;
const UNSTRIPED_BASE = 0x2100_0000;
const BANK_BITS = 16;
const USB_DPRAM_BASE = 0x5010_0000;
const USB_DPRAM_SIZE = 0x1000;

/** The chip's memories. */
export interface Memories {
  readonly rom: MemoryRegion;
  readonly flash: Flash;
  readonly sram: MemoryRegion;
  readonly xipSram: MemoryRegion;
  readonly usbDpram: MemoryRegion;
}

export function makeMemories(rom: Uint8Array, flash: Flash): Memories {
  return {
    rom: new MemoryRegion(rom, false),
    flash,
    sram: new MemoryRegion(new Uint8Array(SRAM_SIZE), true),
    xipSram: new MemoryRegion(new Uint8Array(XIP_SRAM_SIZE), true),
    usbDpram: new MemoryRegion(new Uint8Array(USB_DPRAM_SIZE), true),
  };
}

/** Where a core reaches the memories without the bus, main RAM and flash apart. */
export function otherWindows(memories: Memories): MemoryWindow[] {
  return [
    { base: 0, region: memories.rom },
    ...XIP_ALIASES.map((base) => ({ base, region: memories.flash.region })),
    // It answers even while the cache is on and uses it (datasheet 2.6.3.1), where a real chip faults.
    { base: XIP_SRAM_BASE, region: memories.xipSram },
  ];
}

/** Where an address falls in memory, as seen from the bus. */
interface MemoryPlace {
  readonly region: MemoryRegion;
  readonly offset: number;
}

/**
 * Everything a core reaches through the bus: the register blocks, and the memory that has no window of its own.
 * An access that nothing answers is a bus fault.
 */
export class Rp2040Bus implements CoreBus {
  waitCycles = 0;
  hasFaulted = false;

  constructor(
    private readonly memories: Memories,
    private readonly peripherals: PeripheralBus,
    private readonly doesBadWriteFault: () => boolean,
  ) {}

  read(address: number, size: 1 | 2 | 4): number {
    const { peripherals } = this;
    if (peripherals.isMapped(address)) {
      const value = peripherals.read(address, size);
      this.waitCycles = peripherals.waitCycles;
      return value;
    }
    const place = this.memoryAt(address);
    if (place !== undefined) return readRegion(place.region, place.offset, size);
    this.hasFaulted = true;
    return 0;
  }

  write(address: number, size: 1 | 2 | 4, value: number): void {
    const { peripherals } = this;
    if (peripherals.isMapped(address)) {
      peripherals.write(address, size, value);
      this.waitCycles = peripherals.waitCycles;
      return;
    }
    if (address >= FLASH_BASE && address < XIP_END) {
      // A write to the cached alias drops a cache line; elsewhere it is an error if XIP_CTRL says so (2.6.3.1).
      if (address >= XIP_ALIASES[0]! && this.doesBadWriteFault()) this.hasFaulted = true;
      return;
    }
    const place = this.memoryAt(address);
    if (place === undefined || place.region === this.memories.rom) this.hasFaulted = place === undefined;
    else if (size === 4) place.region.writeWord(place.offset, value);
    else if (size === 2) place.region.writeHalfword(place.offset, value);
    else place.region.writeByte(place.offset, value);
  }

  /** Reads a byte for a debugger, without side effects; undefined where nothing answers. */
  peekByte(address: number): number | undefined {
    const place = this.memoryAt(address);
    if (place !== undefined) return place.region.bytes[place.offset];
    return this.peripherals.peek(address, 1);
  }

  /** Writes a byte for a debugger: memory only, flash and ROM included. Returns whether there is any. */
  pokeByte(address: number, value: number): boolean {
    const place = this.memoryAt(address);
    place?.region.writeByte(place.offset, value);
    return place !== undefined;
  }

  /** The memory behind an address, whichever alias it is. */
  private memoryAt(address: number): MemoryPlace | undefined {
    const { rom, flash, sram, xipSram, usbDpram } = this.memories;
    if (address < ROM_SIZE) return { region: rom, offset: address };
    // The flash has no more address lines than it needs, so it repeats through each 16 MB window.
    if (address >= FLASH_BASE && address < XIP_END)
      return { region: flash.region, offset: address % FLASH_SIZE };
    const at = (region: MemoryRegion, base: number): MemoryPlace | undefined =>
      address >= base && address - base < region.size ? { region, offset: address - base } : undefined;
    return (
      at(sram, SRAM_BASE) ??
      at(xipSram, XIP_SRAM_BASE) ??
      at(usbDpram, USB_DPRAM_BASE) ??
      (address >= UNSTRIPED_BASE && address - UNSTRIPED_BASE < STRIPED_SIZE
        ? { region: sram, offset: stripedOffset(address - UNSTRIPED_BASE) }
        : undefined)
    );
  }
}

/** Where a byte of the alias that shows the banks one after the other lies in the striped view (datasheet 2.6.2.1). */
export function stripedOffset(offset: number): number {
  const bank = offset >>> BANK_BITS;
  const within = offset & ((1 << BANK_BITS) - 1);
  return ((within & ~3) << 2) | (bank << 2) | (within & 3);
}

function readRegion(region: MemoryRegion, offset: number, size: 1 | 2 | 4): number {
  if (size === 4) return region.words[offset >>> 2]! >>> 0;
  return size === 2 ? region.halfwords[offset >>> 1]! : region.bytes[offset]!;
}
