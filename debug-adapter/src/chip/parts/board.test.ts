import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";
import { Drive } from "../net";
import { Led } from "./led";
import { parsePartSpecs } from "./part-spec";
import { UartTerminal } from "./uart-terminal";

const GPIO_IN = 0xd000_0004;

function board(...parts: string[]): Rp2040Bench {
  const bench = new Rp2040Bench(parsePartSpecs(parts));
  bench.startClocks();
  return bench;
}

describe("parts on a board", () => {
  it("a button pulls its pin low against the pad's pull-up", () => {
    const bench = board("button:pin=15");
    bench.connectPin(15, 5, { pullUp: true });
    expect(bench.read(GPIO_IN)).toBe(1 << 15);
    bench.machine.apply({ kind: "press", pin: 15 });
    expect(bench.read(GPIO_IN)).toBe(0);
    bench.machine.apply({ kind: "release", pin: 15 });
    expect(bench.read(GPIO_IN)).toBe(1 << 15);
  });

  it("a button to 3V3 pulls its pin high", () => {
    const bench = board("button:pin=15,to=3v3");
    bench.connectPin(15, 5);
    bench.machine.apply({ kind: "press", pin: 15 });
    expect(bench.read(GPIO_IN)).toBe(1 << 15);
  });

  it("an LED follows its pin", () => {
    const bench = board("led:pin=25", "led:pin=24,to=3v3");
    const [high, low] = bench.machine.parts.filter((part) => part instanceof Led);
    expect([high!.isLit, low!.isLit]).toEqual([false, true]);
    for (const pin of [24, 25]) bench.connectPin(pin, 5);
    bench.write(0xd000_0024, 3 << 24);
    bench.write(0xd000_0014, 3 << 24);
    expect([high!.isLit, low!.isLit]).toEqual([true, false]);
  });

  it("a terminal shows what is sent, and types", () => {
    const bench = board("uart:tx=4,rx=5");
    bench.connectPin(4, 2);
    bench.connectPin(5, 2, { pullUp: true });
    bench.write(0x4003_8024, 67);
    bench.write(0x4003_802c, 0x70);
    bench.write(0x4003_8030, 0x301);
    for (const character of "Hi") bench.write(0x4003_8000, character.charCodeAt(0));
    bench.machine.apply({ kind: "type", uart: 1, text: "ok" });
    bench.advance(1_000_000);
    const [terminal] = bench.machine.parts.filter((part) => part instanceof UartTerminal);
    expect(terminal!.text).toBe("Hi");
    expect([bench.read(0x4003_8000), bench.read(0x4003_8000)]).toEqual([0x6f, 0x6b]);
  });

  it("does scripted inputs at their time, in order, and releases what is held", () => {
    const bench = board("button:pin=15");
    bench.connectPin(15, 5, { pullUp: true });
    bench.log.length = 0;
    const start = bench.now;
    const at = (milliseconds: number) => (start + milliseconds * 1e6) as never;
    bench.machine.schedule(at(30), { kind: "probe", pin: 2, level: "high" });
    bench.machine.schedule(at(10), { kind: "press", pin: 15, holdFor: 5e6 });
    bench.machine.schedule(at(20), { kind: "press", pin: 15 });
    bench.advance(50e6);
    const log = bench.log.map((line) => {
      const [time, ...rest] = line.split(" ");
      return `${Math.round((Number(time) - start) / 1e6)} ms ${rest.join(" ")}`;
    });
    expect(log).toEqual(["10 ms GPIO15 low", "15 ms GPIO15 high", "20 ms GPIO15 low", "30 ms GPIO2 high"]);
  });

  it("refuses inputs that nothing can take", () => {
    const bench = board("tmp102:sda=4,scl=5");
    expect(() => bench.machine.apply({ kind: "press", pin: 3 })).toThrow(
      "No button is wired to GPIO3; add the part button:pin=3",
    );
    expect(() => bench.machine.apply({ kind: "temperature", part: "oven", celsius: 1 })).toThrow(
      'No temperature sensor is called "oven"; use one of tmp102@0x48',
    );
  });

  it("knows what its wires do", () => {
    const bench = board();
    bench.machine.pins.setProbe(3, Drive.high);
    expect(bench.machine.pins.level(3)).toBe(true);
    expect(bench.machine.pins.drive(3)).toBe(Drive.pullDown);
  });
});

describe("TMP102 on a bus driven by hand", () => {
  const SDA = 4;
  const SCL = 5;

  /** Open drain: a set bit in GPIO_OE pulls low. */
  class BitBang {
    readonly bench = board("tmp102:sda=4,scl=5,address=0x4a");

    constructor() {
      for (const pin of [SDA, SCL]) this.bench.connectPin(pin, 5);
    }

    set(pin: number, isHigh: boolean): void {
      this.bench.write(isHigh ? 0xd000_0028 : 0xd000_0024, 1 << pin);
      this.bench.advance(1000);
    }

    get sda(): boolean {
      return ((this.bench.read(GPIO_IN) >>> SDA) & 1) !== 0;
    }

    start(): void {
      this.set(SDA, true);
      this.set(SCL, true);
      this.set(SDA, false);
      this.set(SCL, false);
    }

    stop(): void {
      this.set(SDA, false);
      this.set(SCL, true);
      this.set(SDA, true);
    }

    bit(isHigh: boolean): boolean {
      this.set(SDA, isHigh);
      this.set(SCL, true);
      const { sda } = this;
      this.set(SCL, false);
      return sda;
    }

    /** Returns whether it was acknowledged. */
    write(byte: number): boolean {
      for (let i = 7; i >= 0; i--) this.bit(((byte >>> i) & 1) !== 0);
      return !this.bit(true);
    }

    read(isLast: boolean): number {
      let byte = 0;
      for (let i = 0; i < 8; i++) byte = (byte << 1) | Number(this.bit(true));
      this.bit(isLast);
      return byte;
    }
  }

  it("acknowledges its own address only", () => {
    const bus = new BitBang();
    bus.start();
    expect(bus.write(0x48 << 1)).toBe(false);
    bus.stop();
    bus.start();
    expect(bus.write(0x4a << 1)).toBe(true);
    bus.stop();
    expect(bus.sda).toBe(true);
  });

  it("reads negative temperatures and keeps its pointer", () => {
    const bus = new BitBang();
    bus.bench.machine.apply({ kind: "temperature", part: "tmp102@0x4a", celsius: -25 });
    for (let i = 0; i < 2; i++) {
      bus.start();
      expect(bus.write((0x4a << 1) | 1)).toBe(true);
      expect([bus.read(false), bus.read(true)]).toEqual([0xe7, 0x00]);
      bus.stop();
    }
  });

  it("has registers that can be written, and an extended mode", () => {
    const bus = new BitBang();
    bus.bench.machine.apply({ kind: "temperature", part: "tmp102@0x4a", celsius: 150 });
    bus.start();
    expect([bus.write(0x4a << 1), bus.write(1), bus.write(0x60), bus.write(0xb0)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    bus.start();
    bus.write(0x4a << 1);
    bus.write(0);
    bus.start();
    bus.write((0x4a << 1) | 1);
    expect([bus.read(false), bus.read(true)]).toEqual([0x4b, 0x01]);
    bus.stop();
  });
});
