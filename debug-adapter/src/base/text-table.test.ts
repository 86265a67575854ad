import { describe, expect, it } from "vitest";
import { tableLines } from "./text-table";

describe("tableLines", () => {
  it("aligns cells under their headings and leaves no space at the end of a line", () => {
    const columns = [{ heading: "task" }, { heading: "polls", align: "right" as const }, { heading: "by" }];
    expect(
      tableLines(columns, [
        ["blink", "4", "TIMER"],
        ["größte_aufgabe", "12"],
      ]),
    ).toEqual(["task            polls  by", "blink               4  TIMER", "größte_aufgabe     12"]);
  });
});
