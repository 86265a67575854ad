/** Rectangles of one look, as plain numbers: x, y, width, height, one after the other. */
export class RectBatch {
  values = new Float32Array(4 * 64);
  length = 0;

  add(x: number, y: number, width: number, height: number): void {
    if (this.length + 4 > this.values.length) {
      const values = new Float32Array(this.values.length * 2);
      values.set(this.values);
      this.values = values;
    }
    this.values[this.length++] = x;
    this.values[this.length++] = y;
    this.values[this.length++] = width;
    this.values[this.length++] = height;
  }

  clear(): void {
    this.length = 0;
  }
}

/** How something is painted. */
export interface Look {
  readonly color: string;
  /** From 0 to 1. */
  readonly alpha: number;
  /** Stripes instead of a full area. */
  readonly isHatched?: boolean;
}

export interface TextLook {
  readonly color: string;
  readonly font: string;
  readonly align?: "left" | "center" | "right";
}

/** What drawings are made with: a canvas, or a log in tests. Lengths are CSS px. */
export interface Renderer {
  readonly width: number;
  readonly height: number;
  /** Device px of a CSS px. */
  readonly ratio: number;
  clear(): void;
  rects(look: Look, batch: RectBatch): void;
  /** A line through points: x, y, x, y, … */
  line(look: Look, width: number, points: readonly number[]): void;
  /** A filled shape through points. */
  shape(look: Look, points: readonly number[]): void;
  /** `y` is the middle of the letters. */
  text(text: string, x: number, y: number, look: TextLook): void;
  textWidth(text: string, font: string): number;
}
