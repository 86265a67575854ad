import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const CLOCKS = 0x4000_8000;
const CLK_REF_CTRL = CLOCKS + 0x30;
const CLK_REF_SELECTED = CLOCKS + 0x38;
const CLK_SYS_CTRL = CLOCKS + 0x3c;
const CLK_SYS_DIV = CLOCKS + 0x40;
const CLK_SYS_SELECTED = CLOCKS + 0x44;
const FC0_SRC = CLOCKS + 0x94;
const FC0_STATUS = CLOCKS + 0x98;
const FC0_RESULT = CLOCKS + 0x9c;
const XOSC_CTRL = 0x4002_4000;
const XOSC_STATUS = 0x4002_4004;
const XOSC_STARTUP = 0x4002_400c;
const ROSC = 0x4006_0000;
const PLL_SYS = 0x4002_8000;
const STABLE = 0x8000_0000;

describe("clocks after boot", () => {
  it("run on the ring oscillator at 6.5 MHz", () => {
    const bench = new Rp2040Bench();
    expect(bench.machine.clockHz).toBe(6_500_000);
    expect(bench.read(CLK_SYS_SELECTED)).toBe(1);
    expect(bench.read(CLK_REF_SELECTED)).toBe(1);
  });
});

describe("XOSC (2.16)", () => {
  it("is stable after STARTUP.DELAY x 256 crystal cycles", () => {
    const bench = new Rp2040Bench();
    bench.write(XOSC_STARTUP, 47);
    bench.write(XOSC_CTRL, 0xfab_aa0);
    expect(bench.read(XOSC_STATUS) & STABLE).toBe(0);
    bench.advance(1_000_000);
    expect(bench.read(XOSC_STATUS) & STABLE).toBe(0);
    bench.advance(10_000);
    expect(bench.read(XOSC_STATUS)).toBe((STABLE | (1 << 12)) >>> 0);
  });

  it("flags a reserved frequency range", () => {
    const bench = new Rp2040Bench();
    bench.write(XOSC_CTRL, 0xfab_aa1);
    expect(bench.read(XOSC_STATUS) & (1 << 24)).not.toBe(0);
  });
});

describe("PLL (2.18)", () => {
  it("locks when it is powered and has a reference", () => {
    const bench = new Rp2040Bench();
    expect(bench.read(PLL_SYS)).toBe(1);
    bench.startClocks();
    expect(bench.read(PLL_SYS)).toBe((STABLE | 1) >>> 0);
    expect(bench.machine.blocks.pllSys.frequencyHz).toBe(125e6);
    expect(bench.machine.blocks.pllUsb.frequencyHz).toBe(48e6);
  });
});

describe("CLOCKS (2.15)", () => {
  it("selects sources and divides", () => {
    const bench = new Rp2040Bench();
    bench.startClocks();
    expect(bench.machine.clockHz).toBe(125e6);
    expect(bench.read(CLK_SYS_SELECTED)).toBe(2);
    expect(bench.read(CLK_REF_SELECTED)).toBe(4);
    bench.write(CLK_SYS_DIV, 0x280);
    expect(bench.machine.clockHz).toBe(50e6);
    bench.write(CLK_SYS_DIV, 0x100);
    bench.write(CLK_SYS_CTRL, 0);
    expect(bench.machine.clockHz).toBe(12e6);
    bench.write(CLK_REF_CTRL, 0);
    expect(bench.machine.clockHz).toBe(6.5e6);
  });

  it("feeds the peripherals' clocks", () => {
    const bench = new Rp2040Bench();
    expect(bench.machine.blocks.clocks.frequencies.peri).toBe(0);
    bench.startClocks();
    expect(bench.machine.blocks.clocks.frequencies).toEqual({
      ref: 12e6,
      sys: 125e6,
      peri: 125e6,
      usb: 0,
      adc: 48e6,
      rtc: 46_875,
    });
  });

  it("makes the core's cycles longer or shorter from the change on", () => {
    const bench = new Rp2040Bench();
    bench.startClocks();
    const { core } = bench.machine;
    const [time, cycles] = [bench.now, core.cycles];
    bench.advance(1_000_000);
    expect(Math.abs((core.cycles - cycles) * 8 - (bench.now - time))).toBeLessThan(100);
    bench.write(CLK_SYS_DIV, 0x200);
    const [later, fewer] = [bench.now, core.cycles];
    bench.advance(1_000_000);
    expect(Math.abs((core.cycles - fewer) * 16 - (bench.now - later))).toBeLessThan(100);
  });

  it("measures with the frequency counter", () => {
    const bench = new Rp2040Bench();
    bench.startClocks();
    bench.write(FC0_SRC, 9);
    expect(bench.read(FC0_STATUS) & 0x10).toBe(0x10);
    expect(bench.read(FC0_RESULT) >>> 5).toBe(125_000);
  });

  it("reports the outputs that are not emulated by name", () => {
    const bench = new Rp2040Bench();
    bench.write(CLOCKS, 0x860);
    expect(bench.log).toEqual(["not emulated: write CLOCKS.CLK_GPOUT0_CTRL"]);
  });
});

describe("ROSC (2.17)", () => {
  it("divides and changes range", () => {
    const bench = new Rp2040Bench();
    bench.write(ROSC + 0x10, 0xaa0 + 8);
    expect(bench.machine.clockHz).toBe(13e6);
    bench.write(ROSC + 0x10, 7);
    expect(bench.machine.clockHz).toBe(3.25e6);
  });

  it("gives a sequence of random bits that is the same in every run", () => {
    const bits = () => {
      const bench = new Rp2040Bench();
      return Array.from({ length: 64 }, () => bench.read(ROSC + 0x1c)).join("");
    };
    const first = bits();
    expect(bits()).toBe(first);
    expect(first).toContain("1");
    expect(first).toContain("0");
  });
});
