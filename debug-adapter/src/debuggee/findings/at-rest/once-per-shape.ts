import type { SuspensionIndex, TaskIndex } from "../../../trace/event";
import type { KeptTask } from "./kept-task";
import { type ReadWords, RecordedReads } from "./recorded-reads";

/** Shapes of one task at one await that are remembered. */
const MOST_SHAPES = 8;

interface KnownShape<Made> {
  readonly reads: ReadWords;
  readonly made: Made;
}

/**
 * Makes something of the memory of suspended tasks. A task comes back to the same few shapes again and again, so it is
 * made once of each, and the shape known again by the bytes that it was made of.
 */
export class OncePerShape<Made> {
  private readonly known = new Map<number, KnownShape<Made>[]>();

  /**
   * @param kept as the task's last poll has left it
   * @param make must depend on what it reads alone; else it says so
   */
  at(
    task: TaskIndex,
    suspension: SuspensionIndex,
    { start, words, memory }: Pick<KeptTask, "start" | "words" | "memory">,
    make: (memory: RecordedReads) => Made,
  ): Made {
    // Suspensions are numbered within 31 bits, since the end of a poll has one and a bit beside it.
    const key = task * 2 ** 31 + suspension;
    let shapes = this.known.get(key);
    if (shapes === undefined) this.known.set(key, (shapes = []));
    for (const { reads, made } of shapes) if (reads.areIn(words, memory)) return made;
    const recorded = new RecordedReads(memory);
    const made = make(recorded);
    const reads = recorded.all(start, words.length);
    if (reads === undefined) return made;
    if (shapes.length >= MOST_SHAPES) shapes.shift();
    shapes.push({ reads, made });
    return made;
  }
}
