import { type Address, address } from "../base/brand";
import { layered } from "../target/memory-ranges";
import type { MemoryView, Target } from "../target/target";

/** What is read at once; stacks are read from their innermost frame on. */
const BLOCK = 256;

/** Each round fetches what the one before lacked; a computation that still lacks something then has to do without. */
const MOST_ROUNDS = 64;

/**
 * Runs a computation over memory that can only be read by waiting: it is repeated until it finds all that it asks for
 * among what has been fetched. What the target reads at each stop anyway is there from the beginning; what cannot be
 * read stays undefined for it.
 */
export async function overMemory<Result>(
  target: Pick<Target, "readMemory" | "memoryAtStop">,
  compute: (memory: MemoryView) => Result,
): Promise<Result> {
  const fetched = new FetchedMemory();
  const atStop = await target.memoryAtStop?.();
  const memory = atStop === undefined ? fetched : layered(atStop, fetched);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = compute(memory);
    if (!fetched.isLacking) return result;
    await fetched.fetch(target);
  }
  return compute(memory);
}

/** The blocks of a target's memory that have been read. */
class FetchedMemory implements MemoryView {
  /** Bytes by number of the block; short where memory ends. */
  private readonly blocks = new Map<number, Uint8Array>();
  private readonly lacking = new Set<number>();

  get isLacking(): boolean {
    return this.lacking.size > 0;
  }

  async fetch(target: Pick<Target, "readMemory">): Promise<void> {
    for (const block of this.lacking) {
      this.blocks.set(block, await target.readMemory(startOf(block), BLOCK));
    }
    this.lacking.clear();
  }

  read(at: number, length: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const offset = (at + done) % BLOCK;
      const block = this.block(Math.floor((at + done) / BLOCK));
      const part = block?.subarray(offset, offset + length - done);
      if (part === undefined || part.length === 0) return undefined;
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  readUint(at: number, size: 1 | 2 | 4): number | undefined {
    const bytes = this.read(at, size);
    return bytes?.reduceRight((value, byte) => value * 256 + byte, 0);
  }

  private block(number: number): Uint8Array | undefined {
    const known = this.blocks.get(number);
    if (known === undefined && number < 0x1_0000_0000 / BLOCK) this.lacking.add(number);
    return known;
  }
}

function startOf(block: number): Address {
  return address(block * BLOCK);
}
