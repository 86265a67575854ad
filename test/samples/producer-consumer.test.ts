import { describe, expect, it } from "vitest";
import { runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import {
  clockStart,
  displayed,
  eventsOfTask,
  pollLengths,
  suspensions,
  wakeSources,
} from "#test/helpers/run-firmware-facts";

describe.each(buildsOf("producer-consumer"))("producer-consumer, $profile, $origin", ({ path }) => {
  const run = () => runFirmware(path, { for: "2.4s", parts: ["tm1637:clk=2,dio=3"] });

  it("polls the producer five times for each poll of the consumer", async () => {
    const result = await run();
    // The first poll of each only starts its ticker; 2.27 s of the firmware's own time hold 22 ticks and 4.
    expect(eventsOfTask(result, "producer_task", "poll-begin").length).toBe(1 + 22);
    expect(eventsOfTask(result, "consumer_task", "poll-begin").length).toBe(1 + 4);
    const consumed = eventsOfTask(result, "consumer_task", "poll-begin").slice(1);
    const produced = eventsOfTask(result, "producer_task", "poll-begin").slice(1);
    for (const [i, { time }] of consumed.entries()) {
      const before = produced.filter((poll) => poll.time < time).length;
      // At a multiple of 500 ms the consumer comes first: the fifth measurement is still to come.
      expect(before).toBe(5 * (i + 1) - 1);
    }
  });

  it("is never suspended at a lock", async () => {
    const result = await run();
    expect(new Set(suspensions(result, "producer_task"))).toEqual(new Set(["producer-tick"]));
    expect(new Set(suspensions(result, "consumer_task"))).toEqual(new Set(["consumer-tick"]));
  });

  it("wakes both tasks by the timer", async () => {
    expect(wakeSources(await run())).toEqual({
      "producer_task: irq TIMER_IRQ_0": 22,
      "consumer_task: irq TIMER_IRQ_0": 4,
    });
  });

  it("shows every fifth measurement", async () => {
    const result = await run();
    expect(displayed(result)).toEqual([" 116", " 136", " 156", " 176"]);
    const start = await clockStart(result);
    const shown = result.events.filter(({ event }) => event === "display");
    for (const [i, { time }] of shown.entries()) {
      const late = time - start - (i + 1) * 500e6;
      expect(late).toBeGreaterThan(0);
      expect(late).toBeLessThan(4e6);
    }
  });

  it("has its long polls in the consumer, which drives the display", async () => {
    const result = await run();
    expect(pollLengths(result, "consumer_task")[3]).toBeGreaterThan(
      10 * pollLengths(result, "producer_task")[0]!,
    );
  });
});
