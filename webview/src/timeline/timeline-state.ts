import type { LaneChoice } from "./lanes";
import type { Span } from "./time-scale";

/** What a reader has chosen in the timeline; kept over a reload of the window. */
export interface TimelineState extends LaneChoice {
  /** What is seen; null for everything. */
  readonly view: Span | null;
  /** The span that statistics are about, or null. */
  readonly marked: Span | null;
  /** The key of the chosen track, or null. */
  readonly track: string | null;
  /** The row of the trace that the selected segment begins with, or null. */
  readonly row: number | null;
  /** Which panel below is seen. */
  readonly panel: string;
  /** The share of the page's height that the timeline has. */
  readonly share: number;
}

export const INITIAL_TIMELINE_STATE: TimelineState = {
  view: null,
  marked: null,
  track: null,
  row: null,
  panel: "",
  share: 0.6,
  pinned: [],
  order: [],
};

/** The state in what was saved, field by field: what an older or newer page has saved must not break this one. */
export function parseTimelineState(saved: unknown): TimelineState {
  if (typeof saved !== "object" || saved === null) return INITIAL_TIMELINE_STATE;
  const { view, marked, track, row, panel, share, pinned, order } = saved as Record<string, unknown>;
  return {
    view: parseSpan(view),
    marked: parseSpan(marked),
    track: typeof track === "string" ? track : null,
    row: Number.isSafeInteger(row) && (row as number) >= 0 ? (row as number) : null,
    panel: typeof panel === "string" ? panel : "",
    share: typeof share === "number" && share > 0.1 && share < 0.95 ? share : INITIAL_TIMELINE_STATE.share,
    pinned: parseTexts(pinned),
    order: parseTexts(order),
  };
}

function parseSpan(saved: unknown): Span | null {
  if (typeof saved !== "object" || saved === null) return null;
  const { from, to } = saved as Record<string, unknown>;
  if (typeof from !== "number" || typeof to !== "number") return null;
  return Number.isFinite(from) && Number.isFinite(to) && to > from ? { from, to } : null;
}

function parseTexts(saved: unknown): readonly string[] {
  return Array.isArray(saved) ? saved.filter((each) => typeof each === "string") : [];
}
