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
    this.order = new Uint32Array(starts.length);
    for (let i = 0; i < starts.length; i++) this.order[i] = i;
    // Of equal starts the longer comes first, so that the walk back meets the inner one before it.
    this.order.sort((a, b) => starts[a]! - starts[b]! || ends[b]! - ends[a]! || a - b);
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
