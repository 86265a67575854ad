import { describe, expect, it } from "vitest";
import type { TaskIndex } from "../trace/event";
import { Trace } from "../trace/trace";
import { CORE_THREAD, ThreadIds } from "./thread-ids";

function traceOf(...tasks: readonly (readonly [string, number])[]): Trace {
  const trace = new Trace();
  for (const [name, address] of tasks)
    trace.addTask({ name, address, bytes: 64, futureBytes: null, place: null });
  return trace;
}

function idsOf(threads: ThreadIds, trace: Trace): number[] {
  return trace.tasks.map((_, row) => threads.of(row as TaskIndex, trace));
}

describe("ThreadIds", () => {
  it("numbers tasks as they are asked for, behind the core", () => {
    const threads = new ThreadIds();
    const trace = traceOf(["blink", 0x2000_0000], ["log", 0x2000_0100]);
    expect(threads.of(1 as TaskIndex, trace)).toBe(CORE_THREAD + 1);
    expect(threads.of(0 as TaskIndex, trace)).toBe(CORE_THREAD + 2);
    expect(idsOf(threads, trace)).toEqual([CORE_THREAD + 2, CORE_THREAD + 1]);
  });

  it("gives a task of a restarted run its number again, and none of another build's", () => {
    const threads = new ThreadIds();
    const first = traceOf(["blink", 0x2000_0000], ["log", 0x2000_0100]);
    const [blink, log] = idsOf(threads, first) as [number, number];
    const second = traceOf(["log", 0x2000_0100], ["blink", 0x2000_0200]);
    const [sameLog, movedBlink] = idsOf(threads, second) as [number, number];
    expect(sameLog).toBe(log);
    expect([blink, log]).not.toContain(movedBlink);
    expect(threads.subjectOf(log, second)).toEqual({ kind: "task", task: 0 });
    expect(threads.subjectOf(movedBlink, second)).toEqual({ kind: "task", task: 1 });
    expect(threads.subjectOf(blink, second)).toBeUndefined();
  });

  it("knows the core, and no thread that it has not numbered", () => {
    const threads = new ThreadIds();
    const trace = traceOf(["blink", 0x2000_0000]);
    const id = threads.of(0 as TaskIndex, trace);
    expect(threads.subjectOf(CORE_THREAD, trace)).toEqual({ kind: "core" });
    for (const unknown of [id + 1, 0, -1, 1.5, NaN])
      expect(threads.subjectOf(unknown, trace)).toBeUndefined();
  });
});
