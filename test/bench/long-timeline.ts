import { nanoseconds } from "#adapter/base/brand";
import {
  EventKind,
  NO_TASK,
  packPin,
  packPollEnd,
  packUart,
  packWakeSource,
  type TaskIndex,
} from "#adapter/trace/event";
import { Trace } from "#adapter/trace/trace";

const TASKS = 12;
const TIMER = 16;

/**
 * A trace of so many events as firmware makes them: a timer's interrupt wakes some of a dozen tasks, which are polled one
 * after the other, toggle a pin and now and then send a byte; between, the core sleeps for uneven times.
 */
export function longTimeline(events: number): Trace {
  const trace = new Trace();
  trace.exceptions[TIMER] = "TIMER_IRQ_0";
  const place = { file: "src/main.rs", line: 10 };
  const tasks = Array.from({ length: TASKS }, (_, i) =>
    trace.addTask({ name: `task_${i}`, address: 0x2000_0000 + i * 64, bytes: 64, futureBytes: 40, place }),
  );
  const pending = packPollEnd("pending", trace.addSuspension({ place, awaiting: "Timer", frames: [] }));
  const byTimer = packWakeSource({ kind: "irq", exception: TIMER });
  let now = 0;
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 0x7fff_ffff) % below;
  const add = (after: number, kind: EventKind, task: TaskIndex, payload: number) =>
    trace.events.append(nanoseconds((now += after)), kind, task, payload);
  for (const task of tasks) add(1000, EventKind.Spawn, task, packWakeSource({ kind: "main" }));
  for (const task of tasks) {
    add(500, EventKind.PollBegin, task, 0);
    add(4000, EventKind.PollEnd, task, pending);
  }
  while (trace.events.length < events) {
    add(300, EventKind.SleepBegin, NO_TASK, 0);
    add(20_000 + random(400_000), EventKind.SleepEnd, NO_TASK, 0);
    add(100, EventKind.IrqBegin, NO_TASK, TIMER);
    const first = random(TASKS);
    const count = 1 + random(3);
    for (let i = 0; i < count; i++) add(900, EventKind.Wake, tasks[(first + i) % TASKS]!, byTimer);
    add(700, EventKind.IrqEnd, NO_TASK, TIMER);
    for (let i = 0; i < count; i++) {
      const task = tasks[(first + i) % TASKS]!;
      add(600, EventKind.PollBegin, task, 0);
      if (random(4) === 0) add(800, EventKind.Pin, NO_TASK, packPin(random(4), random(2) === 0));
      if (random(16) === 0) add(500, EventKind.Uart, NO_TASK, packUart(0, 0x61 + random(26), "transmit"));
      add(2000 + random(30_000), EventKind.PollEnd, task, pending);
    }
  }
  trace.endTime = nanoseconds(now);
  return trace;
}
