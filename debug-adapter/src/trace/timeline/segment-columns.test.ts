import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SegmentColumns } from "./segment-columns";

const KINDS = 3;

interface Drawn {
  readonly start: number;
  readonly kind: number;
}

const drawn = fc
  .array(fc.record({ after: fc.nat(20), kind: fc.nat(KINDS - 1) }), { minLength: 1, maxLength: 400 })
  .map((steps) => {
    let start = 0;
    return steps.map(({ after, kind }): Drawn => ({ start: (start += after), kind }));
  });

function columnsOf(list: readonly Drawn[]): SegmentColumns {
  const columns = new SegmentColumns(KINDS);
  list.forEach(({ start, kind }, row) => columns.append(start, kind, row));
  return columns;
}

/** The time in each kind, segment by segment. */
function naiveTimes(list: readonly Drawn[], from: number, to: number): number[] {
  const sums = new Array<number>(KINDS).fill(0);
  list.forEach(({ start, kind }, index) => {
    const end = list[index + 1]?.start ?? Infinity;
    sums[kind]! += Math.max(0, Math.min(end, to) - Math.max(start, from));
  });
  return sums;
}

describe("segments as columns", () => {
  it("tell the time in each kind between any two instants", () => {
    fc.assert(
      fc.property(drawn, fc.nat(4000), fc.nat(4000), (list, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const sums = new Float64Array(KINDS);
        columnsOf(list).addTimeBetween(from, to, sums);
        expect([...sums]).toEqual(naiveTimes(list, from, to));
      }),
    );
  });

  it("tell how many of each kind there are before a segment", () => {
    fc.assert(
      fc.property(drawn, fc.nat(400), (list, index) => {
        const sums = new Float64Array(KINDS);
        columnsOf(list).addCountBefore(index, 1, sums);
        const naive = new Array<number>(KINDS).fill(0);
        for (const { kind } of list.slice(0, index)) naive[kind]!++;
        expect([...sums]).toEqual(naive);
      }),
    );
  });

  it("find the segment at an instant, and the first from one on, from wherever one looks", () => {
    fc.assert(
      fc.property(drawn, fc.nat(8000), fc.nat(400), (list, time, hint) => {
        const columns = columnsOf(list);
        expect(columns.at(time)).toBe(list.findLastIndex(({ start }) => start <= time));
        const from = Math.min(hint, list.length);
        const expected = list.findIndex(({ start }, index) => index >= from && start >= time);
        expect(columns.firstFrom(time, from)).toBe(expected < 0 ? list.length : expected);
      }),
    );
  });

  it("let the last segment change its kind before it ends", () => {
    const columns = columnsOf([
      { start: 0, kind: 0 },
      { start: 5, kind: 1 },
    ]);
    columns.changeLastKind(2);
    columns.append(9, 0, 2);
    const sums = new Float64Array(KINDS);
    columns.addTimeBetween(0, 10, sums);
    expect([...sums]).toEqual([6, 0, 4]);
  });
});
