import type { FutureNode } from "../../futures/await-tree";
import type { GuardedLock } from "../../futures/guarded-lock";
import type { SavedValue } from "../../futures/saved-values";
import type { ValueReader } from "../../values/reader";

/** Variables that lead to variables. */
const MOST_RANGES = 32;

/** Memory from `start` to before `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether what a coroutine awaits while it keeps a guard has to do with what the lock guards: it refers to it, directly
 * or through other variables of the coroutine, or it is the wait for another lock, which has an order of its own. True
 * also where that cannot be told.
 */
export function isAwaitOfGuarded(
  { locals, children }: FutureNode,
  guard: SavedValue,
  lock: GuardedLock,
  reader: ValueReader,
): boolean {
  const [awaited] = children;
  if (awaited === undefined || awaited.address === null || waitsForLock(awaited)) return true;
  const goals = [rangeOf(lock), rangeOf(guard)];
  const others = locals.filter((local) => local !== guard).map(rangeOf);
  const reached = [{ start: awaited.address, end: awaited.address + awaited.value.type.byteSize }];
  for (let i = 0; i < reached.length && reached.length <= MOST_RANGES; i++) {
    for (const word of wordsIn(reached[i]!, reader)) {
      if (goals.some((goal) => contains(goal, word))) return true;
      const other = others.find((range) => contains(range, word));
      if (other !== undefined && !reached.includes(other)) reached.push(other);
    }
  }
  return reached.length > MOST_RANGES;
}

function waitsForLock({ wait, children }: FutureNode): boolean {
  return wait?.kind === "mutex" || wait?.kind === "rwlock" || children.some(waitsForLock);
}

function rangeOf({ address, byteSize }: { readonly address: number; readonly byteSize: number }): Range {
  return { start: address, end: address + byteSize };
}

function contains({ start, end }: Range, at: number): boolean {
  return at >= start && at < end;
}

function wordsIn({ start, end }: Range, { memory }: ValueReader): number[] {
  const words: number[] = [];
  for (let at = Math.ceil(start / 4) * 4; at + 4 <= end; at += 4) {
    const word = memory.readUint(at, 4);
    if (word !== undefined) words.push(word);
  }
  return words;
}
