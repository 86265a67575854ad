import { describe, expect, it } from "vitest";
import { address, nanoseconds } from "#adapter/base/brand";
import { type TimerEntryView, timerQueue } from "#adapter/debuggee/executor-state/timer-queue";
import { DebuggeeKnowledge, Inspection } from "#adapter/debuggee/inspection";
import { launch, type RunEvent, eventsOf, instant } from "#test/helpers/run-firmware";

// The queue of timers is read from memory at some instants; the wakes that come after each say whether it was true.

const PROGRAMS = [
  "samples/prebuilt/blink-release.elf",
  "samples/prebuilt/join-versus-spawn-join-release.elf",
  "test/firmware/findings/prebuilt/findings-two-executors-dev.elf",
  "test/firmware/hundred-tasks/prebuilt/hundred-tasks-release.elf",
];

/** The timer's counter is read in whole microseconds. */
const TICK = 1000;

/** From the alarm to the wake: the interrupt goes along all entries, and has to wait for critical sections. */
const LATENCY = 400_000;

describe.each(PROGRAMS)("the timers of %s", (path) => {
  it("wake their tasks when they are due, the soonest first", async () => {
    const debuggee = await launch(path);
    const knowledge = new DebuggeeKnowledge(debuggee);
    const readings: { readonly time: number; readonly entries: readonly TimerEntryView[] }[] = [];
    for (let at = 190e6; at < 700e6; at += 37.123e6) {
      await debuggee.run(nanoseconds(at));
      const queue = timerQueue(await Inspection.of(knowledge));
      if (queue.kind === "unknown") throw new Error(queue.reason);
      readings.push({ time: debuggee.target.now, entries: queue.entries });
    }
    await debuggee.run(instant("1.5s"));
    const events = eventsOf(debuggee.trace);
    let checked = 0;
    for (const { time, entries } of readings) {
      const dues = entries.map(({ dueAt }) => dueAt ?? Infinity);
      expect(dues).toEqual(dues.toSorted((a, b) => a - b));
      for (const { task, dueAt } of entries) {
        const name = debuggee.trace.tasks[task]!.name;
        const wake = undisturbedWake(events, { name, time });
        if (dueAt === null || wake === undefined) continue;
        checked++;
        expect({ name, source: wake.source }).toEqual({ name, source: "irq TIMER_IRQ_0" });
        expect(wake.time).toBeGreaterThan(dueAt - TICK);
        expect(wake.time).toBeLessThan(dueAt + LATENCY);
      }
    }
    expect(checked).toBeGreaterThan(readings.length / 2);
  });
});

it("tells of a timer that its task does not await, as after a select whose other branch came first", async () => {
  const debuggee = await launch("samples/prebuilt/button-or-timeout-release.elf");
  const knowledge = new DebuggeeKnowledge(debuggee);
  await debuggee.run(instant("300ms"));
  const entries = async () => {
    const queue = timerQueue(await Inspection.of(knowledge));
    return queue.kind === "known" ? queue.entries : [];
  };
  expect((await entries()).map(({ isAwaited }) => isAwaited)).toEqual([true]);
  const pool = debuggee.embassy!.pools.find(({ name }) => name === "watch_task")!;
  const { discriminant, states } = pool.body!.coroutine;
  // No firmware here comes to that: its future is made to look as if it had ended.
  const returned = states.find(({ kind }) => kind === "returned")!;
  const at = address(pool.address + pool.futureOffset + discriminant.offset);
  await debuggee.target.writeMemory(at, Uint8Array.of(returned.discriminant));
  expect((await entries()).map(({ isAwaited }) => isAwaited)).toEqual([false]);
});

/** The next wake of a task that is not polled before: what it waits for cannot have changed. */
function undisturbedWake(
  events: readonly RunEvent[],
  { name, time }: { readonly name: string; readonly time: number },
): RunEvent | undefined {
  const next = events.find(
    (each) =>
      each.task === name && each.time >= time && (each.event === "wake" || each.event === "poll-begin"),
  );
  return next?.event === "wake" && next.source?.startsWith("irq") ? next : undefined;
}
