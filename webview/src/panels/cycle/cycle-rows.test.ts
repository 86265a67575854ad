import { describe, expect, it } from "vitest";
import type { ProtocolCycleStep } from "#adapter/protocol/poll-cycle";
import { cycleRows } from "./cycle-rows";

function step(stage: ProtocolCycleStep["stage"], more: Partial<ProtocolCycleStep>): ProtocolCycleStep {
  return {
    stage,
    from: "task",
    to: "task",
    label: "",
    title: stage,
    text: "",
    time: null,
    duration: null,
    place: null,
    hasHappened: true,
    ...more,
  };
}

const WAKE = step("wake", { from: "source", to: "waker", time: 1e9 });
const QUEUE = step("queue", { from: "waker", to: "executor", time: 1e9, duration: 2000 });
const POLL = step("poll", { from: "executor", to: "task", time: 1e9 + 2000 });
const WITHIN = step("within", { time: 1e9 + 2500 });
const REGISTER = step("register", { from: "task", to: "source" });
const RETURN = step("return", { from: "task", to: "executor", time: 1e9 + 5000, duration: 3000 });
const NEXT = step("next", { from: "source", to: "waker", time: 2e9, hasHappened: false });

describe("cycleRows", () => {
  it("draws arrows from lane to lane", () => {
    const rows = cycleRows({ steps: [WAKE, QUEUE, POLL, WITHIN, REGISTER, RETURN] });
    expect(rows.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 3],
      [3, 0],
      [3, 2],
    ]);
  });

  it("tells the last that has happened from what is past and what is to come", () => {
    expect(cycleRows({ steps: [WAKE, QUEUE, NEXT] }).map(({ look }) => look)).toEqual([
      "past",
      "current",
      "coming",
    ]);
    expect(cycleRows({ steps: [] })).toEqual([]);
  });

  it("has the task active from the begin of its poll to the end, or as far as it has come", () => {
    const ended = cycleRows({ steps: [WAKE, POLL, WITHIN, RETURN, NEXT] });
    expect(ended.map(({ activity }) => activity)).toEqual(["none", "begins", "whole", "ends", "none"]);
    const coming = step("next", { hasHappened: false });
    const open = cycleRows({ steps: [WAKE, POLL, WITHIN, coming] });
    expect(open.map(({ activity }) => activity)).toEqual(["none", "begins", "whole", "ends"]);
  });

  it("tells instants, how long after the step before, and how long a poll took", () => {
    const rows = cycleRows({ steps: [WAKE, QUEUE, POLL, REGISTER, RETURN, NEXT] });
    expect(rows.map(({ when }) => when)).toEqual([
      "1.000 000 000 s",
      "1.000 000 000 s",
      "1.000 002 000 s · 2.000 us later",
      "",
      "1.000 005 000 s · 3.000 us later · the poll took 3.000 us",
      "due at 2.000 000 s",
    ]);
  });
});
