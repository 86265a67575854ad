import { MemoryRegion } from "../armv6m/memory-region";

/** The Pico's flash, a W25Q16JV: 2 MB. */
export const FLASH_SIZE = 2 * 1024 * 1024;
export const SECTOR_SIZE = 4096;
const PAGE_SIZE = 256;

// Typical times of the W25Q16JV's data sheet (table 9.6), in nanoseconds.
const SECTOR_ERASE_NS = 45e6;
const BLOCK_ERASE_64K_NS = 150e6;
const PAGE_PROGRAM_NS = 0.4e6;
const BLOCK_64K = 0x1_0000;

/** The flash chip: bytes that are erased to ones and programmed to zeros. */
export class Flash {
  readonly region = new MemoryRegion(new Uint8Array(FLASH_SIZE).fill(0xff), false);
  /** Counts changes of the contents, so that snapshots copy them only when they must. */
  private generation = 0;
  private copied: FlashSnapshot | undefined;

  /** Puts bytes there as a programmer would, before the chip runs. */
  load(offset: number, bytes: Uint8Array): void {
    this.region.write(offset, bytes);
    this.generation++;
  }

  /** Erases whole sectors; returns the time it takes. Addresses wrap at the flash's size. */
  erase(offset: number, length: number, blockSize: number): number {
    let time = 0;
    for (let at = offset; at < offset + length;) {
      const isBlock = blockSize === BLOCK_64K && at % BLOCK_64K === 0 && offset + length - at >= BLOCK_64K;
      const size = isBlock ? BLOCK_64K : SECTOR_SIZE;
      const sector = (at % FLASH_SIZE) & ~(SECTOR_SIZE - 1);
      this.region.write(sector, new Uint8Array(size).fill(0xff));
      time += isBlock ? BLOCK_ERASE_64K_NS : SECTOR_ERASE_NS;
      at += size;
    }
    this.generation++;
    return time;
  }

  /** Programs bytes, which can only clear bits; returns the time it takes. */
  program(offset: number, bytes: Uint8Array): number {
    const at = offset % FLASH_SIZE;
    const old = this.region.bytes.subarray(at, at + bytes.length);
    this.region.write(
      at,
      bytes.subarray(0, old.length).map((byte, i) => byte & old[i]!),
    );
    this.generation++;
    return Math.ceil(bytes.length / PAGE_SIZE) * PAGE_PROGRAM_NS;
  }

  /** The contents; the same object again as long as nothing has changed. */
  takeSnapshot(): FlashSnapshot {
    if (this.copied?.generation !== this.generation) {
      this.copied = { generation: this.generation, bytes: this.region.bytes.slice() };
    }
    return this.copied;
  }

  restore(snapshot: FlashSnapshot): void {
    const isCopied = this.copied?.generation === this.generation && this.copied.bytes === snapshot.bytes;
    if (isCopied || snapshot.generation === this.generation) return;
    this.region.restore(snapshot.bytes);
    // A number that no contents have had: the next change must not meet one that others are known by.
    this.generation = Math.max(this.generation, snapshot.generation) + 1;
    this.copied = { generation: this.generation, bytes: snapshot.bytes };
  }
}

export interface FlashSnapshot {
  readonly generation: number;
  readonly bytes: Uint8Array;
}
