import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Extent,
  isScaled,
  offsetAt,
  offsetThatShows,
  rowsInView,
  scrollHeight,
  scrollTopAt,
} from "./virtual-rows";

const extents = fc.record<Extent>({
  rows: fc.oneof(fc.nat(1000), fc.nat(20_000_000)),
  rowHeight: fc.constantFrom(22, 42),
  viewHeight: fc.integer({ min: 1, max: 2000 }),
});

describe("where the rows of a long list are", () => {
  it("is the scroll position itself while the list is short", () => {
    const extent = { rows: 1000, rowHeight: 20, viewHeight: 205 };
    expect(scrollHeight(extent)).toBe(20_000);
    expect(offsetAt(extent, 1234)).toBe(1234);
    expect(rowsInView(extent, 1234)).toEqual({ first: 61, end: 72 });
    expect(rowsInView(extent, 20_000 - 205)).toEqual({ first: 989, end: 1000 });
  });

  it("reaches the first and the last row of a list of any length", () => {
    fc.assert(
      fc.property(extents, (extent) => {
        expect(rowsInView(extent, offsetAt(extent, 0)).first).toBe(0);
        const bottom = Math.max(0, scrollHeight(extent) - extent.viewHeight);
        expect(rowsInView(extent, offsetAt(extent, bottom)).end).toBe(extent.rows);
      }),
    );
  });

  it("can be scrolled to and read back, to within what a px of the scroll bar is worth", () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
        const offset = offsetAt(extent, part * scrollHeight(extent));
        const scrollTop = scrollTopAt(extent, offset);
        expect(scrollTop).toBeLessThanOrEqual(scrollHeight(extent));
        expect(offsetAt(extent, scrollTop)).toBeCloseTo(offset, 4);
      }),
    );
  });

  it("moves no further than needed to show a row", () => {
    fc.assert(
      fc.property(extents, fc.nat(), fc.nat(), (extent, at, wanted) => {
        fc.pre(extent.rows > 0 && extent.viewHeight >= extent.rowHeight);
        const row = wanted % extent.rows;
        const before = offsetAt(extent, at % (scrollHeight(extent) + 1));
        const after = offsetThatShows(extent, before, row);
        const top = row * extent.rowHeight - after;
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top + extent.rowHeight).toBeLessThanOrEqual(extent.viewHeight);
        const wasVisible =
          row * extent.rowHeight >= before && (row + 1) * extent.rowHeight <= before + extent.viewHeight;
        if (wasVisible) expect(after).toBe(before);
      }),
    );
  });

  it("is in proportion only where a browser could not lay the list out", () => {
    expect(isScaled({ rows: 100_000, rowHeight: 42, viewHeight: 500 })).toBe(false);
    expect(isScaled({ rows: 10_000_000, rowHeight: 22, viewHeight: 500 })).toBe(true);
  });
});
