import type { MemoryView } from "../../../target/target";

/** Registers of the chip begin here (RP2040 datasheet 2.2): they change by themselves. */
const FIRST_REGISTER = 0x4000_0000;

/**
 * Memory that remembers what was read of it, byte by byte. What was made of those bytes alone is the same wherever they
 * are the same. Registers are not remembered, as that of the timer: what is made must not depend on them.
 */
export class RecordedReads implements MemoryView {
  private readonly bytes = new Map<number, number>();
  private isComplete = true;

  constructor(private readonly memory: MemoryView) {}

  read(address: number, length: number): Uint8Array | undefined {
    const found = this.memory.read(address, length);
    if (found === undefined) this.isComplete = false;
    else if (address < FIRST_REGISTER) found.forEach((byte, i) => this.bytes.set(address + i, byte));
    return found;
  }

  readUint(address: number, size: 1 | 2 | 4): number | undefined {
    const found = this.memory.readUint(address, size);
    if (found === undefined) this.isComplete = false;
    else if (address < FIRST_REGISTER)
      for (let i = 0; i < size; i++) this.bytes.set(address + i, (found >>> (8 * i)) & 0xff);
    return found;
  }

  /** To be called where what is made depends on more than what is read: it cannot be known again by that. */
  dependOnMore(): void {
    this.isComplete = false;
  }

  /**
   * All that was read so far; undefined if some of it could not be read, or is not all that matters.
   * @param start of the part of memory that most of it was read from, a multiple of 4
   * @param count of the words in that part
   */
  all(start: number, count: number): ReadWords | undefined {
    if (!this.isComplete) return undefined;
    const inside = new Map<number, { mask: number; value: number }>();
    const outside: [address: number, byte: number][] = [];
    for (const [address, byte] of this.bytes) {
      const row = (address - start) >> 2;
      if (row < 0 || row >= count) {
        outside.push([address, byte]);
        continue;
      }
      const shift = 8 * ((address - start) & 3);
      const { mask, value } = inside.get(row) ?? { mask: 0, value: 0 };
      inside.set(row, { mask: mask | (0xff << shift), value: value | (byte << shift) });
    }
    const words = [...inside.values()];
    return new ReadWords(
      Uint32Array.from(inside.keys()),
      Int32Array.from(words, ({ mask }) => mask),
      Int32Array.from(words, ({ value }) => value),
      outside,
    );
  }
}

/** What was read of one part of memory, and some bytes elsewhere. */
export class ReadWords {
  /**
   * @param rows    of the words of the part that something was read of
   * @param masks   of each: the bits that were read
   * @param values  of each: what they were
   * @param outside bytes elsewhere
   */
  constructor(
    private readonly rows: Uint32Array,
    private readonly masks: Int32Array,
    private readonly values: Int32Array,
    private readonly outside: readonly (readonly [address: number, byte: number])[],
  ) {}

  /**
   * Whether all of it is as it was.
   * @param words  the part as it is now
   * @param memory everything else
   */
  areIn(words: Uint32Array, memory: MemoryView): boolean {
    const { rows, masks, values, outside } = this;
    for (let i = 0; i < rows.length; i++) if ((words[rows[i]!]! & masks[i]!) !== values[i]) return false;
    for (const [address, byte] of outside) if (memory.readUint(address, 1) !== byte) return false;
    return true;
  }
}
