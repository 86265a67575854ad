import { describe, expect, it } from "vitest";
import { drawnTrace } from "#test/helpers/trace-text";
import { nanoseconds } from "../../base/brand";
import { EventKind, packPollEnd, packWakeSource, type TaskIndex, unpackWakeSource } from "../../trace/event";
import { Standing, TaskPassages } from "./task-passages";

const MS = 1e6;

describe("TaskPassages", () => {
  it("counts the polls of a task from where to where, with their times", () => {
    const trace = drawnTrace("a  _r#..r##...r#_");
    const passages = new TaskPassages(trace);
    expect(passages.passages()).toEqual([
      { task: 0, from: Standing.Unresumed, to: 1, count: 1, pollTime: 1 * MS, lastAt: 3 * MS },
      { task: 0, from: 1, to: 1, count: 1, pollTime: 2 * MS, lastAt: 8 * MS },
      { task: 0, from: 1, to: Standing.Returned, count: 1, pollTime: 1 * MS, lastAt: 13 * MS },
    ]);
  });

  it("counts how long a task stood somewhere, and who woke it there", () => {
    const stays = new TaskPassages(drawnTrace("a  _r#..r##...r#_")).stays();
    expect(stays.map(({ at, count, time }) => ({ at, count, time }))).toEqual([
      { at: Standing.Unresumed, count: 1, time: 1 * MS },
      { at: 1, count: 2, time: (3 + 4) * MS },
    ]);
    expect([...stays[0]!.wokenBy]).toEqual([]);
    const [[payload, count] = []] = stays[1]!.wokenBy;
    expect(unpackWakeSource(payload!)).toEqual({ kind: "irq", exception: 16 });
    expect(count).toBe(2);
  });

  it("gives the stay behind a poll the wake that came within it", () => {
    const [, stay] = new TaskPassages(drawnTrace("a  r@.r#.")).stays();
    expect([...stay!.wokenBy.keys()].map(unpackWakeSource)).toEqual([{ kind: "self" }]);
  });

  it("says where a task stands now, and where a poll under way has found it", () => {
    const standingAfter = (drawing: string) => new TaskPassages(drawnTrace(drawing)).standing(0 as TaskIndex);
    expect(standingAfter("a  ___")).toBeUndefined();
    expect(standingAfter("a  _rr")).toEqual({ at: Standing.Unresumed, since: 1 * MS, isPolled: false });
    expect(standingAfter("a  r#.")).toEqual({ at: 1, since: 2 * MS, isPolled: false });
    expect(standingAfter("a  r#.r#")).toEqual({ at: 1, since: 4 * MS, isPolled: true });
    expect(standingAfter("a  r#_")).toEqual({ at: Standing.Returned, since: 2 * MS, isPolled: false });
  });

  it("reads on where it was", () => {
    const trace = drawnTrace("a  r#.");
    const passages = new TaskPassages(trace);
    expect(passages.passages()).toHaveLength(1);
    const a = 0 as TaskIndex;
    trace.events.append(nanoseconds(5 * MS), EventKind.Wake, a, packWakeSource({ kind: "main" }));
    trace.events.append(nanoseconds(6 * MS), EventKind.PollBegin, a, 0);
    trace.events.append(nanoseconds(7 * MS), EventKind.PollEnd, a, packPollEnd("unknown", 0 as never));
    expect(passages.passages().at(-1)).toMatchObject({ from: 1, to: Standing.Unknown, count: 1 });
  });

  it("counts the poll that ended a task whose slot was filled before it returned", () => {
    const trace = drawnTrace("a  r#");
    const a = 0 as TaskIndex;
    const add = (kind: EventKind, payload = 0) => trace.events.append(nanoseconds(9 * MS), kind, a, payload);
    add(EventKind.TaskEnd);
    add(EventKind.Spawn);
    add(EventKind.PollEnd, packPollEnd("ready", 0 as never));
    const passages = new TaskPassages(trace);
    expect(passages.passages().map(({ from, to }) => [from, to])).toEqual([
      [Standing.Unresumed, Standing.Returned],
    ]);
    expect(passages.standing(a)?.at).toBe(Standing.Unresumed);
  });
});
