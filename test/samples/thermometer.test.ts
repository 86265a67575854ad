import { describe, expect, it } from "vitest";
import { runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import { chains, eventsOfTask, sent, wakeSources } from "#test/helpers/run-firmware-facts";

const SENSOR = "tmp102:sda=4,scl=5";
const SCL = 5;

describe.each(buildsOf("thermometer"))("thermometer, $profile, $origin", ({ path }) => {
  it("reads the sensor twice a second, to a tenth of a degree, on both sides of zero", async () => {
    const result = await runFirmware(path, {
      for: "3.8s",
      parts: [SENSOR],
      stimuli: [
        "temperature:tmp102@0x48=30@0.8s",
        "temperature:tmp102@0x48=-0.0625@1.3s",
        "temperature:tmp102@0x48=-12.5@1.8s",
        "temperature:tmp102@0x48=101.9375@2.3s",
        "temperature:tmp102@0x48=9.96875@2.8s",
        "temperature:tmp102@0x48=-40@3.3s",
      ],
    });
    const lines = [" 21.5 C", " 30.0 C", "- 0.1 C", "-12.5 C", "101.9 C", " 10.0 C", "-40.0 C"];
    expect(sent(result)).toBe(lines.map((line) => `${line}\r\n`).join(""));
  });

  it("is woken by the timer, the I2C block and the UART, and sleeps in between", async () => {
    const result = await runFirmware(path, { for: "1.2s", parts: [SENSOR] });
    expect(new Set(chains(result, "thermometer_task"))).toEqual(
      new Set(["thermometer-tick", "thermometer-reading > sensor-transfer"]),
    );
    const sources = Object.keys(wakeSources(result));
    expect(sources).toContain("thermometer_task: irq TIMER_IRQ_0");
    expect(sources).toContain("thermometer_task: irq I2C0_IRQ");
    expect(eventsOfTask(result, "thermometer_task", "poll-begin").length).toBeLessThan(20);
  });

  it("clocks 47 bits at 100 kHz for a reading: start, five bytes with their acknowledge, restart, stop", async () => {
    const result = await runFirmware(path, { for: "0.9s", parts: [SENSOR] });
    const rising = result.events.filter(
      ({ event, pin, isHigh, time }) => event === "pin" && pin === SCL && isHigh === true && time > 0.5e9,
    );
    // Five bytes of nine clocks, and SCL rises once more for the restart and for the stop.
    expect(rising).toHaveLength(5 * 9 + 2);
    const periods = rising.slice(1, 9).map(({ time }, i) => time - rising[i]!.time);
    for (const period of periods) expect(Math.abs(period - 10_000)).toBeLessThan(600);
  });

  it("says so when no sensor acknowledges, and finds one that is plugged in later", async () => {
    const missing = await runFirmware(path, { for: "1.2s" });
    expect(sent(missing)).toBe("No sensor at 0x48\r\n".repeat(2));
    const later = await runFirmware(path, { for: "1.7s", stimuli: [`wire:${SENSOR}@1s`] });
    expect(sent(later)).toBe("No sensor at 0x48\r\n 21.5 C\r\n 21.5 C\r\n");
  });
});
