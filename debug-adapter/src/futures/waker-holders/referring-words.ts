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
  // Of integers with a sign, as what is read: V8 compares those fastest, and memory is read from end to end.
  const slotOf = new Map(slots.map(({ header }, i) => [header | 0, i] as const));
  const lowest = Math.min(...slotOf.keys());
  const highest = Math.max(...slotOf.keys());
  const found: ReferringWord[] = [];
  for (const range of memory) {
    const { first, words } = wordsOf(range);
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      if (word < lowest || word > highest) continue;
      const slot = slotOf.get(word);
      if (slot !== undefined) found.push({ address: first + WORD * i, slot });
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
  for (const range of memory) {
    const { first, words } = wordsOf(range);
    for (let i = 0; i < words.length; i++) {
      const word = words[i]! >>> 0;
      if (word < header + headerBytes || word >= header + byteSize) continue;
      const address = first + WORD * i;
      if (address < header || address >= header + byteSize) found.push(address);
    }
  }
  return found;
}

/** The aligned words of some memory, and the address of the first; all hosts of VS Code are little-endian, as the chip. */
function wordsOf({ start, bytes }: CopiedRange): { readonly first: number; readonly words: Int32Array } {
  const skipped = (WORD - (start % WORD)) % WORD;
  const count = Math.max(0, Math.floor((bytes.length - skipped) / WORD));
  const at = bytes.byteOffset + skipped;
  const isAligned = at % WORD === 0;
  const words = isAligned
    ? new Int32Array(bytes.buffer, at, count)
    : new Int32Array(bytes.slice(skipped, skipped + WORD * count).buffer);
  return { first: start + skipped, words };
}
