import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "#test/helpers/fixed-seed";
import { IntervalMap } from "./interval-map";

describe("IntervalMap", () => {
  it("finds the innermost of nested intervals", () => {
    //            0123456789
    // intervals  000000000
    //              111
    //              2  33
    const map = new IntervalMap([0, 2, 2, 5], [9, 5, 3, 7]);
    expect(Array.from({ length: 10 }, (_, at) => map.find(at))).toEqual([0, 0, 2, 1, 1, 3, 3, 0, 0, -1]);
  });

  it("reaches to the top of the address space", () => {
    const map = new IntervalMap([0xffff_fff0], [0x1_0000_0000]);
    expect(map.find(0xffff_ffff)).toBe(0);
    expect(map.find(0xffff_ffef)).toBe(-1);
  });

  it("orders more intervals than a packed sort has room for", () => {
    const count = 2 ** 21 + 1;
    const starts = Uint32Array.from({ length: count }, (_, i) => 2 * (count - 1 - i));
    const map = new IntervalMap(
      starts,
      starts.map((start) => start + 1),
    );
    expect([map.find(0), map.find(1), map.find(2 * count - 2)]).toEqual([count - 1, -1, 0]);
  });

  it("finds nothing where there is nothing", () => {
    expect(new IntervalMap([], []).find(5)).toBe(-1);
    expect(new IntervalMap([5], [5]).find(5)).toBe(-1);
  });

  it("agrees with looking at every interval", () => {
    const interval = fc.tuple(fc.nat(40), fc.nat(12));
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 20 }), fc.nat(55), (intervals, at) => {
        const starts = intervals.map(([start]) => start);
        const ends = intervals.map(([start, length]) => start + length);
        const found = new IntervalMap(starts, ends).find(at);
        const containing = intervals.flatMap((_, i) => (starts[i]! <= at && at < ends[i]! ? [i] : []));
        const latest = Math.max(...containing.map((i) => starts[i]!));
        const innermost = containing.filter((i) => starts[i] === latest);
        const shortest = Math.min(...innermost.map((i) => ends[i]!));
        expect(found).toBe(innermost.findLast((i) => ends[i] === shortest) ?? -1);
      }),
    );
  });
});
