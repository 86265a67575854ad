import type { WindowAnswer, WindowQuestion } from "#adapter/trace/timeline/questions";
import type { Span, TimeScale } from "./time-scale";

/** Wakes are drawn as arrows up to so many in what is asked for; more would hide what they connect. */
export const MOST_FLOWS = 400;

/** What is asked for beside what is seen, as a share of its width on each side. */
const PADDING = 0.5;

/**
 * The question whose answer shows a scale: with room to move, and at a resolution that is a power of two, so that it
 * does not change with every frame of a zoom.
 */
export function questionFor(scale: TimeScale, tracks: readonly number[]): WindowQuestion {
  const { from, to } = scale.span;
  const padding = (to - from) * PADDING;
  return {
    from: Math.max(0, Math.floor(from - padding)),
    to: Math.max(1, Math.ceil(to + padding)),
    resolution: 2 ** Math.round(Math.log2(scale.nanosecondsPerPixel)),
    tracks,
    mostFlows: MOST_FLOWS,
  };
}

/** Whether an answer is good for a scale, or another has to be asked for. */
export function isEnough(answer: WindowAnswer, scale: TimeScale, tracks: readonly number[]): boolean {
  const { resolution } = questionFor(scale, tracks);
  if (answer.resolution !== resolution || !covers(answer, scale.span)) return false;
  return tracks.every((track) => answer.items.some((each) => each.track === track));
}

function covers({ from, to }: WindowAnswer, span: Span): boolean {
  return from <= Math.max(0, Math.floor(span.from)) && to >= Math.ceil(span.to);
}
