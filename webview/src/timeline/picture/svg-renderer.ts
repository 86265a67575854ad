import type { Look, RectBatch, Renderer, TextLook } from "../renderer";

/** Px between the stripes of a hatched area. */
const STRIPE_DISTANCE = 5;

const ANCHORS = { left: "start", center: "middle", right: "end" } as const;

/** Draws into the text of an SVG file that needs nothing beside it. */
export class SvgRenderer implements Renderer {
  readonly ratio = 1;
  private readonly body: string[] = [];
  private readonly stripes = new Map<string, string>();
  private readonly fonts = new Map<string, string>();

  constructor(
    readonly width: number,
    readonly height: number,
    /** Px that a text takes in a font. */
    readonly textWidth: (text: string, font: string) => number,
  ) {}

  clear(): void {
    this.body.length = 0;
  }

  rects({ color, alpha, isHatched }: Look, { values, length }: RectBatch): void {
    if (length === 0) return;
    let path = "";
    for (let at = 0; at < length; at += 4) {
      const [x, y, width, height] = [values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!];
      if (x >= this.width || x + width <= 0) continue;
      path += `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}z`;
    }
    const fill = isHatched === true ? this.stripesOf(color) : color;
    if (path !== "") this.body.push(`<path d="${path}" fill="${escaped(fill)}"${opacity(alpha)}/>`);
  }

  line({ color, alpha }: Look, width: number, points: readonly number[]): void {
    this.body.push(
      `<polyline points="${listed(points)}" fill="none" stroke="${escaped(color)}" stroke-width="${px(width)}"${opacity(alpha)}/>`,
    );
  }

  shape({ color, alpha }: Look, points: readonly number[]): void {
    this.body.push(`<polygon points="${listed(points)}" fill="${escaped(color)}"${opacity(alpha)}/>`);
  }

  text(text: string, x: number, y: number, { color, font, align = "left" }: TextLook): void {
    const anchor = align === "left" ? "" : ` text-anchor="${ANCHORS[align]}"`;
    const words = `x="${px(x)}" y="${px(y + 0.5)}" fill="${escaped(color)}" class="${this.fontClass(font)}"${anchor}`;
    this.body.push(`<text ${words}>${escaped(text)}</text>`);
  }

  /** The whole file. */
  toString(): string {
    const size = `width="${px(this.width)}" height="${px(this.height)}"`;
    const view = `viewBox="0 0 ${px(this.width)} ${px(this.height)}"`;
    const fonts = [...this.fonts].map(
      ([font, name]) => `.${name}{font:${escaped(font)};dominant-baseline:central;white-space:pre}`,
    );
    const patterns = [...this.stripes].map(([color, id]) => stripePattern(color, id));
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${view}>`,
      `<defs><style>${fonts.join("")}</style>${patterns.join("")}</defs>`,
      ...this.body,
      "</svg>",
      "",
    ].join("\n");
  }

  private stripesOf(color: string): string {
    let id = this.stripes.get(color);
    if (id === undefined) {
      id = `stripes-${this.stripes.size}`;
      this.stripes.set(color, id);
    }
    return `url(#${id})`;
  }

  private fontClass(font: string): string {
    let name = this.fonts.get(font);
    if (name === undefined) {
      name = `font-${this.fonts.size}`;
      this.fonts.set(font, name);
    }
    return name;
  }
}

function stripePattern(color: string, id: string): string {
  const size = STRIPE_DISTANCE;
  const lines = [-size, 0, size].map((shift) => `M${shift - 1} ${size + 1}L${shift + size + 1} -1`).join("");
  return (
    `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">` +
    `<path d="${lines}" stroke="${escaped(color)}" stroke-width="1.4"/></pattern>`
  );
}

/** A length with two decimals at most. */
function px(length: number): string {
  return String(Math.round(length * 100) / 100);
}

function listed(points: readonly number[]): string {
  return points.map(px).join(" ");
}

function opacity(alpha: number): string {
  return alpha === 1 ? "" : ` opacity="${alpha}"`;
}

/** Text as XML takes it: names come from firmware, and may hold anything (XML 1.0, 2.2 and 2.4). */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[<>&"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
