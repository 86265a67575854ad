import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { whyNoneIsRunning } from "#adapter/debuggee/why-not-running/why-not-running";
import type { Why } from "#adapter/debuggee/why-not-running/why";
import { EventKind } from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";
import { launch } from "#test/helpers/run-firmware";

// What is said of a task is compared with what then happens to it: nothing but running on tells whether it was true.

/** How long what is said is watched to come true; what is due later is not checked. */
const WATCHED = 300e6;

/** What is due within a tick of the timer may be due already. */
const TICK = 1e3;

/** How long a task that can never run again is watched. */
const LONG = 20e9;

/** The alarm's interrupt comes within a tick of when it is due, and takes some microseconds. */
const LATE = 100e3;

const SAMPLES = readdirSync("samples/prebuilt")
  .filter((name) => name.endsWith(".elf"))
  .map((name) => `samples/prebuilt/${name}`);
const FIRMWARE = [...SAMPLES, "test/firmware/prebuilt/two-executors-release.elf"];

/** Between events and in the middle of them. */
const INSTANTS = [412.3e6, 1201.7e6];

/** The first wake of a task from a row of the trace on, in nanoseconds; undefined if there is none. */
function nextWake(trace: Trace, name: string, from: number): number | undefined {
  for (let row = from; row < trace.events.length; row++) {
    const isWake = trace.events.kind(row) === EventKind.Wake;
    if (isWake && trace.tasks[trace.events.task(row)]?.name === name) return trace.events.time(row);
  }
  return undefined;
}

/** Without inputs, what a timer is said to do happens on time, or sooner where something else may come first. */
function checkForecast({ task, verdict }: Why, now: number, woken: number | undefined): void {
  const what = `${task}: ${verdict.text}`;
  if (verdict.kind === "lost" || verdict.kind === "deadlock") expect(woken, what).toBeUndefined();
  if (verdict.kind !== "timer" || verdict.dueIn === null || verdict.dueIn > WATCHED - LATE) return;
  expect(woken, what).toBeDefined();
  expect(woken! - now, what).toBeLessThan(verdict.dueIn + LATE);
  if (/^timer due in [^,]*$/.test(verdict.text))
    expect(woken! - now, what).toBeGreaterThan(verdict.dueIn - TICK);
}

function isHopeless({ verdict }: Why): boolean {
  return verdict.kind === "lost" || verdict.kind === "deadlock";
}

describe("what is said of a suspended task comes true", () => {
  it.each(FIRMWARE)("in %s", async (path) => {
    let checked = 0;
    let hasEmbassy = false;
    for (const instant of INSTANTS) {
      const debuggee = await launch(path);
      hasEmbassy = debuggee.embassy !== undefined;
      const { trace } = debuggee;
      await debuggee.run(nanoseconds(instant));
      const now = debuggee.target.now;
      const row = trace.events.length;
      const whys = (await whyNoneIsRunning(debuggee)).filter(({ state }) => state === "suspended");
      await debuggee.run(nanoseconds(now + WATCHED));
      for (const why of whys) {
        checkForecast(why, now, nextWake(trace, why.task, row));
        checked++;
      }
      debuggee.dispose();
    }
    if (hasEmbassy) expect(checked).toBeGreaterThan(0);
  });
});

describe("a task of which is said that it can never run again", () => {
  it.each(["lost-wake-bad-release", "deadlock-bad-release"])("never does in %s", async (name) => {
    const debuggee = await launch(`samples/prebuilt/${name}.elf`);
    await debuggee.run(nanoseconds(2e9));
    const stuck = (await whyNoneIsRunning(debuggee)).filter(isHopeless).map(({ task }) => task);
    expect(stuck.length).toBeGreaterThan(0);
    const row = debuggee.trace.events.length;
    await debuggee.run(nanoseconds(2e9 + LONG));
    for (const task of stuck) expect(nextWake(debuggee.trace, task, row)).toBeUndefined();
  });
});
