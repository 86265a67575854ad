import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const DMA = 0x5000_0000;
const SRAM = 0x2000_1000;
const INTR = DMA + 0x400;
const INTE0 = DMA + 0x404;
const INTS0 = DMA + 0x40c;
const UART0 = 0x4003_4000;
const DMA_IRQ_0 = 11;

const ch = (n: number, register: number) => DMA + n * 0x40 + register;
const EN = 1;
const WORD = 2 << 2;
const INCR_READ = 1 << 4;
const INCR_WRITE = 1 << 5;
const PERMANENT = 0x3f << 15;
const chainTo = (n: number) => n << 11;
const BUSY = 1 << 24;

describe("DMA (2.5)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
    bench.startClocks();
    for (let i = 0; i < 64; i++) bench.write(SRAM + i * 4, 0x0101_0101 * i);
  });

  function start(n: number, from: number, to: number, count: number, ctrl: number): void {
    bench.write(ch(n, 0), from);
    bench.write(ch(n, 4), to);
    bench.write(ch(n, 8), count);
    bench.write(ch(n, 0xc), ctrl);
  }

  it("copies memory, a transfer a cycle, and raises its interrupt", () => {
    bench.write(INTE0, 1);
    start(0, SRAM, SRAM + 0x800, 64, EN | WORD | INCR_READ | INCR_WRITE | PERMANENT | chainTo(0));
    expect(bench.read(ch(0, 0xc)) & BUSY).toBe(BUSY);
    bench.advance(40 * 8);
    expect(bench.read(ch(0, 0xc)) & BUSY).toBe(BUSY);
    bench.advance(24 * 8);
    expect(bench.read(ch(0, 0xc)) & BUSY).toBe(0);
    expect(bench.read(SRAM + 0x800 + 63 * 4)).toBe(0x3f3f_3f3f);
    expect(bench.read(ch(0, 0))).toBe(SRAM + 256);
    expect(bench.read(ch(0, 8))).toBe(0);
    expect(bench.read(INTS0)).toBe(1);
    expect(bench.isPending(DMA_IRQ_0)).toBe(true);
    bench.write(INTS0, 1);
    expect(bench.read(INTR)).toBe(0);
  });

  it("chains to another channel", () => {
    start(1, SRAM + 4, SRAM + 0x900, 1, WORD | PERMANENT | chainTo(1));
    bench.write(ch(1, 0x10), EN | WORD | PERMANENT | chainTo(1));
    start(0, SRAM + 8, SRAM + 0x904, 1, EN | WORD | PERMANENT | chainTo(1));
    bench.advance(1000);
    expect(bench.read(SRAM + 0x904)).toBe(0x0202_0202);
    expect(bench.read(SRAM + 0x900)).toBe(0x0101_0101);
    expect(bench.read(INTR)).toBe(3);
  });

  it("wraps addresses in a ring", () => {
    start(2, SRAM, SRAM + 0x800, 8, EN | WORD | INCR_READ | INCR_WRITE | PERMANENT | chainTo(2) | (4 << 6));
    bench.advance(1000);
    const words = Array.from({ length: 8 }, (_, i) => bench.read(SRAM + 0x800 + i * 4) & 0xff);
    expect(words).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it("swaps bytes", () => {
    bench.write(SRAM, 0x1122_3344);
    start(0, SRAM, SRAM + 0x800, 1, EN | WORD | PERMANENT | chainTo(0) | (1 << 22));
    bench.advance(1000);
    expect(bench.read(SRAM + 0x800)).toBe(0x4433_2211);
  });

  it("feeds a UART as fast as it asks", () => {
    bench.connectPin(0, 2);
    bench.write(UART0 + 0x24, 67);
    bench.write(UART0 + 0x28, 52);
    bench.write(UART0 + 0x2c, 0x70);
    bench.write(UART0 + 0x30, 0x301);
    bench.write(UART0 + 0x48, 2);
    for (let i = 0; i < 50; i++) bench.write(SRAM + i, i, 1);
    start(3, SRAM, UART0, 50, EN | INCR_READ | (20 << 15) | chainTo(3));
    bench.advance(1_000_000);
    expect(bench.read(ch(3, 0xc)) & BUSY).toBe(BUSY);
    bench.advance(4_000_000);
    expect(bench.read(ch(3, 0xc)) & BUSY).toBe(0);
    const sent = bench.log
      .filter((line) => line.includes("transmit"))
      .map((line) => Number(line.split(" ").at(-1)));
    expect(sent).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it("is paced by its timers", () => {
    bench.write(DMA + 0x420, (1 << 16) | 1250);
    start(4, SRAM, SRAM + 0x800, 10, EN | WORD | INCR_WRITE | (0x3b << 15) | chainTo(4));
    bench.advance(45_000);
    expect(bench.read(ch(4, 8))).toBe(5);
    bench.advance(60_000);
    expect(bench.read(ch(4, 0xc)) & BUSY).toBe(0);
  });

  it("halts on a bus error", () => {
    start(5, 0x9000_0000, SRAM, 4, EN | WORD | PERMANENT | chainTo(5));
    bench.advance(1000);
    expect(bench.read(ch(5, 0xc)) >>> 24).toBe(0xc0);
    expect(bench.read(INTR)).toBe(1 << 5);
    bench.write(ch(5, 0x10), 1 << 30);
    expect(bench.read(ch(5, 0xc))).toBe(0);
  });

  it("starts by any of its triggers, aborts, and ignores a null trigger", () => {
    bench.write(ch(6, 0x10), EN | WORD | PERMANENT | chainTo(6) | INCR_WRITE);
    bench.write(ch(6, 4), SRAM + 0x800);
    bench.write(ch(6, 8), 4);
    bench.write(ch(6, 0x3c), 0);
    expect(bench.read(ch(6, 0xc)) & BUSY).toBe(0);
    bench.write(ch(6, 0x3c), SRAM + 4);
    expect(bench.read(ch(6, 0xc)) & BUSY).toBe(BUSY);
    bench.write(DMA + 0x444, 1 << 6);
    expect(bench.read(ch(6, 0xc)) & BUSY).toBe(0);
    bench.write(DMA + 0x430, 1 << 6);
    bench.advance(1000);
    expect(bench.read(SRAM + 0x80c)).toBe(0x0101_0101);
  });

  it("says in CHx_DBG_TCR how many transfers a channel begins with, and in TRANS_COUNT how many are left", () => {
    bench.write(SRAM, 0x0101_0101);
    start(5, SRAM, SRAM + 0x100, 3, EN | WORD | PERMANENT | chainTo(5));
    bench.advance(1000);
    expect([bench.read(ch(5, 0x8)), bench.read(DMA + 0x804 + 5 * 0x40)]).toEqual([0, 3]);
  });

  it("reports a data request that is not emulated", () => {
    start(0, SRAM, SRAM, 1, EN | WORD | chainTo(0));
    expect(bench.log).toContain("not emulated: write DMA.CH0_CTRL_TRIG with TREQ_SEL 0");
  });

  it("has twelve channels and names their registers", () => {
    expect(bench.read(DMA + 0x448)).toBe(12);
    const { dma } = bench.machine.blocks;
    expect([0x0c, 0x7c, 0x2e8, 0x804].map((offset) => dma.registerName(offset))).toEqual([
      "CH0_CTRL_TRIG",
      "CH1_AL3_READ_ADDR_TRIG",
      "CH11_AL2_READ_ADDR",
      "CH0_DBG_TCR",
    ]);
  });
});
