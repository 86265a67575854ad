import type { Look, RectBatch, Renderer, TextLook } from "./renderer";

/** Px between the stripes of a hatched area. */
const STRIPE_DISTANCE = 5;

/** Draws on a canvas element that fills its parent. */
export class Canvas2dRenderer implements Renderer {
  width = 0;
  height = 0;
  ratio = 1;
  private readonly context: CanvasRenderingContext2D;
  private readonly stripes = new Map<string, CanvasPattern | null>();
  private readonly widths = new Map<string, number>();

  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no 2D canvas");
    this.context = context;
  }

  /** Takes a size in CSS px. */
  resize(width: number, height: number, ratio = globalThis.devicePixelRatio): void {
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.stripes.clear();
  }

  clear(): void {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
  }

  rects({ color, alpha, isHatched }: Look, { values, length }: RectBatch): void {
    const { context } = this;
    context.globalAlpha = alpha;
    context.fillStyle = isHatched === true ? (this.stripesOf(color) ?? color) : color;
    for (let at = 0; at < length; at += 4) {
      context.fillRect(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
    }
    context.globalAlpha = 1;
  }

  line({ color, alpha }: Look, width: number, points: readonly number[]): void {
    const { context } = this;
    context.globalAlpha = alpha;
    context.strokeStyle = color;
    context.lineWidth = width;
    this.path(points);
    context.stroke();
    context.globalAlpha = 1;
  }

  shape({ color, alpha }: Look, points: readonly number[]): void {
    const { context } = this;
    context.globalAlpha = alpha;
    context.fillStyle = color;
    this.path(points);
    context.fill();
    context.globalAlpha = 1;
  }

  text(text: string, x: number, y: number, { color, font, align = "left" }: TextLook): void {
    const { context } = this;
    context.fillStyle = color;
    context.font = font;
    context.textAlign = align;
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
  }

  textWidth(text: string, font: string): number {
    const key = `${font}\0${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 4096) this.widths.clear();
      this.context.font = font;
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  private path(points: readonly number[]): void {
    const { context } = this;
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!);
  }

  /** Slanted stripes, as fine as the screen allows. */
  private stripesOf(color: string): CanvasPattern | null {
    const known = this.stripes.get(color);
    if (known !== undefined) return known;
    const size = Math.max(4, Math.round(STRIPE_DISTANCE * this.ratio));
    const tile = this.canvas.ownerDocument.createElement("canvas");
    tile.width = size;
    tile.height = size;
    const context = tile.getContext("2d");
    let pattern: CanvasPattern | null = null;
    if (context !== null) {
      context.strokeStyle = color;
      context.lineWidth = Math.max(1, 1.4 * this.ratio);
      context.beginPath();
      for (const shift of [-size, 0, size]) {
        context.moveTo(shift - 1, size + 1);
        context.lineTo(shift + size + 1, -1);
      }
      context.stroke();
      pattern = this.context.createPattern(tile, "repeat");
      // A pattern is in the space of the drawing, which is scaled; its stripes are not.
      pattern?.setTransform(new DOMMatrix().scale(1 / this.ratio));
    }
    this.stripes.set(color, pattern);
    return pattern;
  }
}
