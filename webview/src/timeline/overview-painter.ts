import type { CoreShares } from "#adapter/trace/timeline/core-shares";
import { type Look, RectBatch, type Renderer } from "./renderer";
import type { Theme } from "./theme";
import type { Span } from "./time-scale";

export interface OverviewDrawing {
  readonly shares: CoreShares;
  /** The whole of the strip. */
  readonly head: number;
  readonly view: Span;
  readonly cursor: number | null;
  readonly findings: readonly { readonly time: number; readonly color: string }[];
  /** Instants that a search has found. */
  readonly found: number | null;
}

/** Draws how busy the core was over the whole trace, and which part of it is seen below. */
export function drawOverview(renderer: Renderer, theme: Theme, drawing: OverviewDrawing): void {
  const { shares, head, view, cursor, findings, found } = drawing;
  renderer.clear();
  const floor = renderer.height - 1;
  const tall = renderer.height - 4;
  const pieces = shares.polling.length;
  const width = renderer.width / Math.max(1, pieces);
  const columns = [
    { values: shares.polling, batch: new RectBatch(), look: { color: theme.pollPending, alpha: 1 } },
    { values: shares.interrupts, batch: new RectBatch(), look: { color: theme.interrupt, alpha: 1 } },
    { values: shares.scheduling, batch: new RectBatch(), look: { color: theme.scheduling, alpha: 0.7 } },
  ];
  for (let piece = 0; piece < pieces; piece++) {
    const total = columns.reduce((sum, { values }) => sum + values[piece]!, 0);
    if (total === 0) continue;
    // A core that sleeps most of the time is the rule: the root shows a thousandth, too.
    const height = Math.max(1.5, Math.sqrt(Math.min(1, total)) * tall);
    let y = floor;
    for (const { values, batch } of columns) {
      const part = (values[piece]! / total) * height;
      y -= part;
      if (part > 0) batch.add(piece * width, y, Math.max(width, 0.5), part);
    }
  }
  for (const { look, batch } of columns) renderer.rects(look, batch);
  const x = (time: number) => (time / Math.max(1, head)) * renderer.width;
  for (const { time, color } of findings) mark(renderer, { color, alpha: 1 }, x(time));
  if (found !== null) mark(renderer, { color: theme.ready, alpha: 1 }, x(found));
  if (cursor !== null)
    mark(renderer, { color: theme.cursor, alpha: 1 }, Math.min(x(cursor), renderer.width - 2));
  drawBrush(renderer, theme, Math.max(0, x(view.from)), Math.min(renderer.width, x(view.to)));
}

function mark(renderer: Renderer, look: Look, x: number): void {
  const batch = new RectBatch();
  batch.add(x, 0, 2, renderer.height);
  renderer.rects(look, batch);
}

/** Shades what is not seen, and gives what is seen two handles. */
function drawBrush(renderer: Renderer, theme: Theme, left: number, right: number): void {
  const { width, height } = renderer;
  const end = Math.max(right, left + 3);
  const shade = new RectBatch();
  shade.add(0, 0, left, height);
  shade.add(end, 0, Math.max(0, width - end), height);
  renderer.rects({ color: theme.background, alpha: 0.62 }, shade);
  const frame = new RectBatch();
  frame.add(left, 0, end - left, 1);
  frame.add(left, height - 1, end - left, 1);
  frame.add(left, 0, 1, height);
  frame.add(end - 1, 0, 1, height);
  renderer.rects({ color: theme.focus, alpha: 1 }, frame);
  if (end - left < 24) return;
  const handles = new RectBatch();
  handles.add(left, height / 2 - 6, 3, 12);
  handles.add(end - 3, height / 2 - 6, 3, 12);
  renderer.rects({ color: theme.focus, alpha: 1 }, handles);
}
