import type { SourcePlace } from "../trace";
import { type EventSearch, findEvent } from "./event-search";
import { type CoreShares, coreShares } from "./core-shares";
import {
  neighbour,
  segmentNumbered,
  type SegmentFacts,
  segmentNear,
  segmentOfRow,
  type SegmentQuery,
} from "./segment-facts";
import { listSegments, type SegmentList, type SegmentListQuery } from "./segment-list";
import { type SpanRow, spanStatistics, type TimeSpan } from "./span-statistics";
import type { Timeline } from "./timeline";
import { trackKey, trackName, type TrackSubject } from "./track";
import { queryFlows, type WakeFlows } from "./wake-flows";
import { queryTrack, type TimeWindow, type TrackItems } from "./window-query";

/** A track without what is on it. */
export interface TrackInfo {
  /** Its number in the timeline. */
  readonly track: number;
  readonly kind: TrackSubject["kind"];
  /** The same for the same thing in every run of a program. */
  readonly key: string;
  readonly name: string;
  /** Where a task's function is declared. */
  readonly place: SourcePlace | null;
}

export interface WindowQuestion extends TimeWindow {
  /** The numbers of the tracks that are in sight. */
  readonly tracks: readonly number[];
  /** Wakes are left out where there are more. */
  readonly mostFlows: number;
}

export interface WindowAnswer extends TimeWindow {
  /** The tracks asked for, in the same order. */
  readonly items: readonly { readonly track: number; readonly items: TrackItems }[];
  readonly flows: WakeFlows;
}

/** Everything that can be asked of a timeline, with what is answered; alike for a file and for a run under way. */
export interface TimelineQuestions {
  /** Which tracks there are, and how far the trace goes. */
  readonly tracks: { readonly arguments: object; readonly answer: readonly TrackInfo[] };
  readonly window: { readonly arguments: WindowQuestion; readonly answer: WindowAnswer };
  /** How the core spent the time in equal pieces of the whole. */
  readonly shares: { readonly arguments: { readonly pieces: number }; readonly answer: CoreShares };
  /** The segment somebody points at. */
  readonly near: { readonly arguments: SegmentQuery; readonly answer: SegmentFacts | null };
  /** The next segment of a track that stands out. */
  readonly neighbour: {
    readonly arguments: { readonly track: number; readonly segment: number; readonly step: 1 | -1 };
    readonly answer: SegmentFacts | null;
  };
  /** A segment by its number. */
  readonly segment: {
    readonly arguments: { readonly track: number; readonly segment: number };
    readonly answer: SegmentFacts | null;
  };
  /** The segment that an event of the trace belongs to. */
  readonly row: { readonly arguments: { readonly row: number }; readonly answer: SegmentFacts | null };
  /** The segments of a track, for reading. */
  readonly list: { readonly arguments: SegmentListQuery; readonly answer: SegmentList };
  readonly span: { readonly arguments: TimeSpan; readonly answer: readonly SpanRow[] };
  /** The next event with such words, with its segment. */
  readonly find: {
    readonly arguments: EventSearch;
    readonly answer: {
      readonly row: number;
      readonly time: number;
      readonly facts: SegmentFacts | null;
    } | null;
  };
}

export type QuestionKind = keyof TimelineQuestions;

type Answerers = {
  readonly [Kind in QuestionKind]: (
    timeline: Timeline,
    args: TimelineQuestions[Kind]["arguments"],
    head: number,
  ) => TimelineQuestions[Kind]["answer"];
};

const ANSWERERS: Answerers = {
  tracks: (timeline) => timeline.tracks.map((_, track) => trackInfo(timeline, track)),
  window: windowAnswer,
  shares: (timeline, { pieces }, head) => coreShares(timeline, pieces, head),
  near: segmentNear,
  neighbour,
  segment: segmentNumbered,
  row: (timeline, { row }, head) => segmentOfRow(timeline, row, head),
  list: listSegments,
  span: spanStatistics,
  find: (timeline, search, head) => {
    const row = findEvent(timeline.trace, search, timeline.rows);
    if (row === null) return null;
    return { row, time: timeline.trace.events.time(row), facts: segmentOfRow(timeline, row, head) };
  },
};

/**
 * Answers a question about a timeline.
 * @param head the instant up to which nothing is missing
 */
export function answer<Kind extends QuestionKind>(
  timeline: Timeline,
  kind: Kind,
  args: TimelineQuestions[Kind]["arguments"],
  head: number,
): TimelineQuestions[Kind]["answer"] {
  return ANSWERERS[kind](timeline, args, head);
}

export function isQuestion(kind: string): kind is QuestionKind {
  return Object.hasOwn(ANSWERERS, kind);
}

function trackInfo({ trace, tracks }: Timeline, track: number): TrackInfo {
  const { subject } = tracks[track]!;
  const place = subject.kind === "task" ? (trace.tasks[subject.task]?.place ?? null) : null;
  return { track, kind: subject.kind, key: trackKey(trace, subject), name: trackName(trace, subject), place };
}

function windowAnswer(timeline: Timeline, question: WindowQuestion, head: number): WindowAnswer {
  const { from, to, resolution, tracks, mostFlows } = question;
  const window = { from, to, resolution };
  return {
    ...window,
    items: tracks.flatMap((number) => {
      const track = timeline.tracks[number];
      return track === undefined ? [] : [{ track: number, items: queryTrack(timeline, track, window, head) }];
    }),
    flows: queryFlows(timeline, window, mostFlows),
  };
}
