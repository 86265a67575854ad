import { segmentFacts, type SegmentFacts } from "./segment-facts";
import type { Timeline } from "./timeline";

export interface SegmentListQuery {
  readonly track: number;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** The segments of a track that reach into a span. */
export interface SegmentList {
  /** The first of them. */
  readonly segments: readonly SegmentFacts[];
  /** How many there are. */
  readonly total: number;
}

export function listSegments(
  timeline: Timeline,
  { track: number, from, to, limit }: SegmentListQuery,
  head: number,
): SegmentList {
  const track = timeline.tracks[number];
  if (track === undefined) return { segments: [], total: 0 };
  const { segments } = track;
  const first = Math.max(0, segments.at(from));
  const end = segments.firstFrom(to, first);
  const total = Math.max(0, end - first);
  const shown = Array.from({ length: Math.min(total, limit) }, (_, i) =>
    segmentFacts(timeline, number, first + i, head),
  );
  return { segments: shown, total };
}
