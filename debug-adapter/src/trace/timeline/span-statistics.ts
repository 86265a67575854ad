import type { Timeline } from "./timeline";
import { ByteSegment, CoreSegment, familyOf, PinSegment, TaskSegment, trackName } from "./track";

/** What segments of some kinds on one track come to within a span. */
export interface SpanRow {
  readonly track: number;
  readonly trackName: string;
  /** `polls`, `ready`, `asleep`. */
  readonly what: string;
  /** Segments that begin in the span. */
  readonly count: number;
  /** Time within the span, in nanoseconds; null for what happens at instants. */
  readonly total: number | null;
  /** Of the whole segments that begin in the span and have ended; null if there is none. */
  readonly mean: number | null;
  readonly p95: number | null;
  readonly longest: number | null;
}

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

interface Group {
  readonly what: string;
  readonly kinds: readonly number[];
}

const GROUPS: Readonly<Record<string, readonly Group[]>> = {
  task: [
    { what: "polls", kinds: [TaskSegment.PollPending, TaskSegment.PollReady, TaskSegment.PollOpen] },
    { what: "ready", kinds: [TaskSegment.Ready] },
    { what: "suspended", kinds: [TaskSegment.Suspended] },
  ],
  core: [
    { what: "polling", kinds: [CoreSegment.Polling] },
    { what: "interrupts", kinds: [CoreSegment.Interrupt] },
    { what: "executor", kinds: [CoreSegment.Scheduling] },
    { what: "asleep", kinds: [CoreSegment.Asleep] },
  ],
  interrupt: [{ what: "handler", kinds: [1] }],
  pin: [{ what: "high", kinds: [PinSegment.High] }],
  uart: [{ what: "bytes", kinds: [ByteSegment.Byte] }],
};

/** Statistics of a span, track by track; what does not occur in it has no row. */
export function spanStatistics(timeline: Timeline, span: TimeSpan, head: number): SpanRow[] {
  return timeline.tracks.flatMap((track, number) =>
    (GROUPS[track.subject.kind] ?? []).flatMap((group) => {
      const row = groupRow(timeline, { number, group, span, head });
      return row.count === 0 && (row.total ?? 0) === 0 ? [] : [row];
    }),
  );
}

interface GroupQuery {
  readonly number: number;
  readonly group: Group;
  readonly span: TimeSpan;
  readonly head: number;
}

function groupRow(timeline: Timeline, { number, group, span, head }: GroupQuery): SpanRow {
  const { segments, subject } = timeline.tracks[number]!;
  const { isInstant, kinds } = familyOf(subject.kind);
  const to = Math.min(span.to, head);
  const times = new Float64Array(kinds);
  segments.addTimeBetween(Math.max(0, span.from), to, times);
  const first = segments.firstFrom(span.from, 0);
  const end = segments.firstFrom(to, first);
  const durations = new Float64Array(end - first);
  let count = 0;
  let ended = 0;
  for (let index = first; index < end; index++) {
    if (!group.kinds.includes(segments.kind(index))) continue;
    count++;
    if (index + 1 < segments.length) durations[ended++] = segments.start(index + 1) - segments.start(index);
  }
  return {
    track: number,
    trackName: trackName(timeline.trace, subject),
    what: group.what,
    count,
    total: isInstant ? null : group.kinds.reduce((sum, kind) => sum + times[kind]!, 0),
    ...(isInstant ? NO_DURATIONS : durationFacts(durations.subarray(0, ended))),
  };
}

const NO_DURATIONS = { mean: null, p95: null, longest: null };

/** Mean, the least duration that 95 % do not exceed (nearest rank), and the longest. */
function durationFacts(durations: Float64Array): Pick<SpanRow, "mean" | "p95" | "longest"> {
  if (durations.length === 0) return NO_DURATIONS;
  durations.sort();
  const sum = durations.reduce((total, each) => total + each, 0);
  return {
    mean: sum / durations.length,
    p95: durations[Math.ceil(durations.length * 0.95) - 1]!,
    longest: durations.at(-1)!,
  };
}
