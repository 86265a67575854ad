import { describe, expect, it } from "vitest";
import { StateMachines } from "#adapter/debuggee/state-machines/state-machines";
import type { TaskIndex } from "#adapter/trace/event";
import { summarize } from "#adapter/trace/task-summary";
import { eventsOf, runFirmware } from "#test/helpers/run-firmware";

const FIRMWARE = [
  "samples/prebuilt/blink-dev.elf",
  "samples/prebuilt/producer-consumer-release.elf",
  "samples/prebuilt/join-versus-spawn-spawn-release.elf",
  "samples/prebuilt/lost-wake-bad-release.elf",
  "samples/prebuilt/big-future-bad-release.elf",
  "samples/prebuilt/countdown-release.elf",
];

describe.each(FIRMWARE)("state machines of %s", (path) => {
  it("have as many transitions as the summary has polls, and go on where the one before has ended", async () => {
    const { debuggee, trace } = await runFirmware(path, { for: "1s" });
    const machines = new StateMachines(debuggee);
    const events = eventsOf(trace);
    const tasks = trace.tasks.flatMap(({ name }, row) => {
      const machine = machines.ofTask(row as TaskIndex);
      return machine === undefined ? [] : [{ name, row, machine }];
    });
    expect(tasks.length).toBeGreaterThan(0);
    const bodies = new Set(tasks.map(({ machine }) => machine));
    for (const number of bodies) {
      const own = tasks.filter(({ machine }) => machine === number);
      const machine = machines.machine(number)!;
      const { transitions, stays } = machines.history(machine);
      const polls = own.reduce((sum, { row }) => sum + summarize(trace).tasks[row]!.polls, 0);
      const names = new Set(own.map(({ name }) => name));
      const ends = events.filter(({ event, task }) => event === "poll-end" && names.has(task!)).length;
      expect(transitions.reduce((sum, { count }) => sum + count, 0)).toBe(ends);
      expect(polls - ends).toBeGreaterThanOrEqual(0);
      for (const { row, count } of stays) {
        const left = transitions
          .filter(({ from }) => from === row)
          .reduce((sum, each) => sum + each.count, 0);
        // A poll that is under way has left its state, and has not come anywhere yet.
        expect(count - left).toBeGreaterThanOrEqual(0);
        expect(count - left).toBeLessThanOrEqual(polls - ends);
      }
    }
  });

  it("keep in no state more than the future has, and promise no more than the future is", async () => {
    const { debuggee } = await runFirmware(path, { for: "1us" });
    const machines = new StateMachines(debuggee);
    machines.functions.forEach(({ coroutine }, number) => {
      const { states, savings } = machines.machine(number)!;
      for (const { bytes, saved } of states) {
        expect(bytes + coroutine.discriminant.byteSize).toBeLessThanOrEqual(coroutine.byteSize);
        for (const each of saved) expect(each.offset + each.bytes).toBeLessThanOrEqual(coroutine.byteSize);
        expect(saved.reduce((sum, { ownBytes }) => sum + ownBytes, 0)).toBe(bytes);
      }
      for (const { atMost } of savings) {
        expect(atMost).toBeGreaterThanOrEqual(0);
        expect(atMost).toBeLessThan(coroutine.byteSize);
      }
    });
  });
});
