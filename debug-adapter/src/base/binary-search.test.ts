import fc from "fast-check";
import { expect, test } from "vitest";
import "#test/helpers/fixed-seed";
import { lastAtMost } from "./binary-search";

test.each([
  { sorted: [], value: 5, index: -1 },
  { sorted: [10], value: 9, index: -1 },
  { sorted: [10], value: 10, index: 0 },
  { sorted: [10, 10, 10, 20], value: 10, index: 2 },
  { sorted: [10, 20], value: 0xffff_ffff, index: 1 },
])("$value in $sorted is found at $index", ({ sorted, value, index }) => {
  expect(lastAtMost(Uint32Array.from(sorted), value)).toBe(index);
});

test("agrees with a linear search", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(60), (values, value) => {
      const sorted = Uint32Array.from(values).sort();
      expect(lastAtMost(sorted, value)).toBe(sorted.findLastIndex((element) => element <= value));
    }),
    { numRuns: 300 },
  );
});
