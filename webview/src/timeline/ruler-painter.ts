import { rulerOf } from "./ruler";
import type { Look, Renderer } from "./renderer";
import { RectBatch } from "./renderer";
import type { Theme } from "./theme";
import type { Span, TimeScale } from "./time-scale";

export interface RulerMarks {
  /** Where the run stands, or null while nothing does. */
  readonly cursor: number | null;
  /** Where the pointer is. */
  readonly pointer: { readonly time: number; readonly text: string } | null;
  /** The selected span. */
  readonly span: (Span & { readonly text: string }) | null;
  readonly findings: readonly { readonly time: number; readonly color: string }[];
}

/** Draws ticks with their times, and what is marked in time. Returns what labels are counted from. */
export function drawRuler(renderer: Renderer, theme: Theme, scale: TimeScale, marks: RulerMarks): string {
  const { height } = renderer;
  const { ticks, anchor } = rulerOf(scale);
  renderer.clear();
  const small = new RectBatch();
  const large = new RectBatch();
  for (const { x, label } of ticks) {
    if (label === "") small.add(Math.round(x), height - 4, 1, 4);
    else large.add(Math.round(x), height - 9, 1, 9);
  }
  renderer.rects({ color: theme.foreground, alpha: 0.25 }, small);
  renderer.rects({ color: theme.foreground, alpha: 0.5 }, large);
  const hidden = hiddenSpan(renderer, theme, scale, marks);
  for (const { x, label } of ticks) {
    if (label === "") continue;
    const width = renderer.textWidth(label, theme.font);
    if (hidden !== undefined && x + 4 + width > hidden.from && x < hidden.to) continue;
    if (x + 4 + width < 0 || x > renderer.width) continue;
    renderer.text(label, x + 4, height / 2 - 2, { color: theme.faint, font: theme.font });
  }
  if (marks.span !== null) drawSpan(renderer, theme, scale, marks.span);
  for (const { time, color } of marks.findings) {
    const x = scale.x(time);
    if (x < -5 || x > renderer.width + 5) continue;
    renderer.shape({ color, alpha: 1 }, [x - 4.5, height - 9, x + 4.5, height - 9, x, height - 1]);
  }
  if (marks.cursor !== null) drawCursorHead(renderer, theme, scale.x(marks.cursor));
  if (marks.pointer !== null) drawPointer(renderer, theme, scale.x(marks.pointer.time), marks.pointer.text);
  return anchor;
}

/** Vertical lines at the labelled ticks, through all lanes. */
export function drawGrid(renderer: Renderer, theme: Theme, scale: TimeScale): void {
  const batch = new RectBatch();
  for (const { x, label } of rulerOf(scale).ticks)
    if (label !== "") batch.add(Math.round(x), 0, 1, renderer.height);
  renderer.rects({ color: theme.foreground, alpha: theme.isHighContrast ? 0.2 : 0.06 }, batch);
}

function drawSpan(
  renderer: Renderer,
  theme: Theme,
  scale: TimeScale,
  { from, to, text }: Span & { readonly text: string },
): void {
  const [left, right] = [scale.x(from), scale.x(to)];
  const batch = new RectBatch();
  batch.add(left, 0, right - left, renderer.height);
  renderer.rects({ color: theme.focus, alpha: 0.22 }, batch);
  const width = renderer.textWidth(text, theme.boldFont);
  if (right - left < width + 8) return;
  const middle = (Math.max(left, 0) + Math.min(right, renderer.width)) / 2;
  const ground = new RectBatch();
  ground.add(middle - width / 2 - 5, 1, width + 10, renderer.height - 8);
  renderer.rects({ color: theme.background, alpha: 0.85 }, ground);
  renderer.text(text, middle, (renderer.height - 6) / 2, {
    color: theme.foreground,
    font: theme.boldFont,
    align: "center",
  });
}

/** Ticks' labels make room for the pointer's. */
function hiddenSpan(
  renderer: Renderer,
  theme: Theme,
  scale: TimeScale,
  { pointer }: RulerMarks,
): Span | undefined {
  if (pointer === null) return undefined;
  const width = renderer.textWidth(pointer.text, theme.boldFont) + 14;
  const left = pointerLeft(renderer, scale.x(pointer.time), width);
  return { from: left - 4, to: left + width + 4 };
}

function pointerLeft(renderer: Renderer, x: number, width: number): number {
  return Math.min(Math.max(x - width / 2, 2), renderer.width - width - 2);
}

function drawPointer(renderer: Renderer, theme: Theme, x: number, text: string): void {
  const width = renderer.textWidth(text, theme.boldFont) + 14;
  const left = pointerLeft(renderer, x, width);
  const batch = new RectBatch();
  batch.add(left, 1, width, renderer.height - 8);
  renderer.rects({ color: theme.background, alpha: 1 }, batch);
  renderer.rects({ color: theme.foreground, alpha: 0.14 }, batch);
  renderer.text(text, left + width / 2, (renderer.height - 6) / 2, {
    color: theme.foreground,
    font: theme.boldFont,
    align: "center",
  });
}

function drawCursorHead(renderer: Renderer, theme: Theme, x: number): void {
  const { height } = renderer;
  const look: Look = { color: theme.cursor, alpha: 1 };
  renderer.shape(look, [
    x - 5,
    height - 11,
    x + 5,
    height - 11,
    x + 5,
    height - 6,
    x,
    height,
    x - 5,
    height - 6,
  ]);
}
