import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import {
  EventKind,
  NO_TASK,
  packDisplay,
  packPin,
  packPollEnd,
  packUart,
  packWakeSource,
} from "#adapter/trace/event";
import { Trace } from "#adapter/trace/trace";
import { eventJson } from "./event-json";
import { EventLines } from "./event-lines";
import { textStyle } from "./style";

/** One event of each kind, a microsecond apart. */
function everyEvent(): Trace {
  const trace = new Trace();
  const at = { file: "src/main.rs", line: 31 };
  const task = trace.addTask({ name: "blink_task", address: 0, bytes: 72, futureBytes: 32, place: at });
  trace.exceptions[16] = "TIMER_IRQ_0";
  const frames = [{ function: "blink::blink_task", place: at }];
  const suspension = trace.addSuspension({ place: at, awaiting: "Ticker::next", frames });
  const unknown = trace.addSuspension({ place: null, awaiting: null, frames: [] });
  const irq = packWakeSource({ kind: "irq", exception: 16 });
  const text = Array.from("hi\n").map((letter) => packUart(0, letter.charCodeAt(0), "transmit"));
  const rows: [EventKind, typeof NO_TASK, number][] = [
    [EventKind.Spawn, task, packWakeSource({ kind: "main" })],
    [EventKind.Wake, task, irq],
    [EventKind.Wake, task, packWakeSource({ kind: "self" })],
    [EventKind.Wake, task, packWakeSource({ kind: "task", task })],
    [EventKind.PollBegin, task, 0],
    [EventKind.PollEnd, task, packPollEnd("pending", suspension)],
    [EventKind.PollEnd, task, packPollEnd("pending", unknown)],
    [EventKind.PollEnd, task, packPollEnd("ready", suspension)],
    [EventKind.TaskEnd, task, 0],
    [EventKind.IrqBegin, NO_TASK, 16],
    [EventKind.IrqEnd, NO_TASK, 27],
    [EventKind.SleepBegin, NO_TASK, 0],
    [EventKind.SleepEnd, NO_TASK, 0],
    [EventKind.Pin, NO_TASK, packPin(25, true)],
    [EventKind.Display, NO_TASK, packDisplay(trace.addString("tm1637"), trace.addString("btn "))],
    ...text.map((payload): [EventKind, typeof NO_TASK, number] => [EventKind.Uart, NO_TASK, payload]),
    [EventKind.Uart, NO_TASK, packUart(1, 0x61, "receive")],
  ];
  for (const [i, [kind, of, payload]] of rows.entries())
    trace.events.append(nanoseconds(1.5e9 + i * 1000), kind, of, payload);
  return trace;
}

const rowsOf = (trace: Trace) => Array.from({ length: trace.events.length }, (_, row) => row);

describe("EventLines", () => {
  it("says what happened in one line, and collects the bytes of a UART into lines", () => {
    const trace = everyEvent();
    const lines = new EventLines(trace, {
      style: textStyle(false, {}),
      isWanted: () => true,
      showPath: (path) => path,
      hiddenPins: new Set([3]),
    });
    const text = [...rowsOf(trace).map((row) => lines.line(row)), ...lines.flush(nanoseconds(2e9))];
    // Without the time, and with single spaces.
    const shown = text.flatMap((line) =>
      line === undefined ? [] : [line.slice(15).trim().replaceAll(/ +/g, " ")],
    );
    expect(shown).toEqual([
      "spawn blink_task by code outside any task",
      "wake blink_task by TIMER_IRQ_0",
      "wake blink_task by itself",
      "wake blink_task by blink_task",
      "poll-begin blink_task",
      "poll-end blink_task pending after 1.000 us at src/main.rs:31, awaiting Ticker::next",
      "poll-end blink_task pending after 2.000 us",
      "poll-end blink_task ready after 3.000 us",
      "task-end blink_task",
      "irq-begin TIMER_IRQ_0",
      "irq-end exception 27",
      "sleep-begin",
      "sleep-end",
      "pin GP25 high",
      'display tm1637 shows "btn "',
      'uart UART0 sends "hi\\n"',
      'uart UART1 gets "a"',
    ]);
    expect(text[0]).toMatch(/^ *1\.500 000 000 {2}spawn/);
  });

  it("leaves out what is not wanted, and still knows when its polls began", () => {
    const trace = everyEvent();
    const lines = new EventLines(trace, {
      style: textStyle(false, {}),
      isWanted: (task) => task !== NO_TASK,
      showPath: (path) => path,
      hiddenPins: new Set(),
    });
    expect(rowsOf(trace).filter((row) => lines.line(row) !== undefined).length).toBe(9);
  });
});

describe("EventLines of a bus that a part decodes", () => {
  it("leave out its pins", () => {
    const trace = everyEvent();
    const lines = new EventLines(trace, {
      style: textStyle(false, {}),
      isWanted: () => true,
      showPath: (path) => path,
      hiddenPins: new Set([25]),
    });
    expect(rowsOf(trace).filter((row) => lines.line(row)?.includes("GP25"))).toEqual([]);
  });
});

describe("eventJson", () => {
  it("has the fields of each kind of event and no others", () => {
    const trace = everyEvent();
    const objects = rowsOf(trace).map((row) => {
      const { time_ns, ...rest } = eventJson(trace, row, (path) => `shown/${path}`);
      expect(time_ns).toBe(1.5e9 + row * 1000);
      return rest;
    });
    const task = "blink_task";
    const at = "shown/src/main.rs:31";
    const chain = [{ function: "blink::blink_task", at }];
    expect(objects).toEqual([
      { event: "spawn", task, source: { kind: "main", name: "main" } },
      { event: "wake", task, source: { kind: "irq", name: "TIMER_IRQ_0" } },
      { event: "wake", task, source: { kind: "self", name: "self" } },
      { event: "wake", task, source: { kind: "task", name: task } },
      { event: "poll-begin", task },
      { event: "poll-end", task, result: "pending", at, awaiting: "Ticker::next", chain },
      { event: "poll-end", task, result: "pending", at: null, awaiting: null, chain: [] },
      { event: "poll-end", task, result: "ready" },
      { event: "task-end", task },
      { event: "irq-begin", irq: "TIMER_IRQ_0" },
      { event: "irq-end", irq: "exception 27" },
      { event: "sleep-begin" },
      { event: "sleep-end" },
      { event: "pin", pin: 25, level: 1 },
      { event: "display", part: "tm1637", text: "btn " },
      ...Array.from("hi\n").map((text) => ({
        event: "uart",
        uart: 0,
        direction: "transmit",
        byte: text.charCodeAt(0),
        text,
      })),
      { event: "uart", uart: 1, direction: "receive", byte: 0x61, text: "a" },
    ]);
  });
});
