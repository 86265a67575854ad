/** A piece of time, in nanoseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The least that is shown across a view: 1 us, and at the widest some hours beside the trace's own length. */
export const SHORTEST_SPAN = 1e3;
const LONGEST_SPAN = 24 * 3600e9;

/** How far one can go beyond the ends of a trace, as a share of what is seen. */
const MARGIN = 0.05;

/** Turns time into places on a line of `width` px, and back. */
export class TimeScale {
  constructor(
    readonly span: Span,
    readonly width: number,
  ) {}

  get nanosecondsPerPixel(): number {
    return (this.span.to - this.span.from) / this.width;
  }

  x(time: number): number {
    return ((time - this.span.from) / (this.span.to - this.span.from)) * this.width;
  }

  time(x: number): number {
    return this.span.from + (x / this.width) * (this.span.to - this.span.from);
  }
}

/** The span after zooming by a factor (above 1: closer), with the instant under `x` left where it is. */
export function zoomed(scale: TimeScale, x: number, factor: number): Span {
  const { from, to } = scale.span;
  const length = Math.min(Math.max((to - from) / factor, SHORTEST_SPAN), LONGEST_SPAN);
  const anchor = scale.time(x);
  const begin = anchor - (x / scale.width) * length;
  return { from: begin, to: begin + length };
}

export function moved({ from, to }: Span, by: number): Span {
  return { from: from + by, to: to + by };
}

/** The nearest span of the same length that shows something of a trace that ends at `head`; a little more than all at most. */
export function clamped({ from, to }: Span, head: number): Span {
  const whole = Math.max(head, SHORTEST_SPAN);
  const length = Math.min(Math.max(to - from, SHORTEST_SPAN), whole * (1 + 2 * MARGIN));
  const margin = Math.max(0, length * MARGIN);
  const begin = Math.min(Math.max(from, -margin), Math.max(-margin, whole + margin - length));
  return { from: begin, to: begin + length };
}

/** Everything from the begin to the end. */
export function wholeSpan(head: number): Span {
  const length = Math.max(head, SHORTEST_SPAN);
  return { from: -length * 0.01, to: length * 1.01 };
}

/** A span that shows another with some room on both sides. */
export function around({ from, to }: Span, room: number): Span {
  const length = Math.max(to - from, SHORTEST_SPAN * 0.5);
  return { from: from - length * room, to: from + length * (1 + room) };
}

/** The span a share of the way (0 to 1) from one to another; zooming by equal factors in equal shares. */
export function between(start: Span, end: Span, share: number): Span {
  const lengthStart = start.to - start.from;
  const lengthEnd = end.to - end.from;
  const length = lengthStart * (lengthEnd / lengthStart) ** share;
  const isZoom = Math.abs(lengthEnd - lengthStart) > lengthStart * 1e-9;
  // While it zooms, the instant that both show at the same place stays where it is.
  const way = isZoom ? (length - lengthStart) / (lengthEnd - lengthStart) : share;
  const from = start.from + (end.from - start.from) * way;
  return { from, to: from + length };
}
