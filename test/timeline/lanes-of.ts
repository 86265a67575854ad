import { answer } from "#adapter/trace/timeline/questions";
import { Timeline } from "#adapter/trace/timeline/timeline";
import type { Trace } from "#adapter/trace/trace";
import { layOut } from "#webview/timeline/lanes";
import { type Span, TimeScale } from "#webview/timeline/time-scale";
import type { LanesDrawing } from "#webview/timeline/timeline-canvas";
import { questionFor } from "#webview/timeline/window-buffer";

/** Px of the lanes. */
export const WIDTH = 600;

interface Drawn {
  readonly trace: Trace;
  readonly span?: Span;
  readonly extra?: Partial<LanesDrawing>;
}

/** What a picture of a trace is made from. */
export function lanesOf({ trace, span, extra = {} }: Drawn): LanesDrawing {
  const timeline = new Timeline(trace);
  timeline.catchUp();
  const head = trace.endTime;
  const scale = new TimeScale(span ?? { from: 0, to: head }, WIDTH);
  const tracks = answer(timeline, "tracks", {}, head);
  const question = questionFor(
    scale,
    tracks.map(({ track }) => track),
  );
  return {
    scale,
    layout: layOut(tracks, { pinned: [], order: [] }),
    scrolled: 0,
    answer: answer(timeline, "window", question, head),
    tracks,
    head,
    cursor: null,
    marked: null,
    pointer: null,
    hovered: null,
    selected: null,
    chosen: null,
    findings: [],
    ...extra,
  };
}
