import { describe, expect, it } from "vitest";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import type { Stop } from "#adapter/debuggee/run-control/stop";
import { nanoseconds } from "#adapter/base/brand";
import { EventKind } from "#adapter/trace/event";

describe("run control of a firmware", () => {
  it("runs to the polls of a task, and says which task is polled", async () => {
    const debuggee = new Debuggee(await loadFirmware("samples/prebuilt/blink-release.elf"));
    const { runControl, trace } = debuggee;
    const stops: Stop[] = [];
    runControl.onDidStop.add((stop) => stops.push(stop));
    for (let i = 0; i < 5; i++) {
      const stop = await runControl.perform(async (runner) => {
        const end = await runner.runTo([], { onTaskEvent: ({ kind }) => kind === EventKind.PollBegin });
        if (end.kind !== "task-event") throw new Error(`ended with ${end.kind}`);
        return { kind: "step", event: `poll of ${trace.tasks[end.event.task]!.name}` };
      });
      expect(stop.cause).toEqual({ kind: "step", event: `poll of ${trace.tasks[stop.task!]!.name}` });
    }
    expect(stops).toHaveLength(5);
    expect(runControl.epoch).toBe(5);
    const polls = [];
    for (let row = 0; row < trace.events.length; row++) {
      if (trace.events.kind(row) === EventKind.PollBegin) polls.push(trace.events.time(row));
    }
    expect(polls).toEqual(stops.map(({ time }) => Math.round(time)));
    const end = await runControl.continue({ until: nanoseconds(2e9) });
    expect(end.cause).toEqual({ kind: "time" });
  });
});
