import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const SSI = 0x1800_0000;
const SSIENR = SSI + 0x08;
const SR = SSI + 0x28;
const DR0 = SSI + 0x60;

describe("XIP_SSI (4.10)", () => {
  it("is set up for XIP after boot", () => {
    const bench = new Rp2040Bench();
    expect(bench.read(SSIENR)).toBe(1);
    expect(bench.read(SSI + 0xf4)).toBe(0xa000_2022);
  });

  it("answers the boot loader's question for status register 2: QE is set", () => {
    const bench = new Rp2040Bench();
    bench.write(SSIENR, 0);
    bench.write(SSI, 0x0007_0000);
    bench.write(SSIENR, 1);
    bench.write(DR0, 0x35);
    bench.write(DR0, 0x35);
    expect(bench.read(SR)).toBe(0b1110);
    bench.read(DR0);
    expect(bench.read(DR0)).toBe(2);
    expect(bench.read(SR)).toBe(0b0110);
  });

  it("identifies the flash in EEPROM read mode, as embassy-rp asks", () => {
    const bench = new Rp2040Bench();
    bench.write(SSIENR, 0);
    bench.write(SSI, bench.read(SSI) | 0x300);
    bench.write(SSI + 4, 2);
    bench.write(SSIENR, 1);
    bench.write(DR0, 0x9f, 1);
    expect([bench.read(DR0, 1), bench.read(DR0, 1), bench.read(DR0, 1)]).toEqual([0xef, 0x40, 0x15]);
  });
});

describe("XIP_CTRL (2.6.3)", () => {
  it("is on, flushed and has an empty stream", () => {
    const bench = new Rp2040Bench();
    expect([0, 4, 8, 0x18].map((offset) => bench.read(0x1400_0000 + offset))).toEqual([3, 0, 3, 0]);
    expect(bench.log).toEqual([]);
  });
});
