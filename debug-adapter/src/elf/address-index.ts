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

/** Owner of a piece that no symbol covers. */
const NOBODY = -1;

/**
 * Finds the symbol that covers an address, in the logarithm of their number whatever their extents.
 *
 * Extents may nest and repeat (LLVM merges equal functions under several names), so memory is cut at every start and
 * end into pieces of one owner each: the extent that started last.
 *
 *     extents   aaaaaaaaaaaaaaaa     cccc
 *                    bbbb
 *     bounds    |    |   |      |    |   |
 *     owners    a    b   a    nobody c   nobody
 */
export class AddressIndex {
  private readonly order: Uint32Array;
  private readonly bounds: Float64Array;
  private readonly owners: Int32Array;

  constructor(extents: readonly Extent[]) {
    // The preferred one of equal starts comes last.
    const sorted = [...extents].sort(
      (a, b) =>
        a.start - b.start ||
        Number(a.size > 0) - Number(b.size > 0) ||
        b.rank - a.rank ||
        b.size - a.size ||
        b.row - a.row,
    );
    const starts = Float64Array.from(sorted, ({ start }) => start);
    const ends = endsOf(sorted);
    this.order = Uint32Array.from(sorted, ({ row }) => row);
    this.bounds = Float64Array.from(new Set([...starts, ...ends])).sort();
    this.owners = ownersOf(this.bounds, starts, ends);
  }

  /** The rows in order of start. */
  rows(): number[] {
    return [...this.order];
  }

  /** The row of the innermost symbol that covers `at`, or undefined. */
  covering(at: Address): number | undefined {
    const piece = lastAtMost(this.bounds, at);
    const owner = piece < 0 ? NOBODY : this.owners[piece]!;
    return owner === NOBODY ? undefined : this.order[owner];
  }
}

/** For each bound, which extent (by its place in `starts`) owns the piece from there to the next bound. */
function ownersOf(bounds: Float64Array, starts: Float64Array, ends: Float64Array): Int32Array {
  const owners = new Int32Array(bounds.length);
  // Extents that have started and may not have ended; those that have are dropped when they come to the top.
  const open: number[] = [];
  let next = 0;
  for (let i = 0; i < bounds.length; i++) {
    const bound = bounds[i]!;
    while (next < starts.length && starts[next] === bound) open.push(next++);
    while (open.length > 0 && ends[open.at(-1)!]! <= bound) open.pop();
    owners[i] = open.at(-1) ?? NOBODY;
  }
  return owners;
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
