import type { CopiedRange } from "../../values/memory-copy";

/** A task's memory: its header, and the future behind it. */
export interface TaskSlot {
  readonly task: string;
  /** Where the header lies, which is what wakers and queues point to. */
  readonly header: number;
  /** Header and future, in bytes. */
  readonly byteSize: number;
}

/** A word in memory that holds the address of a task's header. */
export interface ReferringWord {
  /** Where the word lies. */
  readonly address: number;
  /** Index of the slot. */
  readonly slot: number;
}

/** A pointer of the chip, in bytes; pointers lie at multiples of it. */
const WORD = 4;

/**
 * All aligned words of some memory that hold the address of a task's header, in the order of their addresses: one pass,
 * however many tasks there are.
 */
export function referringWords(memory: readonly CopiedRange[], slots: readonly TaskSlot[]): ReferringWord[] {
  const slotOf = new Map(slots.map(({ header }, i) => [header, i] as const));
  const lowest = Math.min(...slotOf.keys());
  const highest = Math.max(...slotOf.keys());
  const found: ReferringWord[] = [];
  for (const { start, bytes } of memory) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = (WORD - (start % WORD)) % WORD;
    for (let at = first; at + WORD <= bytes.length; at += WORD) {
      const word = view.getUint32(at, true);
      if (word < lowest || word > highest) continue;
      const slot = slotOf.get(word);
      if (slot !== undefined) found.push({ address: start + at, slot });
    }
  }
  return found;
}

/**
 * The aligned words outside of a slot that point into its future. Empty if nobody but the task itself can get at what
 * its future keeps.
 */
export function wordsInto(
  memory: readonly CopiedRange[],
  { header, byteSize }: TaskSlot,
  headerBytes: number,
): number[] {
  const found: number[] = [];
  for (const { start, bytes } of memory) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = (WORD - (start % WORD)) % WORD;
    for (let at = first; at + WORD <= bytes.length; at += WORD) {
      const word = view.getUint32(at, true);
      if (word < header + headerBytes || word >= header + byteSize) continue;
      const address = start + at;
      if (address < header || address >= header + byteSize) found.push(address);
    }
  }
  return found;
}
