import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";
import { Drive } from "../net";
import { formatPartSpec, parsePartSpec, parsePartSpecs } from "./part-spec";

const GPIO_IN = 0xd000_0004;

function bench(...parts: readonly string[]): Rp2040Bench {
  const made = new Rp2040Bench(parsePartSpecs(parts));
  made.startClocks();
  return made;
}

function wire({ machine }: Rp2040Bench, text: string): void {
  machine.apply({ kind: "wire", part: parsePartSpec(text) });
}

describe("a breadboard", () => {
  it("wires a part while the machine runs, and gives the nets back when it is taken off", () => {
    const board = bench();
    board.connectPin(15, 5, { pullUp: true });
    wire(board, "button:pin=15");
    board.machine.apply({ kind: "press", pin: 15 });
    expect(board.read(GPIO_IN)).toBe(0);
    board.machine.apply({ kind: "unwire", part: "button15" });
    expect(board.read(GPIO_IN)).toBe(1 << 15);
    expect(() => board.machine.apply({ kind: "release", pin: 15 })).toThrow("No button is wired to GPIO15");
  });

  it("tells a part that was taken off nothing more", () => {
    const board = bench("led:pin=25");
    board.connectPin(25, 5);
    const [led] = board.machine.parts;
    board.machine.apply({ kind: "unwire", part: "led25" });
    board.write(0xd000_0024, 1 << 25);
    board.write(0xd000_0014, 1 << 25);
    expect(led!.shows()).toEqual({ kind: "led", isLit: false, timesLit: 0 });
    wire(board, "led:pin=25");
    expect(board.machine.parts[0]!.shows()).toEqual({ kind: "led", isLit: true, timesLit: 0 });
  });

  it("wires two parts to one pin only where they share a bus, and no name twice", () => {
    const board = bench("tmp102:sda=4,scl=5");
    wire(board, "tmp102:sda=4,scl=5,address=0x49");
    expect(() => wire(board, "led:pin=4")).toThrow(
      "GPIO4 is used twice: by tmp102@0x49 (sda) and led4 (pin)",
    );
    expect(() => wire(board, "led:pin=6,name=tmp102@0x48")).toThrow('Two parts are called "tmp102@0x48"');
    expect(() => board.machine.apply({ kind: "unwire", part: "oven" })).toThrow(
      'No part is called "oven"; the parts are tmp102@0x48, tmp102@0x49',
    );
    expect(board.machine.partSpecs.map(formatPartSpec)).toEqual([
      "tmp102:sda=4,scl=5",
      "tmp102:sda=4,scl=5,address=0x49",
    ]);
  });

  it("tells of a part that cannot be wired when its time has come, and goes on", () => {
    const board = bench();
    const soon = (board.now + 1000) as never;
    board.machine.schedule(soon, { kind: "wire", part: parsePartSpec("led:pin=3") });
    wire(board, "button:pin=3");
    board.advance(2000);
    expect(board.log.filter((line) => line.includes("led3"))).toEqual([
      expect.stringMatching(/led3: GPIO3 is used twice: by button3 \(pin\) and led3 \(pin\)/),
    ]);
    expect(board.machine.partSpecs.map(({ name }) => name)).toEqual(["button3"]);
  });

  it("remembers what was done, each press with its release, also across a snapshot", () => {
    const board = bench("button:pin=15");
    const { machine } = board;
    machine.apply({ kind: "press", pin: 15, holdFor: 5000 });
    const start = board.now;
    const snapshot = machine.takeSnapshot();
    board.advance(10_000);
    const kinds = () => machine.allInputs.map(({ at, input }) => `${input.kind} ${at - start}`);
    expect(kinds()).toEqual(["press 0", "release 5000"]);
    machine.apply({ kind: "probe", pin: 2, level: "high" });
    machine.restore(snapshot);
    expect(kinds()).toEqual(["press 0", "release 5000"]);
    machine.apply({ kind: "press", pin: 15 });
    // The release that was to come came first.
    expect(kinds()).toEqual(["press 0", "release 0", "press 0"]);
  });
});

describe("a pin from outside", () => {
  it("tells level, function, direction, pull, and for how long it was high", () => {
    const board = bench();
    board.connectPin(3, 5, { pullUp: true });
    expect(board.machine.pins.stateOf(3)).toMatchObject({
      ...{ isHigh: true, signal: "SIO", isDriven: false, isInput: true, pull: "up", probe: "none" },
    });
    const before = board.machine.pins.stateOf(3);
    board.advance(1000);
    board.machine.pins.setProbe(3, Drive.low);
    board.advance(5000);
    const after = board.machine.pins.stateOf(3);
    expect(after).toMatchObject({ isHigh: false, probe: "low", changes: before.changes + 1 });
    expect(Math.abs(after.highFor - before.highFor - 1000)).toBeLessThan(50);
    board.connectPin(3, 31);
    expect(board.machine.pins.stateOf(3).signal).toBe("none");
  });

  it.each([
    [1, 4, "SPI0 RX"],
    [2, 8, "UART1 TX"],
    [3, 7, "I2C1 SCL"],
    [4, 25, "PWM4 B"],
    [6, 9, "PIO0"],
    [8, 21, "CLOCK GPOUT0"],
    [9, 4, "USB VBUS DET"],
  ])("names function %i of GPIO%i %s, as the datasheet's table 279 does", (select, pin, signal) => {
    const board = bench();
    board.connectPin(pin, select);
    expect(board.machine.pins.stateOf(pin).signal).toBe(signal);
  });
});
