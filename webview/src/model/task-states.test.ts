import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { EventKind, packPollEnd, packWakeSource, UNKNOWN_SUSPENSION } from "#adapter/trace/event";
import { Trace } from "#adapter/trace/trace";
import { finalStates } from "./task-states";

const PENDING = packPollEnd("pending", UNKNOWN_SUSPENSION);
const READY = packPollEnd("ready", UNKNOWN_SUSPENSION);
const WAKE = packWakeSource({ kind: "self" });

/** The state of a task after these events. */
function stateAfter(...events: readonly (readonly [EventKind, number?])[]): string {
  const trace = new Trace();
  const task = trace.addTask({ name: "t", address: 0, bytes: 0, futureBytes: null, place: null });
  for (const [kind, payload = 0] of events) trace.events.append(nanoseconds(0), kind, task, payload);
  return finalStates(trace)[task]!.kind;
}

describe("the state of a task at the end of a trace", () => {
  const { Spawn, Wake, PollBegin, PollEnd, TaskEnd } = EventKind;
  it.each([
    ["never spawned", []],
    ["ready", [[Spawn]]],
    ["running", [[Spawn], [PollBegin]]],
    ["suspended", [[Spawn], [PollBegin], [PollEnd, PENDING]]],
    ["ready", [[Spawn], [PollBegin], [PollEnd, PENDING], [Wake, WAKE]]],
    ["running", [[Spawn], [PollBegin], [Wake, WAKE]]],
    ["ready", [[Spawn], [PollBegin], [Wake, WAKE], [PollEnd, PENDING]]],
    ["suspended", [[PollBegin], [Wake, WAKE], [PollEnd, PENDING], [PollBegin], [PollEnd, PENDING]]],
    ["ended", [[Spawn], [PollBegin], [PollEnd, READY]]],
    ["ended", [[Spawn], [PollBegin], [PollEnd, READY], [TaskEnd], [Wake, WAKE]]],
    ["ready", [[PollBegin], [PollEnd, READY], [Spawn]]],
  ] as const)("is %s after %j", (expected, events) => {
    expect(stateAfter(...events)).toBe(expected);
  });
});
