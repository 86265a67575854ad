import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const SPI0 = 0x4003_c000;
const CR0 = SPI0;
const CR1 = SPI0 + 0x04;
const DR = SPI0 + 0x08;
const SR = SPI0 + 0x0c;
const CPSR = SPI0 + 0x10;
const IMSC = SPI0 + 0x14;
const RIS = SPI0 + 0x18;
const SPI0_IRQ = 18;

function started(cr1: number): Rp2040Bench {
  const bench = new Rp2040Bench();
  bench.startClocks();
  // 125 MHz / (25 x 5) = 1 MHz, 8 bits.
  bench.write(CPSR, 250);
  bench.write(CR0, 7 | (0 << 8));
  bench.write(CR1, cr1);
  return bench;
}

describe("SPI (4.4)", () => {
  it("takes the time of its bits and hears itself in loopback", () => {
    const bench = started(3);
    bench.write(DR, 0x1a5);
    expect(bench.read(SR)).toBe(0x13);
    bench.advance(15_900);
    expect(bench.read(SR) & 4).toBe(0);
    bench.advance(200);
    expect(bench.read(SR)).toBe(0x07);
    expect(bench.read(DR)).toBe(0xa5);
  });

  it("receives the level of its RX pin", () => {
    const bench = started(2);
    bench.connectPin(0, 1, { pullUp: true });
    bench.write(DR, 0);
    bench.advance(17_000);
    expect(bench.read(DR)).toBe(0xff);
  });

  it("says once that frames are not clocked out", () => {
    const bench = started(2);
    bench.write(DR, 1);
    bench.write(DR, 2);
    expect(bench.log).toEqual(["not emulated: write SPI0.SSPDR"]);
  });

  it("raises RX at half a FIFO and flags an overrun", () => {
    const bench = started(3);
    bench.write(IMSC, 4);
    for (let i = 0; i < 8; i++) bench.write(DR, i);
    expect(bench.read(SR) & 2).toBe(2);
    bench.advance(3.5 * 16_000);
    expect(bench.isPending(SPI0_IRQ)).toBe(false);
    bench.advance(16_000);
    expect(bench.isPending(SPI0_IRQ)).toBe(true);
    bench.advance(100_000);
    bench.write(DR, 9);
    bench.advance(17_000);
    expect(bench.read(RIS) & 1).toBe(1);
    expect(Array.from({ length: 8 }, () => bench.read(DR))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
