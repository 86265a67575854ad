import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { EventKind, NO_TASK, type TaskIndex } from "../trace/event";
import { CoreUse } from "./core-use";

const [A, B] = [0, 1] as TaskIndex[] as [TaskIndex, TaskIndex];

function coreAfter(...events: readonly (readonly [number, EventKind, TaskIndex])[]): CoreUse {
  const core = new CoreUse();
  for (const [time, kind, task] of events) core.add({ time: nanoseconds(time), kind, task, payload: 0 });
  return core;
}

describe("the use of the core", () => {
  it("gives an interrupt's poll to the task that it polls, and takes it from the one that it breaks into", () => {
    const core = coreAfter(
      [10, EventKind.PollBegin, A],
      [12, EventKind.IrqBegin, NO_TASK],
      [13, EventKind.PollBegin, B],
      [17, EventKind.PollEnd, B],
      [18, EventKind.IrqEnd, NO_TASK],
      [20, EventKind.PollEnd, A],
    );
    expect(core.lastOwnTime).toBe(4);
    expect(core.interruptTime).toBe(2);
    expect(core.between(0, 20).map(({ task, time }) => ({ task, time }))).toEqual([
      { task: A, time: 6 },
      { task: B, time: 4 },
    ]);
    expect(core.between(15, 20).map(({ task, time }) => ({ task, time }))).toEqual([
      { task: A, time: 3 },
      { task: B, time: 2 },
    ]);
  });

  it("forgets a poll that never ended once its task is polled again", () => {
    const core = coreAfter(
      [10, EventKind.PollBegin, A],
      [50, EventKind.PollBegin, A],
      [60, EventKind.PollEnd, A],
      [70, EventKind.PollBegin, B],
      [90, EventKind.PollEnd, B],
    );
    expect(core.between(0, 90).map(({ task, time }) => ({ task, time }))).toEqual([
      { task: B, time: 20 },
      { task: A, time: 10 },
    ]);
  });

  it("remembers the latest polls of many", () => {
    const core = new CoreUse();
    for (let i = 0; i < 10_000; i++) {
      core.add({ time: nanoseconds(10 * i), kind: EventKind.PollBegin, task: A, payload: 0 });
      core.add({ time: nanoseconds(10 * i + 5), kind: EventKind.PollEnd, task: A, payload: i });
    }
    const shares = core.between(0, 100_000);
    expect(shares).toHaveLength(4096);
    expect(shares[0]).toEqual({ task: A, began: 99_990, end: 9999, time: 5 });
    expect(core.between(99_900, 100_000)).toHaveLength(10);
  });
});
