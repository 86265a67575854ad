import { Paint } from "../paint";
import { RectBatch, type Renderer } from "../renderer";
import { drawRuler, type RulerMarks } from "../ruler-painter";
import type { Theme } from "../theme";
import { drawLanes, type LanesDrawing } from "../timeline-canvas";
import { InsetRenderer } from "./inset-renderer";

/** Everything that a picture of the timeline is made from: all lanes, whether they are in view or not. */
export interface TimelinePicture {
  readonly theme: Theme;
  readonly lanes: LanesDrawing;
  readonly ruler: RulerMarks;
  /** Px of the lanes, without the names of the tracks. */
  readonly width: number;
}

const NAMES_WIDTH = 150;
const RULER_HEIGHT = 30;

/** Px of the whole picture. */
export function pictureSize({ lanes, width }: TimelinePicture) {
  return { width: NAMES_WIDTH + width, height: RULER_HEIGHT + lanes.layout.height };
}

/** Draws the names of the tracks, the ruler and the lanes. */
export function drawPicture(renderer: Renderer, picture: TimelinePicture): void {
  const { theme, lanes, ruler } = picture;
  const { width, height } = pictureSize(picture);
  renderer.clear();
  fill(renderer, theme, [0, 0, width, height]);
  const { height: lanesHeight } = lanes.layout;
  const at = (left: number, top: number, partHeight: number) =>
    new InsetRenderer(renderer, left, top, picture.width, partHeight);
  drawLanes(at(NAMES_WIDTH, RULER_HEIGHT, lanesHeight), theme, new Paint(), lanes);
  // What has begun before the left edge was drawn beyond it.
  fill(renderer, theme, [0, 0, NAMES_WIDTH, height]);
  fill(renderer, theme, [0, 0, width, RULER_HEIGHT]);
  const anchor = drawRuler(at(NAMES_WIDTH, 0, RULER_HEIGHT), theme, lanes.scale, ruler);
  fill(renderer, theme, [0, 0, NAMES_WIDTH, RULER_HEIGHT]);
  const look = { color: theme.faint, font: theme.font, align: "right" } as const;
  if (anchor !== "") renderer.text(anchor, NAMES_WIDTH - 8, RULER_HEIGHT / 2 - 2, look);
  drawNames(renderer, picture);
}

function drawNames(renderer: Renderer, { theme, lanes: { layout } }: TimelinePicture): void {
  for (const { name, top, height } of layout.heads) {
    const y = RULER_HEIGHT + top + height / 2;
    renderer.text(name, 8, y, { color: theme.faint, font: theme.boldFont });
  }
  for (const { info, top, height } of layout.lanes) {
    const y = RULER_HEIGHT + top + height / 2;
    const name = shortened(renderer, info.name, theme.font, NAMES_WIDTH - 24);
    renderer.text(name, 16, y, { color: theme.foreground, font: theme.font });
  }
}

function shortened(renderer: Renderer, text: string, font: string, width: number): string {
  if (renderer.textWidth(text, font) <= width) return text;
  let end = text.length - 1;
  while (end > 1 && renderer.textWidth(`${text.slice(0, end)}…`, font) > width) end--;
  return `${text.slice(0, end)}…`;
}

function fill(
  renderer: Renderer,
  { background }: Theme,
  [x, y, width, height]: readonly [number, number, number, number],
): void {
  const batch = new RectBatch();
  batch.add(x, y, width, height);
  renderer.rects({ color: background, alpha: 1 }, batch);
}
