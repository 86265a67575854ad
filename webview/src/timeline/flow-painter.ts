import type { WakeFlows } from "#adapter/trace/timeline/wake-flows";
import type { LaneLayout } from "./lanes";
import type { Renderer } from "./renderer";
import type { Theme } from "./theme";

export interface FlowDrawing {
  readonly flows: WakeFlows;
  readonly layout: LaneLayout;
  readonly left: number;
  readonly pixelsPerNanosecond: number;
  /** Px of lanes above what is seen. */
  readonly scrolled: number;
  /** The wake of what is selected is drawn stronger: its poll begins at this x in this track. */
  readonly chosen: { readonly track: number; readonly x: number } | null;
}

/** Arrows nearer to each other than so many px would only hide what they connect. */
const LEAST_DISTANCE = 9;

/** Draws a wake as an arrow from its source to the task that it makes ready, and on to the poll. */
export function drawFlows(renderer: Renderer, theme: Theme, drawing: FlowDrawing): void {
  const { flows, layout, left, pixelsPerNanosecond, scrolled, chosen } = drawing;
  const middles = new Map(
    layout.lanes.map(({ info, top, height }) => [
      info.track,
      { y: top - scrolled + height / 2, half: height / 2 - 4 },
    ]),
  );
  const shown: number[] = [];
  for (let i = 0; i < flows.length; i++) {
    const x = left + flows.times[i]! * pixelsPerNanosecond;
    if (x >= -1 && x <= renderer.width + 1) shown.push(i);
  }
  const areAll = shown.length * LEAST_DISTANCE <= renderer.width;
  for (const i of shown) {
    const x = left + flows.times[i]! * pixelsPerNanosecond;
    const poll = left + flows.polls[i]! * pixelsPerNanosecond;
    const isChosen = chosen?.track === flows.targets[i] && Math.abs(poll - (chosen?.x ?? 0)) < 1.5;
    if (!areAll && !isChosen) continue;
    const source = middles.get(flows.sources[i]!);
    const target = middles.get(flows.targets[i]!);
    if (target === undefined) continue;
    const look = { color: theme.ready, alpha: isChosen ? 1 : 0.6 };
    const width = isChosen ? 2 : 1;
    if (source !== undefined && source !== target) {
      const isDown = target.y > source.y;
      const tip = isDown ? target.y - target.half : target.y + target.half;
      const tail = isDown ? source.y + source.half : source.y - source.half;
      const back = isDown ? -5 : 5;
      renderer.line(look, width, [x, tail, x, tip + back]);
      renderer.shape(look, [x, tip, x - 3.5, tip + back, x + 3.5, tip + back]);
      renderer.shape(look, [x - 2, tail - 2, x + 2, tail - 2, x + 2, tail + 2, x - 2, tail + 2]);
    } else {
      // A task that wakes itself: a mark on its own lane.
      const top = target.y - target.half;
      renderer.shape(look, [x, top + 4, x - 3.5, top - 1, x + 3.5, top - 1]);
    }
    if (poll - x > 14) {
      // Below the label of the ready time that it runs along.
      const y = target.y + target.half - 3;
      renderer.line(look, width, [x, y, poll - 4, y]);
      renderer.shape(look, [poll, y, poll - 5, y - 3, poll - 5, y + 3]);
    }
  }
}
