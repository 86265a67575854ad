import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { FindingsWatch } from "#adapter/debuggee/findings/findings-watch";
import { inspectTasks } from "#adapter/debuggee/inspect-tasks";
import { Stepping } from "#adapter/debuggee/stepping/stepping";
import type { Finding } from "#adapter/analysis/finding";
import { perform } from "#test/helpers/stepping";
import { launch } from "#test/helpers/run-firmware";

const END = nanoseconds(1.5e9);

/** Stops of each run: breakpoints, and steps from there. */
const STOPS = 24;

/** Programs with a finding of every kind that memory tells, with a task to stop in. */
const PROGRAMS = [
  ["samples/prebuilt/guard-across-await-bad-release.elf", "measure_task"],
  ["samples/prebuilt/cancellation-bad-dev.elf", "teller_task"],
  ["samples/prebuilt/lost-wake-bad-release.elf", "reader_task"],
  ["samples/prebuilt/deadlock-bad-release.elf", "upload_task"],
  ["samples/prebuilt/starvation-hog-release.elf", "check_task"],
  ["test/firmware/findings/prebuilt/findings-select-loop-release.elf", "timeout_task"],
  ["test/firmware/findings/prebuilt/findings-async-guard-dev.elf", "sleepy_task"],
  ["test/firmware/findings/prebuilt/findings-contract-dev.elf", "move_task"],
  ["test/firmware/findings/prebuilt/findings-waker-dropped-dev.elf", "second_task"],
] as const;

async function rest(debuggee: Debuggee, watch: FindingsWatch): Promise<readonly Finding[]> {
  await debuggee.run(END);
  await watch.look();
  watch.finish();
  expect(watch.problems).toEqual([]);
  return watch.findings();
}

/** A run that is broken off at polls of a task, stepped on line by line, and looked at. */
async function withStops(path: string, task: string): Promise<readonly Finding[]> {
  const debuggee = await launch(path);
  const watch = new FindingsWatch(debuggee);
  const stepping = new Stepping(debuggee);
  debuggee.breakpoints.setFunctions([{ name: `poll:${task}` }]);
  let breaks = 0;
  for (let stop = 0; stop < STOPS && debuggee.target.now < END; stop++) {
    const { cause } = await debuggee.runControl.continue({ until: END });
    if (cause.kind === "breakpoint") breaks++;
    if (stop % 3 === 1) {
      const polled = debuggee.taskEvents.polledTask;
      const subject =
        polled === undefined ? ({ kind: "core" } as const) : ({ kind: "task", task: polled } as const);
      await perform(debuggee, stepping.over(subject), nanoseconds(5e6));
    }
    if (stop % 3 === 2)
      await perform(debuggee, stepping.over({ kind: "core" }, "instruction"), nanoseconds(1e6));
    await watch.look();
    await inspectTasks(debuggee);
  }
  expect(breaks).toBeGreaterThan(1);
  debuggee.breakpoints.setFunctions([]);
  return rest(debuggee, watch);
}

describe("a run with stops", () => {
  it.each(PROGRAMS)("of %s has the findings of one without, to the last word", async (path, task) => {
    const debuggee = await launch(path);
    const whole = await rest(debuggee, new FindingsWatch(debuggee));
    expect(whole).not.toEqual([]);
    expect(await withStops(path, task)).toEqual(whole);
  });
});
