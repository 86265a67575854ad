import type { TrackInfo, WindowAnswer } from "#adapter/trace/timeline/questions";
import type { SegmentFacts } from "#adapter/trace/timeline/segment-facts";
import type { FindingMark } from "../messages";
import { severityColor, tracksOf } from "./finding-mark";
import { drawFlows } from "./flow-painter";
import { LanePainter } from "./lane-painter";
import { GROUP_HEIGHT, type LaneLayout, lanesInView } from "./lanes";
import type { Paint } from "./paint";
import { RectBatch, type Renderer } from "./renderer";
import { drawGrid } from "./ruler-painter";
import type { Theme } from "./theme";
import type { Span, TimeScale } from "./time-scale";

/** Everything that a picture of the lanes is made from. */
export interface LanesDrawing {
  readonly scale: TimeScale;
  readonly layout: LaneLayout;
  /** Px of lanes above what is seen. */
  readonly scrolled: number;
  readonly answer: WindowAnswer | undefined;
  readonly tracks: readonly TrackInfo[];
  readonly head: number;
  readonly cursor: number | null;
  readonly marked: Span | null;
  readonly pointer: number | null;
  readonly hovered: SegmentFacts | null;
  readonly selected: SegmentFacts | null;
  /** The key of the chosen track. */
  readonly chosen: string | null;
  readonly findings: readonly FindingMark[];
}

/** Draws the lanes: one function of what there is to be seen, so that a test can read what it draws. */
export function drawLanes(renderer: Renderer, theme: Theme, paint: Paint, drawing: LanesDrawing): void {
  renderer.clear();
  drawBackdrop(renderer, theme, drawing);
  drawGrid(renderer, theme, drawing.scale);
  const painter = new LanePainter(renderer, theme, paint);
  drawSlices(painter, renderer, drawing);
  drawFindings(renderer, theme, drawing);
  const { answer, scale, layout, scrolled, selected } = drawing;
  if (answer !== undefined) {
    const chosen = selected === null ? null : { track: selected.track, x: scale.x(selected.from) };
    drawFlows(renderer, theme, {
      flows: answer.flows,
      layout,
      scrolled,
      chosen,
      ...placement(answer, scale),
    });
  }
  painter.write();
  drawOutline(renderer, drawing, drawing.hovered, theme.foreground, 1);
  drawOutline(renderer, drawing, drawing.selected, theme.focus, 2);
  drawTimes(renderer, theme, drawing);
}

/** Where items of an answer lie on a scale. */
function placement(answer: WindowAnswer, scale: TimeScale) {
  return { left: scale.x(answer.from), pixelsPerNanosecond: 1 / scale.nanosecondsPerPixel };
}

/** Lines between lanes, heads of groups, the chosen lane, and what lies outside of the trace. */
function drawBackdrop(
  renderer: Renderer,
  theme: Theme,
  { layout, scrolled, scale, head, chosen }: LanesDrawing,
): void {
  const lines = new RectBatch();
  const heads = new RectBatch();
  const marked = new RectBatch();
  for (const { top } of layout.heads) heads.add(0, top - scrolled, renderer.width, GROUP_HEIGHT);
  for (const { top, height, info } of layout.lanes) {
    lines.add(0, top - scrolled + height - 1, renderer.width, 1);
    if (info.key === chosen) marked.add(0, top - scrolled, renderer.width, height - 1);
  }
  renderer.rects({ color: theme.foreground, alpha: 0.035 }, heads);
  renderer.rects({ color: theme.foreground, alpha: theme.isHighContrast ? 0.35 : 0.07 }, lines);
  renderer.rects({ color: theme.focus, alpha: 0.1 }, marked);
  const outside = new RectBatch();
  const begin = scale.x(0);
  const end = scale.x(head);
  if (begin > 0) outside.add(0, 0, begin, renderer.height);
  if (end < renderer.width)
    outside.add(Math.max(0, end), 0, renderer.width - Math.max(0, end), renderer.height);
  renderer.rects({ color: theme.foreground, alpha: 0.1, isHatched: true }, outside);
}

function drawSlices(painter: LanePainter, renderer: Renderer, drawing: LanesDrawing): void {
  const { answer, layout, scrolled, scale } = drawing;
  if (answer === undefined) return;
  const byTrack = new Map(answer.items.map(({ track, items }) => [track, items]));
  for (const { info, top, height } of lanesInView(layout, scrolled, renderer.height)) {
    const items = byTrack.get(info.track);
    if (items === undefined) continue;
    painter.draw({ kind: info.kind, items, top: top - scrolled, height, ...placement(answer, scale) });
  }
  painter.paintAreas();
}

/** A line under what a finding is about, in its lane. */
function drawFindings(
  renderer: Renderer,
  theme: Theme,
  { findings, tracks, layout, scale, scrolled }: LanesDrawing,
): void {
  for (const mark of findings) {
    const [left, right] = [scale.x(mark.from), scale.x(mark.to)];
    if (right < 0 || left > renderer.width) continue;
    const concerned = tracksOf(mark, tracks);
    const batch = new RectBatch();
    for (const { info, top, height } of layout.lanes) {
      if (!concerned.includes(info.track)) continue;
      const from = Math.max(left, -2);
      batch.add(
        from,
        top - scrolled + height - 4,
        Math.max(3, Math.min(right, renderer.width + 2) - from),
        2.5,
      );
    }
    renderer.rects({ color: severityColor(theme, mark.severity), alpha: 1 }, batch);
  }
}

function drawOutline(
  renderer: Renderer,
  { layout, scale, scrolled }: LanesDrawing,
  facts: SegmentFacts | null,
  color: string,
  width: number,
): void {
  if (facts === null) return;
  const lane = layout.lanes.find(({ info }) => info.track === facts.track);
  if (lane === undefined) return;
  const left = Math.max(scale.x(facts.from), -4) - width / 2;
  const right = Math.min(Math.max(scale.x(facts.to), left + 3), renderer.width + 4) + width / 2;
  const top = lane.top - scrolled + 3;
  const bottom = lane.top - scrolled + lane.height - 4;
  renderer.line({ color, alpha: 1 }, width, [
    left,
    top,
    right,
    top,
    right,
    bottom,
    left,
    bottom,
    left,
    top - width / 2,
  ]);
}

/** The selected span, the pointer and the place where the run stands, through all lanes. */
function drawTimes(renderer: Renderer, theme: Theme, { scale, marked, pointer, cursor }: LanesDrawing): void {
  const { height } = renderer;
  const column = (x: number, width: number) => {
    const batch = new RectBatch();
    batch.add(x, 0, width, height);
    return batch;
  };
  if (marked !== null) {
    const [left, right] = [scale.x(marked.from), scale.x(marked.to)];
    renderer.rects({ color: theme.focus, alpha: 0.12 }, column(left, right - left));
    renderer.rects({ color: theme.focus, alpha: 0.9 }, column(left, 1));
    renderer.rects({ color: theme.focus, alpha: 0.9 }, column(right - 1, 1));
  }
  if (pointer !== null)
    renderer.rects({ color: theme.foreground, alpha: 0.35 }, column(Math.round(scale.x(pointer)), 1));
  if (cursor !== null) renderer.rects({ color: theme.cursor, alpha: 1 }, column(scale.x(cursor) - 0.75, 1.5));
}
