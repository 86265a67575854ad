import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { EventKind, packPollEnd, packWakeSource, type SuspensionIndex, type TaskIndex } from "./event";
import { taskStates, taskStateWords } from "./task-state";
import { Trace } from "./trace";

const TASK = 0 as TaskIndex;
const PARKED = packPollEnd("pending", 7 as SuspensionIndex);
const DONE = packPollEnd("ready", 0 as SuspensionIndex);
const BY_MAIN = packWakeSource({ kind: "main" });

function stateAfter(...events: readonly (readonly [EventKind, number?])[]) {
  const trace = new Trace();
  trace.addTask({ name: "a", address: 0, bytes: 0, futureBytes: null, place: null });
  events.forEach(([kind, payload], i) => trace.events.append(nanoseconds(i), kind, TASK, payload ?? 0));
  return taskStates(trace)[0];
}

describe("taskStates", () => {
  it("follows a task from its slot to its end", () => {
    const life = [
      [EventKind.Spawn, BY_MAIN],
      [EventKind.PollBegin],
      [EventKind.PollEnd, PARKED],
      [EventKind.Wake, BY_MAIN],
      [EventKind.PollBegin],
      [EventKind.TaskEnd],
      [EventKind.PollEnd, DONE],
    ] as const;
    const kinds = [0, 1, 2, 3, 4, 5, 6, 7].map((count) => stateAfter(...life.slice(0, count))?.kind);
    expect(kinds).toEqual([
      "unspawned",
      "ready",
      "running",
      "suspended",
      "ready",
      "running",
      "ended",
      "ended",
    ]);
  });

  it("says where and since when a task is suspended", () => {
    expect(stateAfter([EventKind.Spawn], [EventKind.PollBegin], [EventKind.PollEnd, PARKED])).toEqual({
      kind: "suspended",
      since: 2,
      suspension: 7,
    });
  });

  it("has a task that was woken in its own poll ready after it, since that wake", () => {
    expect(
      stateAfter(
        [EventKind.Spawn],
        [EventKind.PollBegin],
        [EventKind.Wake, BY_MAIN],
        [EventKind.PollEnd, PARKED],
      ),
    ).toEqual({ kind: "ready", since: 2, suspension: 7 });
  });

  it("does not claim that a task has not ended where the result of its poll is not known", () => {
    const unknown = packPollEnd("unknown", 0 as SuspensionIndex);
    const polled = [[EventKind.Spawn, BY_MAIN], [EventKind.PollBegin], [EventKind.PollEnd, unknown]] as const;
    const woken = [...polled, [EventKind.Wake, BY_MAIN]] as const;
    const again = [...woken, [EventKind.PollBegin]] as const;
    const words = [polled, woken, again].map((events) => taskStateWords(stateAfter(...events)!));
    expect(words).toEqual(["ended or suspended", "ended or ready", "running"]);
    const known = stateAfter(...again, [EventKind.PollEnd, PARKED]);
    expect(taskStateWords(known!)).toBe("suspended");
  });

  it("begins anew when the slot is used again", () => {
    expect(
      stateAfter(
        [EventKind.Spawn],
        [EventKind.PollBegin],
        [EventKind.TaskEnd],
        [EventKind.PollEnd, DONE],
        [EventKind.Spawn],
      ),
    ).toMatchObject({ kind: "ready", since: 4 });
  });
});
