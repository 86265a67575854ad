import fc from "fast-check";
import { expect, test } from "vitest";
import "#test/helpers/fixed-seed";
import { address } from "../base/brand";
import { AddressIndex } from "./address-index";

const extents = fc.array(
  fc.record({ start: fc.nat(60), size: fc.integer({ min: 1, max: 20 }), rank: fc.nat(2) }),
  {
    maxLength: 12,
  },
);

test("finds an extent wherever a search through all of them does, and none that starts later covers it", () => {
  fc.assert(
    fc.property(extents, fc.nat(90), (list, at) => {
      const index = new AddressIndex(list.map((extent, row) => ({ ...extent, row, limit: 0 })));
      const found = index.covering(address(at));
      const covering = list.filter(({ start, size }) => at >= start && at < start + size);
      if (found === undefined) {
        expect(covering).toEqual([]);
        return;
      }
      expect(covering).toContain(list[found]);
      expect(list[found]!.start).toBe(Math.max(...covering.map(({ start }) => start)));
    }),
    { numRuns: 500 },
  );
});

test("an empty index finds nothing", () => {
  const index = new AddressIndex([]);
  expect(index.covering(address(0))).toBeUndefined();
  expect(index.rows()).toEqual([]);
});
