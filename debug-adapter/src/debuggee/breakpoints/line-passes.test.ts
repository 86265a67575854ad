import { describe, expect, it } from "vitest";
import { LinePasses } from "./line-passes";

/** Control goes forward through addresses, and back only round a loop. */
const isForward = (from: number, to: number) => from < to;

/** The positions in a walk, `[line, address, column]` each, at which a line begins. */
function beginnings(
  walk: readonly (readonly [line: number, address: number, column?: number])[],
  resumedAt?: number,
): number[] {
  const passes = new LinePasses(isForward, resumedAt);
  return walk.flatMap(([line, address, column = 1], i) =>
    passes.isNewPass({ line, address, column }) ? [i] : [],
  );
}

describe("LinePasses", () => {
  it("counts a line once that lies in pieces among those of others", () =>
    expect(
      beginnings([
        [42, 0x10],
        [41, 0x12],
        [42, 0x14],
        [43, 0x16],
      ]),
    ).toEqual([0, 1, 3]));

  it("counts a line again that a loop comes back to, be it to another piece of it", () =>
    expect(
      beginnings([
        [5, 0x12],
        [6, 0x14],
        [5, 0x10],
        [5, 0x12],
      ]),
    ).toEqual([0, 1, 2]));

  it("does not count the line that a poll goes on with, until a loop comes back to it", () =>
    expect(
      beginnings(
        [
          [5, 0x12],
          [5, 0x14],
          [5, 0x10],
          [5, 0x12],
        ],
        5,
      ),
    ).toEqual([2]));

  it("counts a line again that a poll has gone on with and comes to once more, without a loop in the code", () =>
    expect(
      beginnings(
        [
          [5, 0x10, 33],
          [4, 0x12, 9],
          [5, 0x14, 9],
        ],
        5,
      ),
    ).toEqual([1, 2]));

  it("does not count what is left of a line that a poll goes on with, mixed with another line", () =>
    expect(
      beginnings(
        [
          [5, 0x10, 33],
          [4, 0x12, 9],
          [5, 0x14, 33],
        ],
        5,
      ),
    ).toEqual([1]));

  it("counts a line again that a poll has left behind", () =>
    expect(
      beginnings(
        [
          [6, 0x20],
          [5, 0x10],
        ],
        5,
      ),
    ).toEqual([0, 1]));
});
