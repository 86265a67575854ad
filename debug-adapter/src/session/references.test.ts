import { describe, expect, it } from "vitest";
import { References } from "./references";

describe("references", () => {
  it("give back what they stand for until the stop is over", () => {
    const references = new References<string>("variable");
    const first = references.add("a");
    expect(references.get(first)).toBe("a");
    references.clear();
    expect(() => references.get(first)).toThrow("This variable is of an earlier stop; ask for it again");
  });

  it("are never 0, which means none, and never given twice", () => {
    const references = new References<string>("frame");
    const before = [references.add("a"), references.add("b")];
    references.clear();
    const after = [references.add("a"), references.add("b")];
    expect(new Set([0, ...before, ...after]).size).toBe(5);
  });
});
