import { describe, expect, it } from "vitest";
import type { Why } from "#adapter/debuggee/why-not-running/why";
import { whyNoneIsRunning } from "#adapter/debuggee/why-not-running/why-not-running";
import { markerAt } from "#test/helpers/markers";
import { type FirmwareRun, runFirmware } from "#test/helpers/run-firmware";

function run(variant: string, time: string): Promise<FirmwareRun> {
  return runFirmware(`samples/prebuilt/lost-wake-${variant}-release.elf`, { for: time });
}

/** Why a task is not running. */
async function whyOf({ debuggee }: FirmwareRun, task: string): Promise<Why> {
  return (await whyNoneIsRunning(debuggee)).find((why) => why.task === task)!;
}

describe("the lost-wake sample", () => {
  it("polls reader_task for the last time when the conversion takes longer than the other work", async () => {
    const { events } = await run("bad", "5s");
    const ends = events.filter(({ event, task }) => event === "poll-end" && task === "reader_task");
    const last = ends.at(-1)!;
    expect(markerAt(last.place!)).toBe("reader-result");
    expect(last.time / 1e9).toBeCloseTo(0.528, 3);
  });

  it("is proven to be lost: nobody in all of RAM holds the waker", async () => {
    const { verdict, steps, state } = await whyOf(await run("bad", "2s"), "reader_task");
    expect(state).toBe("suspended");
    expect(verdict).toEqual({
      kind: "lost",
      text: "nobody holds its waker: it can never run again",
      dueIn: null,
    });
    expect(markerAt(steps.find(({ kind }) => kind === "await")!.place!)).toBe("reader-result");
    // One word with the header's address is left: the waker in its own timer, whose vtable is null.
    expect(steps.find(({ kind }) => kind === "search")?.text).toBe(
      "searched 264 KiB of RAM and the registers: one word holds its address, and none is a waker",
    );
  });

  it("finds the waker of converter_task, which waits as quietly, in START", async () => {
    const { verdict, steps } = await whyOf(await run("bad", "2s"), "converter_task");
    expect(verdict.kind).toBe("event");
    const holders = steps.flatMap(({ holder }) => (holder === undefined ? [] : [holder]));
    expect(holders).toMatchObject([{ kind: "static", certainty: "waker", owner: "lost_wake::START" }]);
  });

  it("is mended by leaving the waker with the converter", async () => {
    // At 0.529 s the result is not there yet, in either program.
    const before = await whyOf(await run("good-register", "529ms"), "reader_task");
    expect(before.verdict).toEqual({ kind: "event", text: "whoever wakes it through WAKER", dueIn: null });
    const { events } = await run("good-register", "531ms");
    const woken = events.filter(({ event, task }) => event === "wake" && task === "reader_task").at(-1)!;
    expect(woken.source).toBe("task converter_task");
    expect(woken.time).toBeGreaterThan(529e6);
  });
});
