import { describe, expect, it } from "vitest";
import { remarksOn } from "./evaluated";

describe("remarksOn", () => {
  const scope = {
    lookup: () => undefined,
    remarkOn: (name: string) => (name === "x" ? "doubtful" : undefined),
  };

  it.each([
    ["x", "doubtful"],
    ["(*x).y + 1", "doubtful"],
    ["x + x", "doubtful"],
    ["y.x", ""],
    ["xy", ""],
  ])("of %s", (expression, expected) => expect(remarksOn(expression, scope)).toBe(expected));
});
