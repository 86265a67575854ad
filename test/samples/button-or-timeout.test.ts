import { describe, expect, it } from "vitest";
import { type FirmwareRun, runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import { chains, clockStart, displayed, eventsOfTask, wakeSources } from "#test/helpers/run-firmware-facts";
import { suspendMarkers } from "#test/helpers/markers";

const DISPLAY = ["tm1637:clk=2,dio=3"];

describe.each(buildsOf("button-or-timeout"))("button-or-timeout, $profile, $origin", ({ path }) => {
  it("shows what came first", async () => {
    const result = await runFirmware(path, { for: "7s", parts: DISPLAY, presses: ["15@1.2s"] });
    expect(displayed(result)).toEqual(["----", "btn ", "time"]);
  });

  it("is woken by the pin for a press and its end, and by the timer for bouncing contacts", async () => {
    const result = await runFirmware(path, { for: "2s", presses: ["15@1.2s"] });
    expect(story(result)).toEqual([
      "press-or-timeout",
      "irq IO_IRQ_BANK0",
      "watch-release > released-press-bounce",
      "irq TIMER_IRQ_0",
      "watch-release > released-up",
      "irq IO_IRQ_BANK0",
      "watch-release > released-up-bounce",
      "irq TIMER_IRQ_0",
      "press-or-timeout",
    ]);
    const [press, , release] = eventsOfTask(result, "watch_task", "wake").map(({ time }) => time);
    expect(Math.abs(press! - 1.2e9)).toBeLessThan(0.1e6);
    expect(Math.abs(release! - 1.3e9)).toBeLessThan(0.1e6);
  });

  it("is suspended at every marker of its source, and at no other line", async () => {
    const result = await runFirmware(path, { for: "2s", presses: ["15@1.2s"] });
    const seen = new Set(chains(result, "watch_task").flatMap((chain) => chain.split(" > ")));
    expect([...seen].sort()).toEqual(
      [...suspendMarkers("samples/button-or-timeout/src/main.rs").keys()].sort(),
    );
  });

  it("gives up every five seconds without a press", async () => {
    const result = await runFirmware(path, { for: "10.5s", parts: DISPLAY });
    expect(displayed(result)).toEqual(["----", "time"]);
    expect(wakeSources(result)).toEqual({ "watch_task: irq TIMER_IRQ_0": 2 });
    const start = await clockStart(result);
    const [first, second] = eventsOfTask(result, "watch_task", "wake").map(({ time }) => time - start);
    expect(Math.abs(first! - 5e9)).toBeLessThan(5e6);
    expect(Math.abs(second! - first! - 5e9)).toBeLessThan(5e6);
  });
});

/** Where the task was suspended and what woke it, in turn. */
function story(result: FirmwareRun): string[] {
  const places = chains(result, "watch_task");
  const sources = eventsOfTask(result, "watch_task", "wake").map(({ source }) => source!);
  return places.flatMap((place, i) => (sources[i] === undefined ? [place] : [place, sources[i]]));
}
