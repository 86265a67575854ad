import { describe, expect, it } from "vitest";
import { EventKind, type TaskIndex } from "../../trace/event";
import { Trace } from "../../trace/trace";
import { isMeant, parseTaskCondition, refusalOf } from "./task-condition";

function traceOf(...names: string[]): Trace {
  const trace = new Trace();
  for (const name of names) trace.addTask({ name, address: 0, bytes: 0, futureBytes: null, place: null });
  return trace;
}

const known = (trace: Trace) => ({ trace, areFoundLater: false });

const TRACE = traceOf("blink", "worker[0]", "worker[1]");

/** The tasks whose wakes a breakpoint of this name is hit by. */
function meant(name: string): string[] {
  const condition = parseTaskCondition(name)!;
  return TRACE.tasks
    .filter((_, row) =>
      isMeant(condition, { kind: EventKind.Wake, task: row as TaskIndex, payload: 0 }, TRACE),
    )
    .map((task) => task.name);
}

describe("breakpoints of tasks", () => {
  it.each([
    { name: "wake:blink", tasks: ["blink"] },
    { name: " wake : worker[1] ", tasks: ["worker[1]"] },
    { name: "wake:worker", tasks: ["worker[0]", "worker[1]"] },
    { name: "wake:*", tasks: ["blink", "worker[0]", "worker[1]"] },
    { name: "poll:blink", tasks: [] },
  ])("$name", ({ name, tasks }) => {
    expect(meant(name)).toEqual(tasks);
  });

  it.each(["wake::blink", "blink::wake", "poll", "poll:", "sleep:blink"])(
    "%s is the name of a function",
    (name) => {
      expect(parseTaskCondition(name)).toBeUndefined();
    },
  );

  it("say which tasks there are, or why there are none", () => {
    const condition = parseTaskCondition("poll:printer")!;
    expect(refusalOf(condition, known(TRACE))).toBe(
      "there is no task printer; the tasks are blink, worker[0], worker[1]",
    );
    expect(refusalOf(condition, known(traceOf()))).toMatch(/^no executor is observed/);
    expect(refusalOf(condition, { trace: traceOf(), areFoundLater: true })).toBeUndefined();
    const many = traceOf(...Array.from({ length: 10 }, (_, i) => `t${i}`));
    expect(refusalOf(condition, known(many))).toBe(
      "there is no task printer; the tasks are t0, t1, t2, t3, t4, t5, t6, t7, …",
    );
  });
});
