import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { around, between, clamped, moved, SHORTEST_SPAN, TimeScale, wholeSpan, zoomed } from "./time-scale";

const spans = fc
  .record({ from: fc.integer({ min: 0, max: 1e12 }), length: fc.integer({ min: 1000, max: 1e13 }) })
  .map(({ from, length }) => ({ from, to: from + length }));

describe("the scale of time", () => {
  it("turns time into places and back", () => {
    fc.assert(
      fc.property(
        spans,
        fc.integer({ min: 100, max: 4000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (span, width, share) => {
          const scale = new TimeScale(span, width);
          const x = share * width;
          expect(scale.x(scale.time(x))).toBeCloseTo(x, 3);
        },
      ),
    );
  });

  it("zooms with the instant under the pointer left where it is", () => {
    fc.assert(
      fc.property(
        spans,
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (span, x, factor) => {
          const scale = new TimeScale(span, 1000);
          const after = new TimeScale(zoomed(scale, x, factor), 1000);
          expect(Math.abs(after.time(x) - scale.time(x))).toBeLessThan((span.to - span.from) * 1e-6 + 1e-3);
        },
      ),
    );
  });

  it("goes no closer than a microsecond", () => {
    const scale = new TimeScale({ from: 0, to: 2000 }, 100);
    const { from, to } = zoomed(scale, 50, 1e6);
    expect(to - from).toBe(SHORTEST_SPAN);
  });

  it("stays at the trace", () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1000, max: 1e12 }), (span, head) => {
        const { from, to } = clamped(span, head);
        const length = to - from;
        expect(from).toBeLessThanOrEqual(head);
        expect(to).toBeGreaterThan(0);
        expect(length).toBeGreaterThanOrEqual(SHORTEST_SPAN);
        expect(clamped({ from, to }, head).from).toBeCloseTo(from, 0);
      }),
    );
    expect(clamped(moved(wholeSpan(1e9), 5e9), 1e9).to).toBeLessThan(1.1e9);
  });

  it("goes from one span to another without passing it", () => {
    const [a, b] = [
      { from: 0, to: 1e9 },
      { from: 4e8, to: 4.1e8 },
    ];
    expect(between(a, b, 0)).toEqual(a);
    expect(between(a, b, 1).from).toBeCloseTo(b.from, 0);
    const half = between(a, b, 0.5);
    expect(half.to - half.from).toBeCloseTo(1e8, -2);
    expect(half.from).toBeLessThan(b.from);
    expect(half.to).toBeGreaterThan(b.to);
    expect(between(a, moved(a, 10), 0.5)).toEqual(moved(a, 5));
  });

  it("shows a span with room around it", () => {
    expect(around({ from: 1000, to: 3000 }, 0.5)).toEqual({ from: 0, to: 4000 });
  });
});
