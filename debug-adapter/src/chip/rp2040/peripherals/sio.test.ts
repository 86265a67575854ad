import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";
import { SioDivider } from "./sio-divider";

const SIO = 0xd000_0000;
const SPINLOCK_ST = SIO + 0x5c;
const SPINLOCK0 = SIO + 0x100;
const FIFO_ST = SIO + 0x50;
const FIFO_WR = SIO + 0x54;
const FIFO_RD = SIO + 0x58;
const SIO_IRQ_PROC0 = 15;

describe("SIO (2.3.1)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
  });

  it("is core 0", () => {
    expect(bench.read(SIO)).toBe(0);
  });

  it("gives a spinlock to the first who reads it, until it is written", () => {
    expect(bench.read(SPINLOCK0 + 31 * 4)).toBe(0x8000_0000);
    expect(bench.read(SPINLOCK0 + 31 * 4)).toBe(0);
    expect(bench.read(SPINLOCK0)).toBe(1);
    expect(bench.read(SPINLOCK_ST)).toBe(0x8000_0001);
    bench.write(SPINLOCK0 + 31 * 4, 0);
    expect(bench.read(SPINLOCK_ST)).toBe(1);
    expect(bench.read(SPINLOCK0 + 31 * 4)).toBe(0x8000_0000);
  });

  it("does not take a spinlock when a debugger looks", () => {
    const word = new Uint8Array(4);
    bench.machine.peek(SPINLOCK0 + 8, word);
    expect(word[0]).toBe(4);
    expect(bench.read(SPINLOCK_ST)).toBe(0);
  });

  it("sets, clears and toggles outputs", () => {
    bench.write(SIO + 0x10, 0xff);
    bench.write(SIO + 0x14, 0x100);
    bench.write(SIO + 0x18, 0x0f);
    bench.write(SIO + 0x1c, 0x30);
    expect(bench.read(SIO + 0x10)).toBe(0x1c0);
    bench.write(SIO + 0x20, 0xffff_ffff);
    expect(bench.read(SIO + 0x20)).toBe(0x3fff_ffff);
    bench.write(SIO + 0x2c, 1);
    expect(bench.read(SIO + 0x20)).toBe(0x3fff_fffe);
  });

  it("has an empty FIFO from a core 1 that never answers", () => {
    expect(bench.read(FIFO_ST)).toBe(2);
    expect(bench.read(FIFO_RD)).toBe(0);
    expect(bench.read(FIFO_ST)).toBe(2 | 8);
    expect(bench.isPending(SIO_IRQ_PROC0)).toBe(true);
    bench.write(FIFO_ST, 0xff);
    for (let i = 0; i < 8; i++) bench.write(FIFO_WR, i);
    expect(bench.read(FIFO_ST)).toBe(0);
    bench.write(FIFO_WR, 9);
    expect(bench.read(FIFO_ST)).toBe(4);
    expect(bench.log).toEqual(["not emulated: write SIO.FIFO_WR"]);
  });

  it("reports a register that does not exist by its offset", () => {
    bench.read(SIO + 0x7c);
    bench.read(SIO + 0x7c);
    expect(bench.log).toEqual(["not emulated: read SIO+0x7c"]);
  });
});

describe("divider (2.3.1.5)", () => {
  function divide(dividend: number, divisor: number, isSigned: boolean): [number, number] {
    const divider = new SioDivider();
    const base = isSigned ? 0x68 : 0x60;
    divider.write(base, dividend, 0);
    divider.write(base + 4, divisor, 0);
    const remainder = divider.read(0x74);
    return [divider.read(0x70), remainder];
  }

  it("divides unsigned and signed", () => {
    expect(divide(100, 7, false)).toEqual([14, 2]);
    expect(divide(0xffff_ffff, 2, false)).toEqual([0x7fff_ffff, 1]);
    expect(divide(-100, 7, true)).toEqual([-14 >>> 0, -2 >>> 0]);
    expect(divide(100, -7, true)).toEqual([-14 >>> 0, 2]);
    expect(divide(0x8000_0000, -1, true)).toEqual([0x8000_0000, 0]);
  });

  it("divides by zero without a trap", () => {
    expect(divide(100, 0, false)).toEqual([0xffff_ffff, 100]);
    expect(divide(100, 0, true)).toEqual([0xffff_ffff, 100]);
    expect(divide(-100, 0, true)).toEqual([1, -100 >>> 0]);
  });

  it("is ready 8 cycles after an operand, and dirty until the quotient is read", () => {
    const divider = new SioDivider();
    expect(divider.csr(0)).toBe(1);
    divider.write(0x60, 9, 100);
    expect(divider.csr(107)).toBe(2);
    expect(divider.csr(108)).toBe(3);
    divider.read(0x74);
    expect(divider.csr(110)).toBe(3);
    divider.read(0x70);
    expect(divider.csr(110)).toBe(1);
  });

  it("takes back a saved result, as an interrupt handler restores it", () => {
    const divider = new SioDivider();
    divider.write(0x60, 9, 0);
    divider.write(0x74, 5, 1);
    divider.write(0x70, 4, 2);
    expect(divider.csr(2)).toBe(3);
    expect(divider.read(0x74)).toBe(5);
    expect(divider.read(0x70)).toBe(4);
  });
});
