import { type Look, RectBatch, type Renderer, type TextLook } from "../renderer";

/** A part of a drawing with an origin and a size of its own. What reaches beyond it is not cut off. */
export class InsetRenderer implements Renderer {
  constructor(
    private readonly outer: Renderer,
    private readonly left: number,
    private readonly top: number,
    readonly width: number,
    readonly height: number,
  ) {}

  get ratio(): number {
    return this.outer.ratio;
  }

  /** The outer drawing is empty at first, and its other parts stay. */
  clear(): void {
    // Nothing of this part is there yet.
  }

  rects(look: Look, { values, length }: RectBatch): void {
    const moved = new RectBatch();
    for (let at = 0; at < length; at += 4)
      moved.add(values[at]! + this.left, values[at + 1]! + this.top, values[at + 2]!, values[at + 3]!);
    this.outer.rects(look, moved);
  }

  line(look: Look, width: number, points: readonly number[]): void {
    this.outer.line(look, width, this.moved(points));
  }

  shape(look: Look, points: readonly number[]): void {
    this.outer.shape(look, this.moved(points));
  }

  text(text: string, x: number, y: number, look: TextLook): void {
    this.outer.text(text, x + this.left, y + this.top, look);
  }

  textWidth(text: string, font: string): number {
    return this.outer.textWidth(text, font);
  }

  private moved(points: readonly number[]): number[] {
    return points.map((each, at) => each + (at % 2 === 0 ? this.left : this.top));
  }
}
