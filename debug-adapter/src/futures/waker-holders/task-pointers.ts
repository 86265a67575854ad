import type { CopiedRange } from "../../target/memory-ranges";

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

/** All aligned words of some memory that point into the memory of tasks: one pass, however many tasks there are. */
export class TaskPointers {
  /** Where each lies, in the order of the addresses, and where it points to. */
  private readonly places: number[] = [];
  private readonly goals: number[] = [];

  constructor(
    memory: readonly CopiedRange[],
    private readonly slots: readonly TaskSlot[],
  ) {
    // As integers with a sign, like what is read: V8 compares those fastest, and memory is read from end to end.
    const lowest = Math.min(...slots.map(({ header }) => header)) | 0;
    const highest = Math.max(...slots.map(({ header, byteSize }) => header + byteSize - 1)) | 0;
    if (slots.length === 0) return;
    for (const range of memory) {
      const { first, words } = wordsOf(range);
      for (const i of rowsBetween(words, lowest, highest)) {
        this.places.push(first + WORD * i);
        this.goals.push(words[i]!);
      }
    }
  }

  /** The words that hold the address of a header. */
  toHeaders(): ReferringWord[] {
    const slotOf = new Map(this.slots.map(({ header }, i) => [header, i] as const));
    return this.places.flatMap((address, i) => {
      const slot = slotOf.get(this.goals[i]!);
      return slot === undefined ? [] : [{ address, slot }];
    });
  }

  /**
   * The words outside of a slot that point into its future. Empty if nobody but the task itself can get at what its
   * future keeps.
   */
  into({ header, byteSize }: TaskSlot, headerBytes: number): number[] {
    const end = header + byteSize;
    return this.places.filter((address, i) => {
      const goal = this.goals[i]!;
      return goal >= header + headerBytes && goal < end && (address < header || address >= end);
    });
  }
}

/** Where the words are that are not less than one value and not greater than another. */
function rowsBetween(words: Int32Array, lowest: number, highest: number): number[] {
  const rows: number[] = [];
  const { length } = words;
  for (let i = 0; i < length; i++) {
    const word = words[i]!;
    if (word >= lowest && word <= highest) rows.push(i);
  }
  return rows;
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
