import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { EventKind } from "#adapter/trace/event";
import { CHUNK_ROWS } from "#adapter/trace/event-columns";
import { encodeTrace } from "#adapter/trace/trace-file";
import { demoTrace, HOSTILE_NAME, longTrace } from "#test/e2e/fixtures/traces";
import { filterRows } from "./event-filter";
import { readTrace, type TraceModel } from "./trace-model";

const demo = readTrace(encodeTrace(demoTrace()));

function filtered(model: TraceModel, words: string, task: string | null = null): string[] {
  const index = model.tasks.find(({ name }) => name === task)?.task ?? null;
  const rows = filterRows(model.trace, model.texts, model.listedRows, { task: index, words });
  return Array.from(rows, (row) => Object.values(model.texts.text(row)).join(" ").trim());
}

describe("the model of a trace", () => {
  it("has a row for each task that lived, and counts the slots that never did", () => {
    expect(demo.tasks.map(({ name, state }) => [name, state.kind])).toEqual([
      ["main", "ended"],
      ["sample_task", "suspended"],
      ["show_task", "suspended"],
      [HOSTILE_NAME, "ready"],
    ]);
    expect(demo.silentTasks).toBe(1);
    expect(demo.tasks[1]).toMatchObject({ polls: 21, wakes: 20, wakeSources: [["TIMER_IRQ_0", 20]] });
    expect(demo.tasks[2]!.state).toMatchObject({ suspension: { awaiting: "Timer", place: { line: 61 } } });
  });

  it("puts the bytes of a UART message on one line", () => {
    expect(filtered(demo, "uart")).toEqual([
      String.raw`uart UART0 sends "value 20.5\n"`,
      String.raw`uart UART0 sends "value 21.0\n"`,
      String.raw`uart UART0 sends "value 21.5\n"`,
      String.raw`uart UART0 sends "value 22.0\n"`,
    ]);
    expect(demo.trace.events.length - demo.listedRows.length).toBe(4 * ("value 20.5\n".length - 1));
  });

  it("says where the time of the core went", () => {
    const { timeAsleep, timeInInterrupts, duration } = demo.core;
    expect(demo.timeInTasks + timeAsleep + timeInInterrupts).toBeLessThanOrEqual(duration);
    expect(timeAsleep / duration).toBeGreaterThan(0.99);
  });
});

describe("the event filter", () => {
  it("keeps what has all wanted words, in any case, and none after a minus", () => {
    expect(filtered(demo, "WAKE show")).toHaveLength(4);
    expect(filtered(demo, "main.rs:61").every((text) => text.startsWith("poll-end show_task pending"))).toBe(
      true,
    );
    expect(filtered(demo, "main.rs:61")).toHaveLength(5);
    expect(filtered(demo, "-poll -irq -sleep -wake -uart -pin -display -lock")).toEqual([
      "spawn sample_task by code outside any task",
      "spawn show_task by code outside any task",
      `spawn ${HOSTILE_NAME} by code outside any task`,
      "task-end main",
    ]);
  });

  it("ignores a lone minus and blanks, and then gives all rows without copying them", () => {
    const { trace, texts, listedRows } = demo;
    expect(filterRows(trace, texts, listedRows, { task: null, words: "  - " })).toBe(listedRows);
  });

  it("keeps the events of one task", () => {
    const texts = filtered(demo, "", "main");
    expect(texts).toEqual(["poll-begin main", "poll-end main ready after 40.00 us", "task-end main"]);
    expect(filtered(demo, "wake", "show_task")).toHaveLength(4);
  });

  it("never mixes up events that differ in task or kind only", () => {
    const naive = (word: string) =>
      Array.from(demo.listedRows).filter((row) => {
        const { event, subject, detail } = demo.texts.timelessText(row);
        return `${event} ${subject} ${detail}`.toLowerCase().includes(word);
      }).length;
    for (const word of ["poll-begin", "show_task", "sample", "timer_irq_0", "pending", "high", "gp25", "2"]) {
      expect(filtered(demo, word)).toHaveLength(naive(word));
    }
  });
});

describe("a damaged file", () => {
  it("still gives what comes before the damage", () => {
    const bytes = encodeTrace(longTrace(100_000));
    const model = readTrace(bytes.subarray(0, bytes.length - 100));
    expect(model.problems.map(({ what }) => what)).toEqual([
      "the file ends inside a block of events",
      `the file holds ${CHUNK_ROWS} of 100000 events`,
    ]);
    expect(model.tasks.map(({ name }) => name)).toEqual(["busy_task"]);
    expect(model.listedRows).toHaveLength(CHUNK_ROWS);
  });
});

describe("the end of a poll", () => {
  const ending = (kinds: readonly EventKind[]) => {
    const trace = longTrace(4);
    const task = trace.events.task(0);
    for (const kind of kinds) trace.events.append(nanoseconds(9000), kind, task, trace.events.payload(3));
    return readTrace(encodeTrace(trace)).texts.text(3 + kinds.length).detail;
  };

  it("says how long the poll took", () => {
    expect(ending([])).toBe("pending after 500 ns at main.rs:18, awaiting yield_now");
    expect(ending([EventKind.PollBegin, EventKind.PollEnd])).toContain("pending after 0 ns");
  });

  it("says nothing of that where the poll's begin is missing", () => {
    expect(ending([EventKind.PollEnd])).toBe("pending at main.rs:18, awaiting yield_now");
  });
});
