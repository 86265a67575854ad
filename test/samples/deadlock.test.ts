import { describe, expect, it } from "vitest";
import type { Why, WhyStep } from "#adapter/debuggee/why-not-running/why";
import { whyNoneIsRunning } from "#adapter/debuggee/why-not-running/why-not-running";
import { markerAt } from "#test/helpers/markers";
import { type FirmwareRun, runFirmware } from "#test/helpers/run-firmware";

function run(variant: string, time: string): Promise<FirmwareRun> {
  return runFirmware(`samples/prebuilt/deadlock-${variant}-release.elf`, { for: time });
}

async function whysOf({ debuggee }: FirmwareRun): Promise<Map<string, Why>> {
  return new Map((await whyNoneIsRunning(debuggee)).map((why) => [why.task, why]));
}

/** The steps that name who holds a lock, as `task: words`, with the marker of the line that took it. */
function holdersIn({ steps }: Why): string[] {
  const marker = ({ place }: WhyStep) => (place === null ? "?" : markerAt(place));
  return steps.filter(({ kind }) => kind === "lock-holder").map((step) => `${step.task!} @ ${marker(step)}`);
}

describe("the deadlock sample", () => {
  it("is a circle of two tasks that each hold what the other waits for", async () => {
    const whys = await whysOf(await run("bad", "2s"));
    const sensor = whys.get("sensor_task")!;
    expect(sensor.verdict.kind).toBe("deadlock");
    expect(sensor.verdict.text).toBe(
      "deadlock: sensor_task waits for mutex LOG held by upload_task, and upload_task waits for mutex BUS held by sensor_task",
    );
    expect(holdersIn(sensor)).toEqual(["upload_task @ upload-log", "sensor_task @ sensor-bus"]);
    expect(holdersIn(whys.get("upload_task")!)).toEqual([
      "sensor_task @ sensor-bus",
      "upload_task @ upload-log",
    ]);
    expect(whys.get("blink_task")?.verdict.kind).toBe("timer");
  });

  it("says since when each mutex is held: the poll in which it was locked", async () => {
    const done = await run("bad", "2s");
    const sensor = (await whysOf(done)).get("sensor_task")!;
    for (const { text, task } of sensor.steps.filter(({ kind }) => kind === "lock-holder")) {
      const since = Number(/since its poll at ([\d. ]+) s$/.exec(text)?.[1]?.replaceAll(" ", ""));
      // The tasks have been polled twice since 0.8975 s: to lock the first mutex, and to fail with the second.
      const polls = done.events.filter(
        ({ event, task: of, time }) => event === "poll-begin" && of === task && time > 897.5e6,
      );
      expect(polls).toHaveLength(2);
      expect(since).toBe(polls[0]!.time / 1e9);
    }
  });

  it("is no deadlock before the two meet", async () => {
    for (const { verdict, task } of (await whysOf(await run("bad", "890ms"))).values()) {
      if (task !== "main") expect(verdict.kind, task).toBe("timer");
    }
  });

  it("is mended by one order: whoever waits for the bus is told what its holder waits for", async () => {
    const { verdict, steps } = (await whysOf(await run("good-order", "900ms"))).get("sensor_task")!;
    expect(verdict.kind).toBe("lock");
    expect(verdict.text).toMatch(/^mutex BUS held by upload_task, which waits: timer due in 2\.\d+ ms$/);
    expect(markerAt(steps[0]!.place!)).toBe("sensor-bus");
  });
});
