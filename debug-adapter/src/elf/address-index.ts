import { lastAtMost } from "../base/binary-search";
import type { Address } from "../base/brand";

/** A symbol as the index sees it. */
export interface Extent {
  readonly row: number;
  readonly start: number;
  /** In bytes; 0 where unknown. */
  readonly size: number;
  /** Of symbols of the same start, the lowest is preferred. */
  readonly rank: number;
  /** First address that a symbol of unknown size cannot reach: the end of its section. */
  readonly limit: number;
}

/**
 * Finds the symbol that covers an address.
 *
 * Extents may nest and repeat (LLVM merges equal functions under several names), so beside the sorted starts
 * stands the furthest end so far: the walk back from the nearest start ends where nothing earlier can reach.
 *
 *     starts        |a      |b  |c
 *     extents       aaaaaaaaaaaaaaaaaa
 *                           bb  ccc
 *     furthest end  a.end   a.end ...
 */
export class AddressIndex {
  private readonly order: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly ends: Float64Array;
  private readonly furthestEnds: Float64Array;

  constructor(extents: readonly Extent[]) {
    // The preferred one of equal starts comes last, because the search looks from the right.
    const sorted = [...extents].sort(
      (a, b) =>
        a.start - b.start ||
        Number(a.size > 0) - Number(b.size > 0) ||
        b.rank - a.rank ||
        b.size - a.size ||
        b.row - a.row,
    );
    this.order = Uint32Array.from(sorted, ({ row }) => row);
    this.starts = Uint32Array.from(sorted, ({ start }) => start);
    this.ends = endsOf(sorted);
    this.furthestEnds = new Float64Array(sorted.length);
    let furthest = 0;
    for (let i = 0; i < sorted.length; i++) {
      furthest = Math.max(furthest, this.ends[i]!);
      this.furthestEnds[i] = furthest;
    }
  }

  /** The rows in order of start. */
  rows(): number[] {
    return [...this.order];
  }

  /** The row of the innermost symbol that covers `at`, or undefined. */
  covering(at: Address): number | undefined {
    for (let i = lastAtMost(this.starts, at); i >= 0 && this.furthestEnds[i]! > at; i--) {
      if (this.ends[i]! > at) return this.order[i];
    }
    return undefined;
  }
}

/** First address past each extent; one of unknown size ends at the next start or its limit. */
function endsOf(sorted: readonly Extent[]): Float64Array {
  const ends = new Float64Array(sorted.length);
  let nextStart = Infinity;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const { start, size, limit } = sorted[i]!;
    const following = sorted[i + 1];
    if (following && following.start > start) nextStart = following.start;
    ends[i] = size > 0 ? start + size : Math.min(nextStart, Math.max(limit, start));
  }
  return ends;
}
