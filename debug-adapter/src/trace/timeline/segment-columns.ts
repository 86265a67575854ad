import { lastAtMost } from "../../base/binary-search";

/** Segments after which the sums so far are noted; between two notes they are added up. */
const BLOCK = 64;

const FIRST_CAPACITY = 64;

/**
 * The states of one thing one after the other: each segment lasts until the next begins, the last one goes on.
 *
 * It is its own level of detail: beside the segments stand, for every 64th, how long and how often each kind has been
 * there before. So the time in each kind between any two instants costs two binary searches, however many segments lie
 * between, and nothing has to be rebuilt when segments are added.
 */
export class SegmentColumns {
  private times = new Float64Array(FIRST_CAPACITY);
  private kindColumn = new Uint8Array(FIRST_CAPACITY);
  private rowColumn = new Uint32Array(FIRST_CAPACITY);
  private blockTimes = new Float64Array(0);
  private blockCounts = new Uint32Array(0);
  private readonly elapsed: Float64Array;
  private readonly counts: Uint32Array;
  private used = 0;

  /** @param kinds how many kinds of segments there are; they are numbered from 0 */
  constructor(readonly kinds: number) {
    this.elapsed = new Float64Array(kinds);
    this.counts = new Uint32Array(kinds);
  }

  get length(): number {
    return this.used;
  }

  /** Bytes of memory that the columns use. */
  get byteLength(): number {
    const { times, kindColumn, rowColumn, blockTimes, blockCounts } = this;
    return [times, kindColumn, rowColumn, blockTimes, blockCounts].reduce(
      (sum, each) => sum + each.byteLength,
      0,
    );
  }

  /** Ends the last segment and begins another. Time must not go back. */
  append(time: number, kind: number, row: number): void {
    this.closeLast(time);
    if (this.used === this.times.length) this.grow();
    if (this.used % BLOCK === 0) this.noteBlock(this.used / BLOCK);
    const index = this.used++;
    this.times[index] = time;
    this.kindColumn[index] = kind;
    this.rowColumn[index] = row;
  }

  /** What the last segment was turns out only when it ends. */
  changeLastKind(kind: number): void {
    if (this.used > 0) this.kindColumn[this.used - 1] = kind;
  }

  start(index: number): number {
    return this.times[index]!;
  }

  /** When a segment ends; the last one goes on, to `head`. */
  end(index: number, head: number): number {
    return index + 1 < this.used ? this.times[index + 1]! : Math.max(head, this.times[index]!);
  }

  kind(index: number): number {
    return this.kindColumn[index]!;
  }

  /** The row of the trace at which a segment begins. */
  row(index: number): number {
    return this.rowColumn[index]!;
  }

  /** The segment at an instant: of several that begin there the last; -1 before the first. */
  at(time: number): number {
    return lastAtMost(this.times.subarray(0, this.used), time);
  }

  /** The first segment that begins at or after an instant, looked for from `from` on; `length` if there is none. */
  firstFrom(time: number, from: number): number {
    let low = from;
    let step = 1;
    while (low + step < this.used && this.times[low + step]! < time) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, this.used);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds to `sums`, times `sign`, the time in each kind before segment `index` begins. */
  addTimeBefore(index: number, sign: number, sums: Float64Array): void {
    const block = Math.min(Math.floor(index / BLOCK), Math.ceil(this.used / BLOCK) - 1);
    if (block < 0) return;
    const { times, kindColumn, kinds } = this;
    for (let kind = 0; kind < kinds; kind++) sums[kind]! += sign * this.blockTimes[block * kinds + kind]!;
    const last = Math.min(index, this.used - 1);
    for (let i = block * BLOCK; i < last; i++) sums[kindColumn[i]!]! += sign * (times[i + 1]! - times[i]!);
  }

  /** Adds to `sums`, times `sign`, how many segments of each kind there are before segment `index`. */
  addCountBefore(index: number, sign: number, sums: Float64Array): void {
    const block = Math.min(Math.floor(index / BLOCK), Math.ceil(this.used / BLOCK) - 1);
    if (block < 0) return;
    const { kindColumn, kinds } = this;
    for (let kind = 0; kind < kinds; kind++) sums[kind]! += sign * this.blockCounts[block * kinds + kind]!;
    const last = Math.min(index, this.used);
    for (let i = block * BLOCK; i < last; i++) sums[kindColumn[i]!]! += sign;
  }

  /** Adds to `sums` the time in each kind from one instant to another; the last segment lasts for good. */
  addTimeBetween(from: number, to: number, sums: Float64Array): void {
    if (to <= from || this.used === 0) return;
    this.addTimeUpTo(to, 1, sums);
    this.addTimeUpTo(from, -1, sums);
  }

  private addTimeUpTo(time: number, sign: number, sums: Float64Array): void {
    const index = this.at(time);
    if (index < 0) return;
    this.addTimeBefore(index, sign, sums);
    sums[this.kindColumn[index]!]! += sign * (time - this.times[index]!);
  }

  private closeLast(time: number): void {
    if (this.used === 0) return;
    const kind = this.kindColumn[this.used - 1]!;
    this.elapsed[kind]! += time - this.times[this.used - 1]!;
    this.counts[kind]!++;
  }

  private noteBlock(block: number): void {
    const { kinds } = this;
    if ((block + 1) * kinds > this.blockTimes.length) {
      const blocks = Math.max(4, block * 2);
      this.blockTimes = enlarged(this.blockTimes, new Float64Array(blocks * kinds));
      this.blockCounts = enlarged(this.blockCounts, new Uint32Array(blocks * kinds));
    }
    this.blockTimes.set(this.elapsed, block * kinds);
    this.blockCounts.set(this.counts, block * kinds);
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    this.times = enlarged(this.times, new Float64Array(capacity));
    this.kindColumn = enlarged(this.kindColumn, new Uint8Array(capacity));
    this.rowColumn = enlarged(this.rowColumn, new Uint32Array(capacity));
  }
}

function enlarged<Column extends Float64Array | Uint32Array | Uint8Array>(
  old: Column,
  fresh: Column,
): Column {
  fresh.set(old);
  return fresh;
}
