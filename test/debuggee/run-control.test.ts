import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { type CoreHalt } from "#adapter/debuggee/run-control/machine-runner";
import type { Movement } from "#adapter/debuggee/run-control/movement";
import { RunControl } from "#adapter/debuggee/run-control/run-control";
import type { Stop } from "#adapter/debuggee/run-control/stop";
import { StopReports } from "#adapter/debuggee/run-control/stop-reports";
import { TaskEvents } from "#adapter/executor/task-events";
import { EmulatedTarget } from "#adapter/target/emulated-target";
import type { Target } from "#adapter/target/target";
import { EventKind } from "#adapter/trace/event";
import { Trace } from "#adapter/trace/trace";
import { RunningTarget } from "#test/helpers/running-target";
import { firmwareAt } from "#test/helpers/run-firmware";
import { addsImmediate, b, movs, WFI } from "#test/helpers/thumb";
import { thumbImage } from "../target/thumb-image";

const BLINK = "samples/prebuilt/blink-release.elf";

/** One instruction: what a step by instruction does. */
const STEP: Movement = async (runner) => {
  const end = await runner.stepInstruction();
  return end.kind === "stopped" ? end.cause : { kind: "step" };
};

function runControlOf(target: Target): RunControl {
  const explain = (reason: CoreHalt) =>
    Promise.resolve({ kind: "exception", what: reason, place: null } as const);
  return new RunControl({
    target,
    taskEvents: new TaskEvents(new Trace()),
    reports: new StopReports(),
    explain,
  });
}

/** A loop of three instructions in the emulated Pico. */
function emulated(): Target {
  return new EmulatedTarget({ image: thumbImage([movs(0, 0), addsImmediate(0, 1), b(-2)]).segments });
}

describe("requests in any order", () => {
  const request = fc.constantFrom("continue", "pause", "step", "turn");

  it.each([
    { target: "a loop in the emulated Pico", make: emulated, runs: 8 },
    { target: "a target without a machine", make: () => new RunningTarget(), runs: 40 },
  ])("neither hang nor lose a stop, with $target", async ({ make, runs }) => {
    const sequences = fc.array(request, { minLength: 1000, maxLength: 1000, size: "max" });
    await fc.assert(
      fc.asyncProperty(sequences, async (requests) => {
        const target = make();
        const control = runControlOf(target);
        const log: string[] = [];
        const stops = new Set<Stop>();
        control.onDidContinue.add(() => log.push("continued"));
        control.onDidStop.add((stop) => {
          log.push("stopped");
          stops.add(stop);
        });
        const first = control.state.kind === "stopped" ? control.state.stop : undefined;
        const answers: Promise<Stop>[] = [];
        for (const each of requests) {
          if (each === "continue") answers.push(control.continue());
          else if (each === "step") answers.push(control.perform(STEP));
          else if (each === "pause") answers.push(control.pause());
          else await new Promise((resolve) => setImmediate(resolve));
        }
        answers.push(control.pause());
        const answered = await Promise.all(answers);
        // Each movement that began has ended, one after the other, and every request was told of a stop that there was.
        expect(log).toEqual(
          Array.from({ length: log.length }, (_, i) => (i % 2 === 0 ? "continued" : "stopped")),
        );
        expect(log.length).toBe(2 * control.epoch);
        expect(answered.every((stop) => stop === first || stops.has(stop))).toBe(true);
        expect(control.state.kind).toBe("stopped");
        expect(target.state.kind).toBe("stopped");
        target.dispose();
      }),
      { numRuns: runs },
    );
  });
});

describe("run control", () => {
  it("runs to the polls of tasks, and says which task is polled", async () => {
    const debuggee = new Debuggee(await firmwareAt(BLINK));
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
    expect(runControl.epoch).toBe(5);
    const rows = Array.from({ length: trace.events.length }, (_, row) => row);
    const polls = rows.filter((row) => trace.events.kind(row) === EventKind.PollBegin);
    expect(polls.map((row) => trace.events.time(row))).toEqual(stops.map(({ time }) => Math.round(time)));
    expect((await runControl.continue({ until: nanoseconds(2e9) })).cause).toEqual({ kind: "time" });
  });

  it("comes back to the place that it stands at, and to that of a step, once for each round", async () => {
    const image = thumbImage([movs(0, 0), addsImmediate(0, 1), b(-2)]);
    const target = new EmulatedTarget({ image: image.segments });
    const control = runControlOf(target);
    const round: Movement = async (runner) => {
      const end = await runner.runTo([{ address: image.at(1) }]);
      return end.kind === "reached" ? { kind: "step" } : { kind: "pause" };
    };
    for (let count = 0; count < 3; count++) {
      await control.perform(round);
      expect((await target.readRegisters())[0]).toBe(count);
    }
    // Behind the round by steps: the place has been left, and come to, without its tracepoint being asked.
    for (let step = 0; step < 2; step++) await control.perform(STEP);
    expect((await target.readRegisters())[0]).toBe(3);
    await control.perform(round);
    expect((await target.readRegisters())[0]).toBe(4);
  });

  it("forgets steps that wait when it is paused, and tells them of the pause", async () => {
    const control = runControlOf(emulated());
    const running = control.continue();
    const waiting = control.perform(STEP);
    const stop = await control.pause();
    expect(stop.cause).toEqual({ kind: "pause" });
    expect(await running).toBe(stop);
    expect(await waiting).toBe(stop);
    expect(control.epoch).toBe(1);
    expect(await control.pause()).toBe(stop);
  });

  it("stands still, and can go on, after a movement has failed", async () => {
    const control = runControlOf(emulated());
    const failing = control.perform(() => Promise.reject(new Error("no such frame")));
    await expect(failing).rejects.toThrow("no such frame");
    expect(control.state.kind).toBe("stopped");
    expect((await control.perform(STEP)).cause).toEqual({ kind: "step" });
  });

  it("says that nothing can wake the core, and when an instant has come", async () => {
    const asleep = new EmulatedTarget({ image: thumbImage([movs(0, 1), WFI]).segments });
    expect((await runControlOf(asleep).continue()).cause).toEqual({ kind: "stuck" });
    const { cause, time } = await runControlOf(emulated()).continue({ until: nanoseconds(1e6) });
    expect(cause).toEqual({ kind: "time" });
    expect(Math.floor(time / 1e3)).toBe(1000);
  });
});
