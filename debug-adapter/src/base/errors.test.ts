import { describe, expect, it } from "vitest";
import { ProblemList, UserError } from "./errors";

describe("UserError", () => {
  it("reads as one sentence: what is wrong, then what to do", () => {
    expect(new UserError("There is no file main.elf", "build the project first").message).toBe(
      "There is no file main.elf; build the project first",
    );
  });
});

describe("ProblemList", () => {
  it("counts repeats instead of keeping them", () => {
    const problems = new ProblemList();
    problems.add(".debug_info", "unknown form 0x99");
    problems.add(".debug_line", "ends early");
    problems.add(".debug_info", "unknown form 0x99");
    expect(problems.list()).toEqual([
      { where: ".debug_info", what: "unknown form 0x99 (2 times)" },
      { where: ".debug_line", what: "ends early" },
    ]);
  });

  it("is bounded, and says how many it dropped", () => {
    const problems = new ProblemList(2);
    for (let i = 0; i < 5; i++) problems.add("x", `fault ${i}`);
    expect(problems.list().map(({ what }) => what)).toEqual(["fault 0", "fault 1", "3 more are not listed"]);
  });
});
