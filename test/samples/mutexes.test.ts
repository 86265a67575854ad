import { describe, expect, it } from "vitest";
import { LockChange } from "#adapter/trace/event";
import { runFirmware, type RunEvent } from "#test/helpers/run-firmware";
import { readStatic } from "#test/helpers/run-firmware-facts";

const isOf = (name: string, change: LockChange, task: string) => (event: RunEvent) =>
  event.event === "lock" && event.text === name && event.lock === change && event.task === task;

const BUILDS = [
  { profile: "dev", path: "test/firmware/samples-dev/deadlock-bad-dev.elf" },
  { profile: "release", path: "samples/prebuilt/deadlock-bad-release.elf" },
];

describe.each(BUILDS)("mutexes of deadlock-bad, $profile", ({ path }) => {
  it("are taken as often as the firmware counts that it has used them", async () => {
    const run = await runFirmware(path, { for: "2s" });
    // Each task counts once it has both, and the last time neither has.
    const uses = (name: string, task: string) => run.events.filter(isOf(name, LockChange.Taken, task)).length;
    expect(uses("LOG", "sensor_task")).toBe(await readStatic(run, "deadlock::READS"));
    expect(uses("BUS", "upload_task")).toBe(await readStatic(run, "deadlock::UPLOADS"));
  });

  it("are held by one task at a time, which gives them back; but for the last time, when each waits for the other", async () => {
    const { events } = await runFirmware(path, { for: "2s" });
    for (const [name, holder, waiter] of [
      ["LOG", "upload_task", "sensor_task"],
      ["BUS", "sensor_task", "upload_task"],
    ] as const) {
      const changes = events.filter(({ event, text }) => event === "lock" && text === name);
      const turns = changes.filter(({ lock }) => lock !== LockChange.Awaited);
      turns.forEach(({ lock, task }, i) => {
        expect(lock).toBe(i % 2 === 0 ? LockChange.Taken : LockChange.Free);
        if (lock === LockChange.Free) expect(task).toBe(turns[i - 1]!.task);
      });
      expect(turns.at(-1)).toMatchObject({ lock: LockChange.Taken, task: holder });
      expect(changes.at(-1)).toMatchObject({ lock: LockChange.Awaited, task: waiter });
    }
  });
});
