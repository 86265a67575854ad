import { beforeEach, describe, expect, it } from "vitest";
import { nanoseconds } from "../../base/brand";
import { Drive, Net } from "../net";
import { Scheduler } from "../scheduler";
import { readSegments } from "./seven-segment";
import { Tm1637 } from "./tm1637";

/** A driver of the two wires, open drain as the data sheet wants it. */
class Wires {
  readonly scheduler = new Scheduler();
  readonly nets = [new Net("clk"), new Net("dio")] as const;
  readonly shown: string[] = [];
  readonly faults: string[] = [];
  readonly part: Tm1637;
  readonly acknowledged: boolean[] = [];
  /** Half a clock. */
  step = 2000;
  private readonly clk = this.nets[0].addDriver("clk");
  private readonly dio = this.nets[1].addDriver("dio");

  constructor() {
    this.part = new Tm1637(
      "display",
      {
        scheduler: this.scheduler,
        net: (pin) => this.nets[pin]!,
        serialLine: () => {
          throw new Error("no UART here");
        },
        hooks: {
          onDisplay: (_, text) => this.shown.push(text),
          onFault: (source, what) => this.faults.push(`${source}: ${what}`),
        },
      },
      { clk: 0, dio: 1 },
    );
  }

  wait(time = this.step): void {
    const end = nanoseconds(this.scheduler.now + time);
    while (this.scheduler.nextDue <= end) {
      this.scheduler.now = this.scheduler.nextDue;
      this.scheduler.runDue();
    }
    this.scheduler.now = end;
  }

  set(wire: "clk" | "dio", isHigh: boolean): void {
    this[wire].set(isHigh ? Drive.floating : Drive.low);
    this.wait();
  }

  transaction(...bytes: number[]): void {
    this.set("dio", false);
    for (const byte of bytes) this.byte(byte);
    this.set("clk", false);
    this.set("dio", false);
    this.set("clk", true);
    this.set("dio", true);
  }

  private byte(byte: number): void {
    for (let bit = 0; bit < 8; bit++) {
      this.set("clk", false);
      this.set("dio", ((byte >>> bit) & 1) !== 0);
      this.set("clk", true);
    }
    this.set("clk", false);
    this.set("dio", true);
    this.acknowledged.push(!this.nets[1].isHigh);
    this.set("clk", true);
  }
}

const [ZERO, ONE, TWO, THREE, FOUR] = [0x3f, 0x06, 0x5b, 0x4f, 0x66] as const;

describe("TM1637", () => {
  let wires: Wires;
  beforeEach(() => {
    wires = new Wires();
  });

  it("shows digits written with auto-increment, once it is on", () => {
    wires.transaction(0x40);
    wires.transaction(0xc0, ONE, TWO, THREE, FOUR);
    expect(wires.shown).toEqual([]);
    wires.transaction(0x8f);
    expect(wires.shown).toEqual(["1234"]);
    expect(wires.part.brightness).toBe(7);
    expect(wires.faults).toEqual([]);
  });

  it("acknowledges every byte and lets go again", () => {
    wires.transaction(0x40);
    wires.transaction(0xc0, ONE);
    expect(wires.acknowledged).toEqual([true, true, true]);
    expect(wires.nets.map(({ isHigh }) => isHigh)).toEqual([true, true]);
  });

  it("writes single digits at fixed addresses, and reports them as one", () => {
    wires.transaction(0x88);
    wires.transaction(0x44);
    [ONE, TWO, THREE, FOUR].forEach((pattern, digit) => wires.transaction(0xc0 + digit, pattern));
    wires.wait(5e6);
    expect(wires.shown).toEqual(["1234"]);
    wires.transaction(0xc3, ZERO);
    wires.wait(5e6);
    expect(wires.shown).toEqual(["1234", "1230"]);
  });

  it("shows the colon and decimal points", () => {
    wires.transaction(0x40);
    wires.transaction(0xc0, ONE, TWO | 0x80, THREE, FOUR);
    wires.transaction(0x88);
    wires.transaction(0xc0, ONE | 0x80, TWO, THREE, FOUR);
    expect(wires.shown).toEqual(["12:34", "1.234"]);
  });

  it("shows nothing while off, and what it remembers when on again", () => {
    wires.transaction(0x40);
    wires.transaction(0xc0, ONE, TWO, THREE, FOUR);
    wires.transaction(0x88);
    wires.transaction(0x80);
    wires.transaction(0x8b);
    expect(wires.shown).toEqual(["1234", "    ", "1234"]);
  });

  it("does not report what reads the same", () => {
    wires.transaction(0x88);
    wires.transaction(0x40);
    wires.transaction(0xc0, ONE, TWO, THREE, FOUR);
    wires.transaction(0xc0, ONE, TWO, THREE, FOUR);
    wires.transaction(0x8f);
    expect(wires.shown).toEqual(["1234"]);
  });

  it("reads words", () => {
    const text = (...patterns: number[]) => patterns.map(readSegments).join("");
    expect(text(0x7c, 0x78, 0x54, 0x00)).toBe("btn ");
    expect(text(0x78, 0x10, 0x15, 0x7b)).toBe("time");
    expect(text(0x78, 0x04, 0x55, 0x79)).toBe("timE");
    expect(text(0x40, 0x40, 0x63, 0x39)).toBe("--°C");
    expect(text(0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f)).toBe("0123456789");
    expect(text(0x01)).toBe("?");
  });

  it("names timing faults once per kind", () => {
    wires.step = 50;
    wires.transaction(0x40, 0x55);
    const kinds = wires.faults.map((fault) => fault.replace(/: \d+ ns.*/, ""));
    expect(new Set(kinds)).toEqual(
      new Set(["display: a CLK pulse", "display: DIO before CLK rises", "display: DIO after CLK has risen"]),
    );
    expect(wires.faults).toHaveLength(3);
    expect(wires.faults[0]).toMatch(/100 ns, at least 400 ns are needed|50 ns, at least/);
  });

  it("accepts the data sheet's fastest clock", () => {
    wires.step = 500;
    wires.transaction(0x40, 0x55);
    expect(wires.faults).toEqual([]);
  });

  it("names commands that do nothing", () => {
    wires.transaction(0x00);
    wires.transaction(0xc7, ONE);
    expect(wires.faults).toEqual(["display: 0x0 is no command", "display: digit 7 does not exist"]);
  });

  it("begins again after a start in the middle of a byte", () => {
    wires.transaction(0x88);
    wires.set("dio", false);
    wires.set("clk", false);
    wires.set("dio", true);
    wires.set("clk", true);
    wires.transaction(0x40);
    wires.transaction(0xc0, ONE, TWO, THREE, FOUR);
    expect(wires.shown).toEqual(["1234"]);
  });
});
