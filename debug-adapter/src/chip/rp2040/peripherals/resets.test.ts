import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const RESET = 0x4000_c000;
const RESET_DONE = 0x4000_c008;
const SET = 0x2000;
const CLR = 0x3000;
const UART0 = 1 << 22;
const UART0_IBRD = 0x4003_4024;
const PSM_FRCE_OFF = 0x4001_0004;
const PSM_DONE = 0x4001_000c;

describe("RESETS (2.14)", () => {
  it("releases what the boot ROM needs, and holds the rest", () => {
    const bench = new Rp2040Bench();
    expect(bench.read(RESET)).toBe(0x01ff_ffff & ~((1 << 6) | (1 << 9) | (1 << 21)));
  });

  it("holds a block: its registers keep their reset values", () => {
    const bench = new Rp2040Bench();
    bench.write(UART0_IBRD, 67);
    expect(bench.read(UART0_IBRD)).toBe(0);
    bench.write(RESET + CLR, UART0);
    expect(bench.read(RESET_DONE) & UART0).toBe(UART0);
    bench.write(UART0_IBRD, 67);
    expect(bench.read(UART0_IBRD)).toBe(67);
    bench.write(RESET + SET, UART0);
    expect(bench.read(RESET_DONE) & UART0).toBe(0);
    expect(bench.read(UART0_IBRD)).toBe(0);
  });

  it("resets only the blocks whose bit has changed", () => {
    const bench = new Rp2040Bench();
    bench.write(RESET, 0);
    bench.write(UART0_IBRD, 67);
    bench.write(RESET + SET, 1 << 23);
    bench.write(RESET + CLR, 1 << 23);
    expect(bench.read(UART0_IBRD)).toBe(67);
  });
});

describe("PSM (2.13)", () => {
  it("resets SIO when it is forced off", () => {
    const bench = new Rp2040Bench();
    bench.read(0xd000_0100 + 31 * 4);
    expect(bench.read(0xd000_005c)).toBe(0x8000_0000);
    bench.write(PSM_FRCE_OFF, 1 << 14);
    expect(bench.read(PSM_DONE) & (1 << 14)).toBe(0);
    bench.write(PSM_FRCE_OFF, 0);
    expect(bench.read(PSM_DONE)).toBe(0x1_ffff);
    expect(bench.read(0xd000_005c)).toBe(0);
  });
});

describe("blocks that only say what they are", () => {
  it("say RP2040 B2, an ASIC, with good voltage", () => {
    const bench = new Rp2040Bench();
    bench.write(RESET, 0);
    expect(bench.read(0x4000_0000)).toBe(0x2000_2927);
    expect(bench.read(0x4000_0004)).toBe(2);
    expect(bench.read(0x4006_c000)).toBe(1);
    expect(bench.read(0x4006_4000)).toBe(0x10b1);
    expect(bench.read(0x4006_4008)).toBe(0x100);
    expect(bench.log).toEqual([]);
  });
});
