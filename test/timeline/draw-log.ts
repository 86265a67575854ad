import type { Look, RectBatch, Renderer, TextLook } from "#webview/timeline/renderer";
import type { Theme } from "#webview/timeline/theme";

/** A theme whose colours are their own names, so that a log can be read. */
export const NAMED_THEME: Theme = {
  background: "background",
  foreground: "foreground",
  faint: "faint",
  line: "line",
  pollPending: "pending",
  pollReady: "ready-poll",
  pollOpen: "open-poll",
  ready: "ready",
  scheduling: "executor",
  interrupt: "interrupt",
  pin: "pin",
  wire: "wire",
  cursor: "cursor",
  focus: "focus",
  error: "error",
  warning: "warning",
  note: "note",
  isHighContrast: false,
  isStill: true,
  font: "font",
  boldFont: "bold",
  mono: "mono",
};

/** Draws nothing, and notes what it was asked to draw: a line for each, numbers in whole px. */
export class DrawLog implements Renderer {
  readonly ratio = 1;
  readonly lines: string[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  clear(): void {
    this.lines.push("clear");
  }

  rects(look: Look, { values, length }: RectBatch): void {
    for (let at = 0; at < length; at += 4) {
      this.lines.push(`rect ${words(look)} ${numbers([...values.subarray(at, at + 4)])}`);
    }
  }

  line(look: Look, width: number, points: readonly number[]): void {
    this.lines.push(`line ${words(look)} ${width} px ${numbers(points)}`);
  }

  shape(look: Look, points: readonly number[]): void {
    this.lines.push(`shape ${words(look)} ${numbers(points)}`);
  }

  text(text: string, x: number, y: number, { color }: TextLook): void {
    this.lines.push(`text ${color} ${numbers([x, y])} ${JSON.stringify(text)}`);
  }

  /** Seven px a letter. */
  textWidth(text: string): number {
    return text.length * 7;
  }
}

function words({ color, alpha, isHatched }: Look): string {
  return `${color}${isHatched === true ? " hatched" : ""} ${alpha.toFixed(2)}`;
}

function numbers(values: readonly number[]): string {
  return values.map((value) => Math.round(value)).join(",");
}
