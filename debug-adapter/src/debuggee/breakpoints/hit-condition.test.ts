import { describe, expect, it } from "vitest";
import { parseHitCondition } from "./hit-condition";

/** The hits of the first twelve at which a condition holds. */
function hits(text: string): number[] | string {
  const condition = parseHitCondition(text);
  if (typeof condition === "string") return condition;
  return Array.from({ length: 12 }, (_, i) => i + 1).filter((count) => condition(count));
}

describe("hit conditions", () => {
  it.each([
    { text: "5", expected: [5] },
    { text: " == 5 ", expected: [5] },
    { text: "=5", expected: [5] },
    { text: ">10", expected: [11, 12] },
    { text: ">= 11", expected: [11, 12] },
    { text: "< 3", expected: [1, 2] },
    { text: "<= 2", expected: [1, 2] },
    { text: "% 5", expected: [5, 10] },
  ])("$text", ({ text, expected }) => {
    expect(hits(text)).toEqual(expected);
  });

  it.each(["", "often", "5 times", "-1", "% 0", "1.5"])("refuses %j", (text) => {
    expect(hits(text)).toMatch(/is no hit condition; write|is a multiple of 0; write/);
  });
});
