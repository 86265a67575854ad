import { lastAtMost } from "./binary-search";

/**
 * Finds the innermost of many intervals `start` to `end` (exclusive) that contains a number below 2^32.
 *
 * Intervals may nest and repeat, so beside the sorted starts stands the furthest end so far: the walk back from
 * the nearest start ends where nothing earlier can reach. Of equal intervals the one given last is found.
 */
export class IntervalMap {
  private readonly order: Uint32Array;
  private readonly sortedStarts: Uint32Array;
  private readonly furthestEnds: Float64Array;

  /** @param starts, ends interval `i` is `starts[i]` to `ends[i]`; not copied */
  constructor(
    starts: ArrayLike<number>,
    private readonly ends: ArrayLike<number>,
  ) {
    this.order = inOrder(starts, ends);
    this.sortedStarts = new Uint32Array(starts.length);
    this.furthestEnds = new Float64Array(starts.length);
    let furthest = 0;
    for (let i = 0; i < starts.length; i++) {
      const interval = this.order[i]!;
      this.sortedStarts[i] = starts[interval]!;
      furthest = Math.max(furthest, ends[interval]!);
      this.furthestEnds[i] = furthest;
    }
  }

  /** The number of the innermost interval that contains `at`, or -1. */
  find(at: number): number {
    for (let i = lastAtMost(this.sortedStarts, at); i >= 0 && this.furthestEnds[i]! > at; i--) {
      const interval = this.order[i]!;
      if (this.ends[interval]! > at) return interval;
    }
    return -1;
  }
}

/** The numbers of intervals by start; of equal starts the longer comes first, so that a walk back meets the inner one. */
function inOrder(starts: ArrayLike<number>, ends: ArrayLike<number>): Uint32Array {
  const order = byStart(starts);
  for (let first = 0, next = 1; first < order.length; first = next++) {
    while (next < order.length && starts[order[next]!] === starts[order[first]!]) next++;
    if (next - first > 1) order.subarray(first, next).sort((a, b) => ends[b]! - ends[a]! || a - b);
  }
  return order;
}

/** A start and a number side by side in a double: sorted without a comparison function, which takes a tenth of the time. */
function byStart(starts: ArrayLike<number>): Uint32Array {
  const count = starts.length;
  const order = new Uint32Array(count);
  if (count > MOST_PACKED) {
    for (let i = 0; i < count; i++) order[i] = i;
    return order.sort((a, b) => starts[a]! - starts[b]!);
  }
  const packed = new Float64Array(count);
  for (let i = 0; i < count; i++) packed[i] = starts[i]! * MOST_PACKED + i;
  packed.sort();
  for (let i = 0; i < count; i++) order[i] = packed[i]! % MOST_PACKED;
  return order;
}

/** A start has 32 bits, a double 53. */
const MOST_PACKED = 2 ** 21;
