import type { Span } from "./time-scale";

export interface BrushEvents {
  /** What is seen below. */
  span(): Span;
  head(): number;
  onSpan(span: Span): void;
}

/** Px of an edge that can be pulled. */
const EDGE = 6;

/** What a press at `x` takes hold of: an edge of what is seen, all of it, or nothing. */
export function gripAt(x: number, left: number, right: number): "left" | "right" | "middle" | "none" {
  if (Math.abs(x - left) <= EDGE && right - left > EDGE) return "left";
  if (Math.abs(x - right) <= EDGE && right - left > EDGE) return "right";
  return x > left && x < right ? "middle" : "none";
}

/** Lets the reader choose in the strip what is seen below: pull what is seen, or an edge of it, or draw a new span. */
export function connectBrush(strip: HTMLElement, events: BrushEvents): void {
  strip.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    strip.setPointerCapture(down.pointerId);
    const { left: edge, width } = strip.getBoundingClientRect();
    const head = Math.max(1, events.head());
    const time = (x: number) => (Math.min(Math.max(x - edge, 0), width) / width) * head;
    const begin = events.span();
    const px = (at: number) => (at / head) * width;
    const grip = gripAt(down.clientX - edge, px(begin.from), px(begin.to));
    const from = time(down.clientX);
    const onMove = (event: PointerEvent) => {
      const to = time(event.clientX);
      const by = to - from;
      if (grip === "middle") events.onSpan({ from: begin.from + by, to: begin.to + by });
      else if (grip === "left")
        events.onSpan({ from: Math.min(begin.from + by, begin.to - 1), to: begin.to });
      else if (grip === "right")
        events.onSpan({ from: begin.from, to: Math.max(begin.to + by, begin.from + 1) });
      else if (Math.abs(to - from) > head / 2000)
        events.onSpan({ from: Math.min(from, to), to: Math.max(from, to) });
    };
    const onUp = (event: PointerEvent) => {
      strip.removeEventListener("pointermove", onMove);
      strip.removeEventListener("pointerup", onUp);
      strip.removeEventListener("pointercancel", onUp);
      if (grip !== "none" || Math.abs(time(event.clientX) - from) > head / 2000) return;
      // A click beside what is seen goes there.
      const half = (begin.to - begin.from) / 2;
      events.onSpan({ from: from - half, to: from + half });
    };
    strip.addEventListener("pointermove", onMove);
    strip.addEventListener("pointerup", onUp);
    strip.addEventListener("pointercancel", onUp);
  });
  strip.addEventListener("pointermove", (event) => {
    const { left, width } = strip.getBoundingClientRect();
    const { from, to } = events.span();
    const head = Math.max(1, events.head());
    const grip = gripAt(event.clientX - left, (from / head) * width, (to / head) * width);
    strip.dataset["grip"] = grip;
  });
}
