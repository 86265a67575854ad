import { segmentLabel } from "./segment-label";
import type { SegmentColumns } from "./segment-columns";
import { type Timeline, type Track } from "./timeline";
import { familyOf, type TrackFamily } from "./track";

/** The piece of time that is looked at, and how closely. */
export interface TimeWindow {
  /** In nanoseconds. */
  readonly from: number;
  readonly to: number;
  /** Nanoseconds of a pixel: what is shorter is drawn together with its neighbours. */
  readonly resolution: number;
}

/** An item that stands for one segment, drawn as it is; smaller numbers are the share of a pixel in 254ths. */
export const WHOLE = 255;

/** Labels are made only for items so wide that a few letters fit. */
const LABELLED_PIXELS = 26;

/**
 * What is to be drawn of one track, at most a few items for each pixel, as columns.
 *
 * An item is one segment (`shares` is WHOLE), or what stands out in a pixel that several segments share; those lie over
 * the ground, which comes before them.
 */
export interface TrackItems {
  readonly length: number;
  /** Nanoseconds after the window's begin: exact to a fraction of a pixel. */
  readonly starts: Float32Array;
  readonly ends: Float32Array;
  /** The family's kind of segment. */
  readonly kinds: Uint8Array;
  readonly shares: Uint8Array;
  /** How many segments that stand out an item stands for; 0 for ground. */
  readonly counts: Uint32Array;
  /** For each item the number of its text, or 0. */
  readonly labels: Uint16Array;
  readonly texts: readonly string[];
}

/** What is to be drawn of a track in a window. Segments and wakes that reach into it are there, too. */
export function queryTrack(timeline: Timeline, track: Track, window: TimeWindow, head: number): TrackItems {
  const family = familyOf(track.subject.kind);
  const query = new TrackQuery(timeline, track, window, head);
  if (family.isInstant) query.addInstants();
  else query.addSegments();
  return query.items.columns();
}

/** Columns that grow. */
class ItemColumns {
  length = 0;
  private capacity = 256;
  private starts = new Float32Array(this.capacity);
  private ends = new Float32Array(this.capacity);
  private kinds = new Uint8Array(this.capacity);
  private shares = new Uint8Array(this.capacity);
  private counts = new Uint32Array(this.capacity);
  private labels = new Uint16Array(this.capacity);
  readonly texts: string[] = [""];

  add(start: number, end: number, kind: number, share: number, count: number): void {
    if (this.length === this.capacity) this.grow();
    const index = this.length++;
    this.starts[index] = start;
    this.ends[index] = end;
    this.kinds[index] = kind;
    this.shares[index] = share;
    this.counts[index] = count;
    this.labels[index] = 0;
  }

  labelLast(text: string): void {
    if (text === "" || this.texts.length > 0xffff) return;
    this.labels[this.length - 1] = this.texts.push(text) - 1;
  }

  /** Lengthens the ground that comes last, if it is of that kind and ends where the new one begins. */
  extendGround(index: number, kind: number, start: number, end: number): boolean {
    if (index < 0 || this.kinds[index] !== kind || this.counts[index] !== 0) return false;
    if (this.labels[index] !== 0 || this.ends[index] !== Math.fround(start)) return false;
    this.ends[index] = end;
    return true;
  }

  columns(): TrackItems {
    const { length, texts } = this;
    return {
      length,
      starts: this.starts.slice(0, length),
      ends: this.ends.slice(0, length),
      kinds: this.kinds.slice(0, length),
      shares: this.shares.slice(0, length),
      counts: this.counts.slice(0, length),
      labels: this.labels.slice(0, length),
      texts,
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const { starts, ends, kinds, shares, counts, labels } = this;
    this.starts = new Float32Array(this.capacity);
    this.ends = new Float32Array(this.capacity);
    this.kinds = new Uint8Array(this.capacity);
    this.shares = new Uint8Array(this.capacity);
    this.counts = new Uint32Array(this.capacity);
    this.labels = new Uint16Array(this.capacity);
    this.starts.set(starts);
    this.ends.set(ends);
    this.kinds.set(kinds);
    this.shares.set(shares);
    this.counts.set(counts);
    this.labels.set(labels);
  }
}

class TrackQuery {
  readonly items = new ItemColumns();
  private readonly segments: SegmentColumns;
  private readonly family: TrackFamily;
  private readonly times: Float64Array;
  private readonly counts: Float64Array;
  private lastGround = -1;

  constructor(
    private readonly timeline: Timeline,
    private readonly track: Track,
    private readonly window: TimeWindow,
    private readonly head: number,
  ) {
    this.segments = track.segments;
    this.family = familyOf(track.subject.kind);
    this.times = new Float64Array(this.family.kinds);
    this.counts = new Float64Array(this.family.kinds);
  }

  /** Segments of at least a pixel one by one; of those between what their pixel has in common. */
  addSegments(): void {
    const { segments, window, head } = this;
    const { resolution, to } = window;
    let index = Math.max(0, segments.at(window.from));
    while (index < segments.length && segments.start(index) < to) {
      if (segments.end(index, head) - segments.start(index) >= resolution) {
        this.addWhole(index++);
        continue;
      }
      // Pixels are counted from time 0, so that what shares one stays together while the window moves.
      const pixel = Math.floor(segments.start(index) / resolution);
      let next = segments.firstFrom((pixel + 1) * resolution, index + 1);
      // The last that begins in this pixel may be a long one.
      if (next > index + 1 && segments.end(next - 1, head) - segments.start(next - 1) >= resolution) next--;
      this.addShared(index, next);
      index = next;
    }
  }

  /** What happened at instants; those in one pixel together. */
  addInstants(): void {
    const { segments, window } = this;
    const { resolution, from, to } = window;
    // Up to one before the window is drawn: its mark is wider than nothing.
    let index = Math.max(0, segments.at(from));
    while (index < segments.length && segments.start(index) < to) {
      const start = segments.start(index);
      const pixel = Math.floor(start / resolution);
      const next = segments.firstFrom((pixel + 1) * resolution, index + 1);
      const last = segments.start(next - 1);
      this.items.add(start - from, last - from, segments.kind(index), WHOLE, next - index);
      const room = next < segments.length ? segments.start(next) - last : Infinity;
      if (next - index === 1 && room >= resolution * (LABELLED_PIXELS / 3)) this.label(index);
      index = next;
    }
  }

  private addWhole(index: number): void {
    const { segments, window, head, items } = this;
    const start = segments.start(index);
    const end = Math.min(segments.end(index, head), head);
    const kind = segments.kind(index);
    const isGround = this.family.ranks[kind] === 0;
    items.add(start - window.from, end - window.from, kind, WHOLE, isGround ? 0 : 1);
    if (isGround) this.lastGround = items.length - 1;
    const seen = Math.min(end, window.to) - Math.max(start, window.from);
    if (seen >= window.resolution * LABELLED_PIXELS) this.label(index);
  }

  /** Several segments, or a single one that is shorter than a pixel. */
  private addShared(first: number, next: number): void {
    const { segments, window, head, times, counts, family } = this;
    const { resolution, from } = window;
    const start = segments.start(first);
    const end = next < segments.length ? segments.start(next) : Math.min(segments.end(next - 1, head), head);
    this.measure(first, next, end);
    let ground = -1;
    let standing = -1;
    let active = 0;
    let count = 0;
    for (let kind = 0; kind < family.kinds; kind++) {
      if (counts[kind] === 0) continue;
      const rank = family.ranks[kind]!;
      if (rank === 0) {
        if (ground < 0 || times[kind]! > times[ground]!) ground = kind;
        continue;
      }
      active += times[kind]!;
      count += counts[kind]!;
      if (standing < 0 || rank > family.ranks[standing]!) standing = kind;
    }
    if (ground >= 0) this.addGround(ground, start, end);
    if (standing < 0) return;
    const share = Math.min(254, Math.max(1, Math.round((active / resolution) * 254)));
    this.items.add(start - from, end - from, standing, share, count);
  }

  /** Time and number of segments of each kind; few are counted one by one. */
  private measure(first: number, next: number, end: number): void {
    const { segments, times, counts } = this;
    times.fill(0);
    counts.fill(0);
    if (next - first <= 16) {
      for (let index = first; index < next; index++) {
        const kind = segments.kind(index);
        times[kind]! += (index + 1 < next ? segments.start(index + 1) : end) - segments.start(index);
        counts[kind]!++;
      }
      return;
    }
    segments.addTimeBefore(next - 1, 1, times);
    segments.addTimeBefore(first, -1, times);
    times[segments.kind(next - 1)]! += end - segments.start(next - 1);
    segments.addCountBefore(next, 1, counts);
    segments.addCountBefore(first, -1, counts);
  }

  private addGround(kind: number, start: number, end: number): void {
    const { items, window } = this;
    const from = start - window.from;
    const to = end - window.from;
    if (items.extendGround(this.lastGround, kind, from, to)) return;
    items.add(from, to, kind, WHOLE, 0);
    this.lastGround = items.length - 1;
  }

  private label(index: number): void {
    this.items.labelLast(segmentLabel(this.timeline, this.track, index, this.head));
  }
}
