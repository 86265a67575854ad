import { describe, expect, it } from "vitest";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { bootFirmware, edgesOf, sentText, textsOf } from "./rp2040-firmware";

const LED = 25;
const HALF_PERIOD_NS = 250e6;
/** The tolerance that the project promises. */
const TOLERANCE_NS = 0.1e6;

describe.each(["release", "dev"])("blink, %s build", (profile) => {
  it("toggles GP25 every 250 ms of virtual time", () => {
    const { machine, log } = bootFirmware(`blink-${profile}`);
    expect(machine.run(seconds(3))).toBe("time");
    const edges = edgesOf(log, LED);
    expect(edges.length).toBeGreaterThanOrEqual(11);
    for (let i = 1; i < edges.length; i++) {
      expect(Math.abs(edges[i]! - edges[i - 1]! - HALF_PERIOD_NS)).toBeLessThan(TOLERANCE_NS);
    }
  });

  it("starts once the crystal has had the time that embassy-rp gives it", () => {
    const { machine, log } = bootFirmware(`blink-${profile}`);
    machine.run(seconds(0.5));
    // 6000 x 256 cycles of 12 MHz, then 250 ms to the first toggle.
    const started = edgesOf(log, LED)[0]! - HALF_PERIOD_NS;
    expect(started).toBeGreaterThan(128e6);
    expect(started).toBeLessThan(133e6);
  });

  it("runs at 125 MHz and uses nothing that is not emulated", () => {
    const { machine, log } = bootFirmware(`blink-${profile}`);
    machine.run(seconds(1));
    expect(machine.clockHz).toBe(125e6);
    expect(log.filter((line) => line.includes("not emulated"))).toEqual([]);
  });
});

describe("every sample", () => {
  it.each([
    "guard-across-await-bad-release",
    "guard-across-await-good-drop-release",
    "starvation-hog-release",
    "starvation-polite-release",
  ])("%s runs without noise", (name) => {
    const { machine, log } = bootFirmware(name, ["tm1637:clk=2,dio=3"]);
    expect(["time", "stuck"]).toContain(machine.run(seconds(1)));
    expect(log.filter((line) => /not emulated|against|at least/.test(line))).toEqual([]);
  });
});

describe.each(["release", "dev"])("producer-consumer, %s build", (profile) => {
  it("shows a number twice a second, 20 more each time", () => {
    const { machine, log } = bootFirmware(`producer-consumer-${profile}`, ["tm1637:clk=2,dio=3"]);
    machine.run(seconds(4));
    const texts = textsOf(log, "tm1637");
    expect(texts.map(({ text }) => Number(text))).toEqual([116, 136, 156, 176, 196, 216, 236]);
    for (let i = 2; i < texts.length; i++) expect(texts[i]!.time - texts[i - 1]!.time).toBeCloseTo(0.5, 4);
    expect(log.filter((line) => line.includes("tm1637: "))).toEqual([]);
  });
});

describe("button-or-timeout", () => {
  it("shows btn when pressed and time when not", () => {
    const { machine, log } = bootFirmware("button-or-timeout-release", [
      "tm1637:clk=2,dio=3",
      "button:pin=15",
    ]);
    machine.schedule(seconds(1.2), { kind: "press", pin: 15, holdFor: 100e6 });
    machine.run(seconds(8));
    const texts = textsOf(log, "tm1637");
    expect(texts.map(({ text }) => text)).toEqual(["----", "btn ", "time"]);
    expect(texts[1]!.time).toBeCloseTo(1.2, 2);
    // 100 ms until it is released, 20 ms for its contacts to rest, then 5 s of patience.
    expect(texts[2]!.time).toBeCloseTo(6.32, 2);
  });

  it("reaches the task within 20 us of the press", () => {
    const { machine, log } = bootFirmware("button-or-timeout-release", [
      "tm1637:clk=2,dio=3",
      "button:pin=15",
    ]);
    machine.schedule(seconds(1), { kind: "press", pin: 15 });
    machine.run(seconds(1.1));
    const press = log.findIndex((line) => line.includes("GPIO15 low"));
    const answer = log.findIndex((line, i) => i > press && line.includes("GPIO3 low"));
    const delay = Number(log[answer]!.split(" ")[0]) - Number(log[press]!.split(" ")[0]);
    expect(delay).toBeLessThan(20_000);
    expect(log[press + 1]).toMatch(/wake|exception 29/);
  });
});

describe("uart-echo", () => {
  it("sends back what is typed", () => {
    const { machine, log } = bootFirmware("uart-echo-release", ["uart:tx=0,rx=1"]);
    expect(machine.run(seconds(1))).toBe("stuck");
    expect(sentText(log)).toBe("Ready. Type a line.\r\n");
    const from = log.length;
    machine.apply({ kind: "type", uart: 0, text: "Hello, Pico!\r\n" });
    expect(machine.run(seconds(2))).toBe("stuck");
    expect(sentText(log, from)).toBe("Hello, Pico!\r\n");
  });

  it("takes more than its buffers hold", () => {
    const { machine, log } = bootFirmware("uart-echo-release", ["uart:tx=0,rx=1"]);
    machine.run(seconds(1));
    const from = log.length;
    const lines = Array.from({ length: 12 }, (_, i) => `line ${i} of some text\n`);
    machine.apply({ kind: "type", uart: 0, text: lines.join("") });
    machine.run(seconds(3));
    expect(sentText(log, from)).toBe(lines.join("").replaceAll("\n", "\r\n"));
  });

  it("is stuck where only an input could help, and goes on with it", () => {
    const { machine } = bootFirmware("uart-echo-release");
    expect(machine.run(seconds(5))).toBe("stuck");
    expect(machine.now).toBeLessThan(seconds(1));
    machine.idleUntil(seconds(2));
    expect(machine.now).toBeGreaterThanOrEqual(seconds(2));
    expect(machine.run(seconds(5))).toBe("stuck");
  });
});
