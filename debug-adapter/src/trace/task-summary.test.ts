import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { EventKind, NO_TASK, packPollEnd, packWakeSource, type TaskIndex, UNKNOWN_SUSPENSION } from "./event";
import { summarize } from "./task-summary";
import { Trace } from "./trace";

const PENDING = packPollEnd("pending", UNKNOWN_SUSPENSION);
const READY = packPollEnd("ready", UNKNOWN_SUSPENSION);
const A = 0 as TaskIndex;
const B = 1 as TaskIndex;

function traceOf(
  events: readonly (readonly [number, EventKind, TaskIndex, number?])[],
  endTime: number,
): Trace {
  const trace = new Trace();
  for (const name of ["a", "b"]) {
    trace.addTask({ name, address: 0, bytes: 0, futureBytes: null, place: null });
  }
  trace.exceptions[16] = "TIMER_IRQ_0";
  for (const [time, kind, task, payload] of events) {
    trace.events.append(nanoseconds(time), kind, task, payload ?? 0);
  }
  trace.endTime = nanoseconds(endTime);
  return trace;
}

describe("summarize", () => {
  it("counts polls and wakes by source, and measures run, poll and wait times", () => {
    const { tasks } = summarize(
      traceOf(
        [
          [10, EventKind.Spawn, A, packWakeSource({ kind: "main" })],
          [30, EventKind.PollBegin, A],
          [35, EventKind.Wake, A, packWakeSource({ kind: "self" })],
          [40, EventKind.PollEnd, A, PENDING],
          [50, EventKind.PollBegin, A],
          [52, EventKind.Wake, B, packWakeSource({ kind: "task", task: A })],
          [53, EventKind.PollEnd, A, PENDING],
          [60, EventKind.Wake, A, packWakeSource({ kind: "irq", exception: 16 })],
          [61, EventKind.PollBegin, A],
          [62, EventKind.TaskEnd, A],
          [62, EventKind.PollEnd, A, READY],
        ],
        100,
      ),
    );
    expect(tasks[0]).toMatchObject({
      polls: 3,
      wakes: 2,
      timeRun: 14,
      longestPoll: 10,
      longestWait: 20,
      ended: true,
    });
    expect([...tasks[0]!.wakesBySource]).toEqual([
      ["self", 1],
      ["TIMER_IRQ_0", 1],
    ]);
    expect([...tasks[1]!.wakesBySource]).toEqual([["a", 1]]);
    expect(tasks[1]).toMatchObject({ polls: 0, longestPoll: null, longestWait: null, ended: false });
  });

  it("does not take a wake of an empty slot for the begin of the next task's wait", () => {
    const { tasks } = summarize(
      traceOf(
        [
          [10, EventKind.Spawn, A],
          [11, EventKind.PollBegin, A],
          [12, EventKind.TaskEnd, A],
          [13, EventKind.PollEnd, A, READY],
          [20, EventKind.Wake, A],
          [90, EventKind.Spawn, A],
          [95, EventKind.PollBegin, A],
        ],
        100,
      ),
    );
    expect(tasks[0]).toMatchObject({ spawns: 2, wakes: 1, longestWait: 5, ended: false });
  });

  it("knows a slot that was claimed again before the poll that ended its task returned", () => {
    const { tasks } = summarize(
      traceOf(
        [
          [10, EventKind.PollBegin, A],
          [12, EventKind.TaskEnd, A],
          [13, EventKind.Spawn, A],
          [14, EventKind.PollEnd, A, READY],
        ],
        100,
      ),
    );
    expect(tasks[0]).toMatchObject({ ended: false });
  });

  it("does not count an interrupt, or the poll inside it, as time of the task it broke into", () => {
    const { tasks, core } = summarize(
      traceOf(
        [
          [0, EventKind.PollBegin, A],
          [10, EventKind.IrqBegin, NO_TASK, 16],
          [12, EventKind.PollBegin, B],
          [17, EventKind.PollEnd, B, PENDING],
          [20, EventKind.IrqEnd, NO_TASK, 16],
          [25, EventKind.PollEnd, A, PENDING],
          [25, EventKind.SleepBegin, NO_TASK],
          [95, EventKind.SleepEnd, NO_TASK],
        ],
        100,
      ),
    );
    expect(tasks[0]).toMatchObject({ timeRun: 15, longestPoll: 25 });
    expect(tasks[1]).toMatchObject({ timeRun: 5, longestPoll: 5 });
    expect(core).toEqual({ timeAsleep: 70, timeInInterrupts: 5, duration: 100 });
  });

  it("counts an unfinished poll and an unfinished sleep up to the end of the trace", () => {
    const running = summarize(traceOf([[10, EventKind.PollBegin, A]], 40));
    expect(running.tasks[0]).toMatchObject({ timeRun: 30, longestPoll: null });
    const asleep = summarize(traceOf([[10, EventKind.SleepBegin, NO_TASK]], 40));
    expect(asleep.core.timeAsleep).toBe(30);
  });
});
