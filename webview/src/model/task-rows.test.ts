import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { encodeTrace } from "#adapter/trace/trace-file";
import { Trace } from "#adapter/trace/trace";
import { demoTrace, HOSTILE_NAME } from "#test/e2e/fixtures/traces";
import { nextSort, sortTaskRows, taskRows, type TaskSort, type TaskSortKey } from "./task-rows";
import { readTrace } from "./trace-model";

const { tasks } = readTrace(encodeTrace(demoTrace()));
const names = (sort: TaskSort) => sortTaskRows(tasks, sort).map(({ name }) => name);

describe("the order of the task table", () => {
  it("is that of the trace at first", () => {
    expect(names(null)).toEqual(["main", "sample_task", "show_task", HOSTILE_NAME]);
  });

  it("sorts numbers and names, and puts what has no value last in both directions", () => {
    expect(names({ key: "polls", isDescending: true })).toEqual([
      "sample_task",
      "show_task",
      "main",
      HOSTILE_NAME,
    ]);
    expect(names({ key: "name", isDescending: false })[0]).toBe(HOSTILE_NAME);
    for (const isDescending of [true, false]) {
      expect(names({ key: "longestPoll", isDescending }).at(-1)).toBe(HOSTILE_NAME);
    }
  });

  it("sorts the slots of a pool by their number", () => {
    const rows = ["w[10]", "w[2]", "w[1]"].map((name) => ({ ...tasks[0]!, name }));
    const sorted = sortTaskRows(rows, { key: "name", isDescending: false });
    expect(sorted.map(({ name }) => name)).toEqual(["w[1]", "w[2]", "w[10]"]);
  });

  it.each<[TaskSortKey, boolean]>([
    ["name", false],
    ["polls", true],
  ])("goes through both directions of %s and back to that of the trace", (key, first) => {
    const once = nextSort(null, key);
    const twice = nextSort(once, key);
    expect([once, twice, nextSort(twice, key)]).toEqual([
      { key, isDescending: first },
      { key, isDescending: !first },
      null,
    ]);
  });
});

it("tells tasks of one name apart by their address", () => {
  const trace = new Trace();
  const info = { name: "run", bytes: 1, futureBytes: null, place: null };
  const indices = [0x2000_0000, 0x2000_0100].map((address) => trace.addTask({ ...info, address }));
  const zero = nanoseconds(0);
  const summaries = indices.map((task) => ({
    task,
    spawns: 1,
    polls: 0,
    wakes: 0,
    wakesBySource: new Map(),
    timeRun: zero,
    longestPoll: null,
    longestWait: null,
    ended: false,
  }));
  const states = indices.map(() => ({ kind: "ready" }) as const);
  const { rows } = taskRows(trace, summaries, states);
  expect(rows.map(({ name }) => name)).toEqual(["run @ 0x20000000", "run @ 0x20000100"]);
});
