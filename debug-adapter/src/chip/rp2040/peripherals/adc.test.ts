import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const ADC = 0x4004_c000;
const CS = ADC;
const RESULT = ADC + 0x04;
const FCS = ADC + 0x08;
const FIFO = ADC + 0x0c;
const DIV = ADC + 0x10;
const INTE = ADC + 0x18;
const READY = 1 << 8;
const ADC_IRQ_FIFO = 22;

describe("ADC (4.9)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
    bench.startClocks();
  });

  it("converts a voltage in 96 cycles of clk_adc", () => {
    bench.machine.blocks.adc.setVoltage(1, 1.65);
    expect(bench.read(CS) & READY).toBe(0);
    bench.write(CS, 1);
    expect(bench.read(CS) & READY).toBe(READY);
    bench.write(CS, 1 | 4 | (1 << 12));
    bench.advance(1800);
    expect(bench.read(CS) & READY).toBe(0);
    bench.advance(300);
    expect(bench.read(CS) & READY).toBe(READY);
    expect(bench.read(RESULT)).toBe(2048);
  });

  it("reads its temperature sensor at 27 degrees", () => {
    bench.write(CS, 1 | 2 | 4 | (4 << 12));
    bench.advance(3000);
    const volts = (bench.read(RESULT) * 3.3) / 4096;
    expect(27 - (volts - 0.706) / 0.001721).toBeCloseTo(27, 0);
  });

  it("converts again and again, round robin, into its FIFO", () => {
    for (const [channel, volts] of [0.5, 1, 1.5].entries())
      bench.machine.blocks.adc.setVoltage(channel, volts);
    bench.write(INTE, 1);
    bench.write(FCS, 1 | (3 << 24));
    bench.write(DIV, 479 << 8);
    bench.write(CS, 1 | 8 | (0b111 << 16));
    bench.advance(15_000);
    expect(bench.isPending(ADC_IRQ_FIFO)).toBe(false);
    bench.advance(8000);
    expect(bench.isPending(ADC_IRQ_FIFO)).toBe(true);
    expect([bench.read(FIFO), bench.read(FIFO), bench.read(FIFO)]).toEqual([620, 1241, 1861]);
  });

  it("flags a FIFO that ran over or under, until ones are written", () => {
    bench.write(FCS, 1);
    bench.read(FIFO);
    expect(bench.read(FCS) & 0xc00).toBe(0x400);
    bench.write(CS, 1 | 8);
    bench.advance(20_000);
    expect(bench.read(FCS) & 0xf0f00).toBe((4 << 16) | 0x800 | 0x400 | 0x200);
    bench.write(CS, 1);
    bench.write(FCS, 0xc01);
    expect(bench.read(FCS) & 0xc00).toBe(0);
  });
});
