import { describe, expect, it } from "vitest";
import { nanoseconds } from "../../base/brand";
import { EventKind, NO_TASK, packPin, packUart, packWakeSource, type TaskIndex } from "../../trace/event";
import { Trace } from "../../trace/trace";
import { meanwhile } from "./meanwhile";
import { pollEffects } from "./poll-effects";

const A = 0 as TaskIndex;
const B = 1 as TaskIndex;

function traceOf(...rows: readonly (readonly [EventKind, TaskIndex, number])[]): Trace {
  const trace = new Trace();
  Object.assign(trace.exceptions, { 16: "TIMER_IRQ_0" });
  for (const name of ["a", "b"])
    trace.addTask({ name, address: 0, bytes: 0, futureBytes: null, place: null });
  rows.forEach(([kind, task, payload], i) => trace.events.append(nanoseconds(i * 10), kind, task, payload));
  return trace;
}

/** Everything between the first and the last row. */
function told(trace: Trace) {
  return pollEffects(trace, A, { after: 0, before: trace.events.length - 1 });
}

const BEGIN = [EventKind.PollBegin, A, 0] as const;
const END = [EventKind.PollEnd, A, 0] as const;

describe("pollEffects", () => {
  it("tells pins, wakes and interrupts, and no ends of anything", () => {
    const trace = traceOf(
      BEGIN,
      [EventKind.Pin, NO_TASK, packPin(25, true)],
      [EventKind.Wake, B, packWakeSource({ kind: "task", task: A })],
      [EventKind.IrqBegin, NO_TASK, 16],
      [EventKind.IrqEnd, NO_TASK, 16],
      END,
    );
    expect(told(trace)).toEqual({
      effects: [
        { time: 10, title: "GP25 goes high", isWake: false },
        { time: 20, title: "b is woken by a", isWake: true },
        { time: 30, title: "TIMER_IRQ_0 breaks in", isWake: false },
      ],
      omitted: 0,
    });
  });

  it("puts the bytes of a UART together", () => {
    const bytes = ["h", "i", "\n"].map(
      (byte) => [EventKind.Uart, NO_TASK, packUart(0, byte.charCodeAt(0), "transmit")] as const,
    );
    expect(told(traceOf(BEGIN, ...bytes, END)).effects.map(({ title }) => title)).toEqual([
      String.raw`UART0 sends "hi\n"`,
    ]);
  });

  it("counts what it does not tell", () => {
    const pins = Array.from({ length: 9 }, (_, i) => [EventKind.Pin, NO_TASK, packPin(i, true)] as const);
    const { effects, omitted } = told(traceOf(BEGIN, ...pins, END));
    expect([effects.length, omitted]).toEqual([6, 3]);
  });
});

describe("meanwhile", () => {
  it("names what the core did before the turn of a task came", () => {
    const trace = traceOf(
      [EventKind.Wake, A, packWakeSource({ kind: "irq", exception: 16 })],
      [EventKind.SleepEnd, NO_TASK, 0],
      [EventKind.IrqBegin, NO_TASK, 16],
      [EventKind.PollBegin, B, 0],
      [EventKind.PollEnd, B, 0],
      BEGIN,
    );
    const before = trace.events.length - 1;
    expect(meanwhile(trace, A, { after: 0, before })).toBe("ended its sleep, handled TIMER_IRQ_0, polled b");
    expect(meanwhile(trace, A, { after: 4, before })).toBe("");
  });
});
