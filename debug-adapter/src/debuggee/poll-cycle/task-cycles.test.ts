import { describe, expect, it } from "vitest";
import { drawnTrace } from "#test/helpers/trace-text";
import { EventKind, type TaskIndex } from "../../trace/event";
import { type TaskCycle, TaskCycles } from "./task-cycles";

const NAMES = ["spawn", "wake", "poll-begin", "poll-end", "task-end"];

/** Each row of the cycle as `EVENT@MS`. */
function cycleAfter(drawing: string): Record<string, unknown> {
  const { events } = drawnTrace(drawing);
  const cycle = new TaskCycles({ events } as never).of(0 as TaskIndex);
  const entries = Object.entries(cycle ?? {}).flatMap(
    ([name, value]: [string, TaskCycle[keyof TaskCycle]]) => {
      if (value === undefined || value === false) return [];
      const isRow = typeof value === "number" && name !== "polls";
      return [[name, isRow ? `${NAMES[events.kind(value)]}@${events.time(value) / 1e6}` : value]];
    },
  );
  return Object.fromEntries(entries) as Record<string, unknown>;
}

describe("TaskCycles", () => {
  it("begins with the spawn", () => {
    expect(cycleAfter("a ___")).toEqual({});
    expect(cycleAfter("a _rr")).toEqual({ readied: "spawn@1", polls: 0 });
    expect(cycleAfter("a _r##.")).toEqual({
      readied: "spawn@1",
      begin: "poll-begin@2",
      end: "poll-end@4",
      polls: 1,
    });
  });

  it("begins again with the wake of a parked task", () => {
    expect(cycleAfter("a r#..r")).toEqual({ parked: "poll-end@2", readied: "wake@4", polls: 1 });
    expect(cycleAfter("a r#..r#.r#")).toEqual({
      parked: "poll-end@6",
      readied: "wake@7",
      begin: "poll-begin@8",
      polls: 3,
    });
  });

  it("keeps a wake in the poll for the cycle that the next poll belongs to", () => {
    expect(cycleAfter("a r@.")).toEqual({
      readied: "spawn@0",
      begin: "poll-begin@1",
      again: "wake@1",
      end: "poll-end@2",
      polls: 1,
    });
    expect(cycleAfter("a r@.[")).toEqual({
      parked: "poll-end@2",
      readied: "wake@1",
      begin: "poll-begin@3",
      polls: 2,
    });
  });

  it("ends when the future has returned: a wake changes nothing then", () => {
    const trace = drawnTrace("a r#_");
    trace.events.append(trace.endTime, EventKind.Wake, 0 as TaskIndex, 0);
    expect(new TaskCycles(trace).of(0 as TaskIndex)).toMatchObject({
      hasEnded: true,
      again: undefined,
      polls: 1,
    });
  });
});
