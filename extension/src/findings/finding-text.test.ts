import { describe, expect, it } from "vitest";
import type { ProtocolFinding } from "#adapter/protocol/findings";
import { findingText, textColumns } from "./finding-text";

const FINDING: ProtocolFinding = {
  key: "k",
  kind: "starvation",
  severity: "warning",
  title: "check_task kept the core for 75.50 ms while blink_task was ready",
  tasks: [],
  from: 528_370_117,
  to: 603_870_117,
  place: null,
  related: [],
  evidence: ["blink_task became ready", "check_task ran for 75.50 ms"],
  remedy: "split the work",
  count: 1,
  page: "/pages/starvation.md",
};

describe("the text of a finding", () => {
  it("says what it is, how it is known and what to do", () => {
    expect(findingText(FINDING).split("\n")).toEqual([
      FINDING.title,
      "• blink_task became ready",
      "• check_task ran for 75.50 ms",
      "Fix: split the work",
    ]);
  });

  it("says how often it was met, and when it was worst", () => {
    expect(findingText({ ...FINDING, count: 12 })).toContain(
      "Met 12 times; this is the worst, at 0.528 370 s.",
    );
  });
});

describe("the columns of a finding", () => {
  it("leave out indentation and what follows the code", () => {
    expect(textColumns("    wait().await;  ")).toEqual({ start: 4, end: 17 });
    expect(textColumns("")).toEqual({ start: 0, end: 0 });
    expect(textColumns(undefined)).toEqual({ start: 0, end: 0 });
  });
});
