import { nanoseconds } from "../../base/brand";
import { formatDuration, formatInstant } from "../../base/duration";
import { EventKind } from "../event";
import { lockWords, sourceWords } from "../event-words";
import type { AwaitFrame, SourcePlace } from "../trace";
import { byteText, suspensionOf } from "./segment-label";
import type { SegmentColumns } from "./segment-columns";
import type { Timeline, Track } from "./timeline";
import { CoreSegment, familyOf, LockSegment, PinSegment, TaskSegment, trackName } from "./track";

/** Everything that is known of one segment, for reading. */
export interface SegmentFacts {
  readonly track: number;
  /** The segment's number in its track. */
  readonly segment: number;
  readonly kind: number;
  readonly trackName: string;
  /** What it is: `poll`, `ready`, `asleep`. */
  readonly title: string;
  readonly from: number;
  /** The same as `from` for what happened at an instant. */
  readonly to: number;
  /** Whether it goes on where the trace ends. */
  readonly isOpen: boolean;
  /** Facts by name, in order. */
  readonly details: readonly SegmentDetail[];
  /** The await chain that it is suspended in, or that a poll has ended in; from the task's function inwards. */
  readonly chain: readonly AwaitFrame[];
  /** The line to look at. */
  readonly place: SourcePlace | null;
  /** The row of the trace that it begins with. */
  readonly row: number;
  /** Of a poll, and of ready time, the row of the wake that has led to it; null if that is not known. */
  readonly wakeRow: number | null;
}

export interface SegmentDetail {
  readonly name: string;
  readonly text: string;
}

/** Where in a track somebody points at. */
export interface SegmentQuery {
  readonly track: number;
  /** In nanoseconds. */
  readonly time: number;
  /** How far off a segment may be that stands out; a pixel or two. */
  readonly tolerance: number;
}

/** The segment somebody points at: what stands out, if there is such a thing nearby; else what lasts there. */
export function segmentNear(timeline: Timeline, query: SegmentQuery, head: number): SegmentFacts | null {
  const track = timeline.tracks[query.track];
  if (track === undefined) return null;
  const index = nearestSegment(track, query, head);
  return index === undefined ? null : segmentFacts(timeline, query.track, index, head);
}

/** The segment before or after another one that stands out, or null if there is none. */
export function neighbour(
  timeline: Timeline,
  {
    track: number,
    segment,
    step,
  }: { readonly track: number; readonly segment: number; readonly step: 1 | -1 },
  head: number,
): SegmentFacts | null {
  const track = timeline.tracks[number];
  if (track === undefined) return null;
  const { ranks } = familyOf(track.subject.kind);
  for (let index = segment + step; index >= 0 && index < track.segments.length; index += step) {
    if (ranks[track.segments.kind(index)] !== 0) return segmentFacts(timeline, number, index, head);
  }
  return null;
}

/** A segment by its number, or null if there is none. */
export function segmentNumbered(
  timeline: Timeline,
  { track, segment }: { readonly track: number; readonly segment: number },
  head: number,
): SegmentFacts | null {
  const isThere = segment >= 0 && segment < (timeline.tracks[track]?.segments.length ?? 0);
  return isThere ? segmentFacts(timeline, track, segment, head) : null;
}

/** The segment of a track that begins with, or contains, a row of the trace. */
export function segmentOfRow(timeline: Timeline, row: number, head: number): SegmentFacts | null {
  const { events } = timeline.trace;
  if (row < 0 || row >= timeline.rows) return null;
  const number = timeline.trackOfRow(row);
  const segments = timeline.tracks[number]!.segments;
  let index = segments.at(events.time(row));
  // Of several that begin at that instant, the one of this row. The end of a poll is about the poll.
  const isEnd = events.kind(row) === EventKind.PollEnd || events.kind(row) === EventKind.IrqEnd;
  while (index > 0 && segments.row(index) > row) index--;
  if (isEnd && index > 0 && segments.row(index) === row) index--;
  return index < 0 ? null : segmentFacts(timeline, number, index, head);
}

export function segmentFacts(
  timeline: Timeline,
  number: number,
  segment: number,
  head: number,
): SegmentFacts {
  const { trace } = timeline;
  const track = timeline.tracks[number]!;
  const { segments, subject } = track;
  const family = familyOf(subject.kind);
  const from = segments.start(segment);
  const to = family.isInstant ? from : Math.max(from, Math.min(segments.end(segment, head), head));
  const words = wordsOf(timeline, track, segment);
  return {
    track: number,
    segment,
    kind: segments.kind(segment),
    trackName: trackName(trace, subject),
    title: words.title,
    from,
    to,
    isOpen: !family.isInstant && segment === segments.length - 1,
    details: [...spanDetails(from, to, family.isInstant), ...words.details],
    chain: words.chain ?? [],
    place: words.place ?? null,
    row: segments.row(segment),
    wakeRow: subject.kind === "task" ? wakeRowOf(timeline, segments, segment) : null,
  };
}

function nearestSegment(
  { segments, subject }: Track,
  { time, tolerance }: SegmentQuery,
  head: number,
): number | undefined {
  const { ranks, isInstant } = familyOf(subject.kind);
  const here = segments.at(time);
  const lasts = here >= 0 && !isInstant && time <= head ? here : undefined;
  if (lasts !== undefined && ranks[segments.kind(lasts)] !== 0) return lasts;
  let best: number | undefined;
  let bestDistance = tolerance;
  let bestRank = 0;
  const first = Math.max(0, segments.at(time - tolerance));
  const end = segments.firstFrom(time + tolerance, Math.max(0, here));
  for (let index = first; index < end && index - first < LOOKED_AT; index++) {
    const rank = ranks[segments.kind(index)]!;
    const from = segments.start(index);
    const to = isInstant ? from : segments.end(index, head);
    const distance = time < from ? from - time : Math.max(0, time - to);
    if (rank === 0 || distance > tolerance) continue;
    if (best !== undefined && (distance > bestDistance || (distance === bestDistance && rank <= bestRank)))
      continue;
    best = index;
    bestDistance = distance;
    bestRank = rank;
  }
  return best ?? lasts;
}

/** Where more share a pixel, any will do. */
const LOOKED_AT = 512;

interface Words {
  readonly title: string;
  readonly details: readonly SegmentDetail[];
  readonly chain?: readonly AwaitFrame[];
  readonly place?: SourcePlace | null;
}

function spanDetails(from: number, to: number, isInstant: boolean): SegmentDetail[] {
  const at = { name: isInstant ? "at" : "from", text: `${formatInstant(nanoseconds(from))} s` };
  if (isInstant) return [at];
  return [
    { name: "duration", text: formatDuration(nanoseconds(to - from)) },
    at,
    { name: "to", text: `${formatInstant(nanoseconds(to))} s` },
  ];
}

function wordsOf(timeline: Timeline, track: Track, segment: number): Words {
  const { subject, segments } = track;
  const { trace } = timeline;
  const kind = segments.kind(segment);
  const payload = trace.events.payload(segments.row(segment));
  switch (subject.kind) {
    case "task":
      return taskWords(timeline, track, segment);
    case "core":
      return { title: coreTitle(timeline, track, segment), details: [] };
    case "interrupt":
      return { title: kind === 1 ? "handler runs" : "no interrupt", details: [] };
    case "lock":
      return lockSegmentWords(timeline, segments.row(segment), kind);
    case "pin":
      return { title: PIN_TITLES[kind]!, details: [] };
    case "uart":
      return { title: `byte ${byteText(payload)}`, details: [{ name: "value", text: byteValue(payload) }] };
    case "display":
      return { title: "shows", details: [{ name: "text", text: trace.string(payload & 0xffff) }] };
  }
}

function lockSegmentWords({ trace }: Timeline, row: number, kind: number): Words {
  const title = kind === LockSegment.Free ? "free" : kind === LockSegment.Held ? "held" : "held and awaited";
  // Before its first event there is none to tell of.
  const isKnown = trace.events.kind(row) === EventKind.Lock;
  return { title, details: isKnown ? [{ name: "by", text: lockWords(trace, row) }] : [] };
}

const PIN_TITLES: Readonly<Record<number, string>> = {
  [PinSegment.Unknown]: "not known",
  [PinSegment.Low]: "low",
  [PinSegment.High]: "high",
};

function byteValue(payload: number): string {
  const byte = payload & 0xff;
  return `0x${byte.toString(16).padStart(2, "0")} (${byte})`;
}

function coreTitle({ trace }: Timeline, { segments }: Track, segment: number): string {
  const row = segments.row(segment);
  switch (segments.kind(segment)) {
    case CoreSegment.Polling:
      return `polls ${trace.tasks[trace.events.task(row)]?.name ?? "a task"}`;
    case CoreSegment.Interrupt:
      return `in ${trace.exceptionName(trace.events.payload(row))}`;
    case CoreSegment.Asleep:
      return "asleep";
    case CoreSegment.Scheduling:
      return "executor's own code";
    default:
      return "before the first poll";
  }
}

function taskWords(timeline: Timeline, track: Track, segment: number): Words {
  const { segments } = track;
  switch (segments.kind(segment)) {
    case TaskSegment.Absent:
      return { title: segment === 0 ? "not spawned" : "ended", details: [] };
    case TaskSegment.Suspended:
      return suspendedWords(timeline, track, segment);
    case TaskSegment.Ready:
      return { title: "ready, not yet polled", details: wakeDetails(timeline, segments, segment) };
    default:
      return pollWords(timeline, track, segment);
  }
}

function suspendedWords(timeline: Timeline, track: Track, segment: number): Words {
  const suspension = suspensionOf(timeline, track, segment);
  const awaiting = suspension?.awaiting ?? null;
  return {
    title: "suspended",
    details: awaiting === null ? [] : [{ name: "awaits", text: awaiting }],
    chain: suspension?.frames ?? [],
    place: suspension?.place ?? null,
  };
}

function pollWords(timeline: Timeline, track: Track, segment: number): Words {
  const { segments, subject } = track;
  const wake = wakeDetails(timeline, segments, segment);
  const declared = subject.kind === "task" ? (timeline.trace.tasks[subject.task]?.place ?? null) : null;
  const kind = segments.kind(segment);
  const title = POLL_TITLES[kind] ?? "poll";
  if (kind !== TaskSegment.PollPending) return { title, details: wake, place: declared };
  const suspension = suspensionOf(timeline, track, segment + 1);
  const awaiting = suspension?.awaiting ?? null;
  return {
    title,
    details: [...wake, ...(awaiting === null ? [] : [{ name: "then awaits", text: awaiting }])],
    chain: suspension?.frames ?? [],
    place: suspension?.place ?? declared,
  };
}

const POLL_TITLES: Readonly<Record<number, string>> = {
  [TaskSegment.PollPending]: "poll: Pending",
  [TaskSegment.PollReady]: "poll: Ready",
  [TaskSegment.PollOpen]: "poll, result not known",
};

/** Who has woken the task for a poll, or for the time before it. */
function wakeDetails(timeline: Timeline, segments: SegmentColumns, segment: number): SegmentDetail[] {
  const row = wakeRowOf(timeline, segments, segment);
  if (row === null) return [];
  const { events } = timeline.trace;
  const isSpawn = events.kind(row) === EventKind.Spawn;
  const source = sourceWords(timeline.trace, events.payload(row));
  return [{ name: isSpawn ? "spawned by" : "woken by", text: source }];
}

/** Looks back for the wake that a poll, or ready time, came from: it lies behind the poll before, or in it. */
function wakeRowOf(timeline: Timeline, segments: SegmentColumns, segment: number): number | null {
  const kind = segments.kind(segment);
  if (kind < TaskSegment.Ready) return null;
  const { wakes, trace } = timeline;
  const row = segments.row(segment);
  const task = trace.events.task(row);
  // Ready time behind a poll begins with the poll's end, and the wake lies in the poll.
  const isReady = kind === TaskSegment.Ready;
  const begins = trace.events.kind(row);
  if (isReady && (begins === EventKind.Wake || begins === EventKind.Spawn)) return row;
  const pollRow = isReady ? (segment + 1 < segments.length ? segments.row(segment + 1) : undefined) : row;
  const end = wakes.firstFrom(pollRow ?? row + 1);
  for (let index = end - 1; index >= 0 && end - index < LOOKED_BACK; index--) {
    const wakeRow = wakes.row(index);
    if (trace.events.task(wakeRow) !== task) continue;
    const led = wakes.pollRow(index);
    if (pollRow === undefined ? wakeRow < row : led === pollRow) return wakeRow;
    if (led < row) return null;
  }
  return null;
}

/** Wakes of other tasks between a wake and its poll. */
const LOOKED_BACK = 4096;
