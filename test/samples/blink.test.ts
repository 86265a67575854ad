import { describe, expect, it } from "vitest";
import { runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import {
  chains,
  clockStart,
  distances,
  eventsOfTask,
  suspensions,
  wakeSources,
} from "#test/helpers/run-firmware-facts";

const PERIOD = 250e6;
const TOLERANCE = 0.1e6;

/** From the start of the firmware's clock to the ticker's, in nanoseconds: what `main` does in between. */
const SETUP = { dev: [0.3e6, 0.6e6], release: [0.01e6, 0.05e6] } as const;

describe.each(buildsOf("blink"))("blink, $profile, $origin", ({ path, profile }) => {
  const run = () => runFirmware(path, { for: "4.3s" });

  it("toggles the LED every 250 ms, the first time 250 ms after its clock started", async () => {
    const result = await run();
    const toggles = result.events.filter(({ event, pin }) => event === "pin" && pin === 25);
    expect(toggles.map(({ isHigh }) => isHigh)).toEqual(toggles.map((_, i) => i % 2 === 0));
    expect(toggles.length).toBe(16);
    for (const distance of distances(toggles)) expect(Math.abs(distance - PERIOD)).toBeLessThan(TOLERANCE);
    const first = toggles[0]!.time - (await clockStart(result));
    expect(first - PERIOD).toBeGreaterThan(SETUP[profile][0]);
    expect(first - PERIOD).toBeLessThan(SETUP[profile][1]);
  });

  it("has one wake by the timer and one poll for every toggle", async () => {
    const result = await run();
    expect(eventsOfTask(result, "blink_task", "wake").length).toBe(16);
    expect(eventsOfTask(result, "blink_task", "poll-begin").length).toBe(17);
    expect(Object.keys(wakeSources(result)).sort()).toEqual([
      "blink_task: irq TIMER_IRQ_0",
      "heartbeat_task: irq TIMER_IRQ_0",
    ]);
  });

  it("is suspended where the markers say, with the awaits of the nested function", async () => {
    const result = await run();
    expect(new Set(suspensions(result, "blink_task"))).toEqual(new Set(["blink-tick"]));
    expect(new Set(suspensions(result, "heartbeat_task"))).toEqual(new Set(["nap-timer"]));
    expect(chains(result, "heartbeat_task").slice(0, 5)).toEqual([
      "heartbeat-offset > nap-timer",
      "heartbeat-contract > nap-timer",
      "heartbeat-rest > nap-timer",
      "heartbeat-contract > nap-timer",
      "heartbeat-rest > nap-timer",
    ]);
    const awaiting = (task: string) =>
      new Set(eventsOfTask(result, task, "poll-end").map(({ awaiting: what }) => what));
    expect(awaiting("blink_task")).toEqual(new Set(["Ticker::next"]));
    expect(awaiting("heartbeat_task")).toEqual(new Set(["Timer"]));
  });

  it("spawns three tasks, of which main ends in its first poll", async () => {
    const { events, debuggee } = await run();
    const spawns = events.filter(({ event }) => event === "spawn");
    expect(spawns.map(({ task, source }) => `${task} by ${source}`)).toEqual([
      "main by main",
      "blink_task by task main",
      "heartbeat_task by task main",
    ]);
    const ofMain = events.filter(({ task }) => task === "main");
    expect(ofMain.map(({ event }) => event)).toEqual(["spawn", "poll-begin", "task-end", "poll-end"]);
    expect(ofMain.at(-1)!.result).toBe("ready");
    expect(debuggee.problems).toEqual([]);
  });

  it("sleeps for the rest of the time", async () => {
    const { events } = await run();
    const begins = events.filter(({ event }) => event === "sleep-begin");
    const ends = events.filter(({ event }) => event === "sleep-end");
    // The run ends asleep; main's wait for the crystal, at the start, is no sleep.
    expect(begins.length).toBe(ends.length + 1);
    const asleep = ends.reduce((sum, { time }, i) => sum + time - begins[i]!.time, 0);
    const span = ends.at(-1)!.time - begins[0]!.time;
    expect(asleep / span).toBeGreaterThan(0.999);
  });
});
