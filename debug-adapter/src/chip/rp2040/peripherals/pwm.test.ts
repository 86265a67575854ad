import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const PWM = 0x4005_0000;
const EN = PWM + 0xa0;
const INTR = PWM + 0xa4;
const INTE = PWM + 0xa8;
const INTS = PWM + 0xb0;
const PWM_IRQ_WRAP = 4;
const CSR = 0x00;
const DIV = 0x04;
const CTR = 0x08;
const CC = 0x0c;
const TOP = 0x10;

describe("PWM (4.5)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
    bench.startClocks();
    bench.log.length = 0;
  });

  const slice = (n: number, register: number) => PWM + n * 0x14 + register;

  /** Slice 2 (GPIO4, GPIO5) counting microseconds. */
  function start(top: number, a: number, b: number, csr = 1): void {
    bench.write(slice(2, DIV), 125 << 4);
    bench.write(slice(2, TOP), top);
    bench.write(slice(2, CC), (b << 16) | a);
    bench.write(slice(2, CSR), csr);
  }

  const edges = (pin: number) =>
    bench.log
      .filter((line) => line.includes(`GPIO${pin} `))
      .map((line) => ({ time: Number(line.split(" ")[0]), isHigh: line.endsWith("high") }));

  it("counts in virtual time and wraps at TOP", () => {
    start(999, 0, 0);
    bench.advance(250_500);
    expect(bench.read(slice(2, CTR))).toBe(250);
    bench.advance(1_000_000);
    expect(bench.read(slice(2, CTR))).toBe(250);
  });

  it("drives a pin high for CC counts of a period", () => {
    bench.connectPin(4, 4);
    start(999, 300, 0);
    bench.advance(3_500_000);
    const [rise, fall, next] = edges(4);
    expect([rise?.isHigh, fall?.isHigh, next?.isHigh]).toEqual([true, false, true]);
    expect(fall!.time - rise!.time).toBeCloseTo(300_000, -3);
    expect(next!.time - fall!.time).toBeCloseTo(700_000, -3);
  });

  it("takes CC over at the wrap", () => {
    bench.connectPin(5, 4);
    start(999, 0, 500);
    bench.advance(100_000);
    bench.write(slice(2, CC), 100 << 16);
    bench.advance(2_000_000);
    const [first, second, third, fourth] = edges(5);
    expect(second!.time - first!.time).toBeCloseTo(500_000, -3);
    expect(fourth!.time - third!.time).toBeCloseTo(100_000, -3);
  });

  it("counts up and down when phase-correct, and can invert", () => {
    bench.connectPin(4, 4);
    start(999, 250, 0, 3);
    bench.advance(1_500_500);
    expect(bench.read(slice(2, CTR))).toBe(499);
    bench.advance(3_000_000);
    const pulses = edges(4);
    expect(pulses[3]!.time - pulses[2]!.time).toBeCloseTo(500_000, -3);
    bench.write(slice(2, CSR), 3 | 4);
    expect(bench.machine.pins.level(4)).toBe(!pulses.at(-1)!.isHigh);
  });

  it("raises its interrupt at each wrap", () => {
    bench.write(INTE, 4);
    start(99, 0, 0);
    bench.advance(99_000);
    expect(bench.read(INTR)).toBe(0);
    bench.advance(2000);
    expect(bench.read(INTS)).toBe(4);
    expect(bench.isPending(PWM_IRQ_WRAP)).toBe(true);
    bench.write(INTR, 4);
    expect(bench.read(INTS)).toBe(0);
  });

  it("starts several slices at once with EN", () => {
    bench.write(EN, 0x81);
    expect(bench.read(slice(0, CSR))).toBe(1);
    expect(bench.read(slice(7, CSR))).toBe(1);
    expect(bench.read(EN)).toBe(0x81);
    bench.write(EN, 0);
    const count = bench.read(slice(0, CTR));
    bench.advance(1000);
    expect(bench.read(slice(0, CTR))).toBe(count);
  });

  it("says that it does not count by the B pin", () => {
    bench.write(slice(1, CSR), 1 | (2 << 4));
    expect(bench.log).toEqual(["not emulated: write PWM.CH1_CSR.DIVMODE"]);
  });
});
