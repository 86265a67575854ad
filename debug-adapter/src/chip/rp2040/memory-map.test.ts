import { beforeEach, describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { Rp2040Bench } from "#test/chip/rp2040-bench";
import { stripedOffset } from "./memory-map";

describe("memory map (2.2)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
  });

  it("shows the flash in four windows, and repeats it through each", () => {
    const stack = 0x2004_2000;
    for (const base of [0x1000_0000, 0x1100_0000, 0x1200_0000, 0x1300_0000]) {
      expect(bench.read(base + 0x100)).toBe(stack);
      expect(bench.read(base + 0x20_0100)).toBe(stack);
      expect(bench.read(base + 0xe0_0102, 2)).toBe(0x2004);
    }
  });

  it("does not let stores change the flash", () => {
    bench.write(0x1000_0100, 0);
    expect(bench.read(0x1000_0100)).toBe(0x2004_2000);
    expect(() => bench.write(0x1300_0100, 0)).toThrow("faults");
    bench.write(0x1400_0000, 1);
    bench.write(0x1300_0100, 0);
    expect(bench.read(0x1000_0100)).toBe(0x2004_2000);
  });

  it("shows the striped banks one after the other at 0x21000000", () => {
    for (let i = 0; i < 8; i++) bench.write(0x2000_0000 + i * 4, i);
    expect([0, 1, 2, 3].map((bank) => bench.read(0x2100_0000 + bank * 0x1_0000))).toEqual([0, 1, 2, 3]);
    expect(bench.read(0x2100_0004)).toBe(4);
    bench.write(0x2101_0007, 0xab, 1);
    expect(bench.read(0x2000_0017, 1)).toBe(0xab);
    expect(() => bench.read(0x2104_0000)).toThrow("faults");
  });

  it("maps the two views one to one", () => {
    const seen = new Set<number>();
    for (let offset = 0; offset < 0x4_0000; offset += 4) seen.add(stripedOffset(offset));
    expect(seen.size).toBe(0x1_0000);
    expect(stripedOffset(0x3_ffff)).toBe(0x3_ffff);
  });

  it("has SRAM4 and SRAM5 behind the striped banks, XIP RAM and USB RAM", () => {
    for (const address of [0x2004_1ffc, 0x1500_3ffc, 0x5010_0ffc]) {
      bench.write(address, 0xdead_beef);
      expect(bench.read(address)).toBe(0xdead_beef);
      bench.write(address + 1, 0x11, 1);
      expect(bench.read(address)).toBe(0xdead_11ef);
    }
    expect(() => bench.read(0x2004_2000)).toThrow("faults");
  });

  it("faults where nothing is", () => {
    for (const address of [0x4006_8000, 0x4007_0000, 0x3000_0000, 0x5050_0000, 0x9000_0000, 0x0000_4000]) {
      expect(() => bench.read(address)).toThrow("faults");
      expect(() => bench.write(address, 0)).toThrow("faults");
    }
  });

  it("lets a debugger read everything without side effects, and write memory", () => {
    const { machine } = bench;
    const word = new Uint8Array(4);
    expect(machine.peek(0x1000_0100, word)).toBe(4);
    expect([...word]).toEqual([0x00, 0x20, 0x04, 0x20]);
    expect(machine.peek(0x2004_1ffe, word)).toBe(2);
    expect(machine.peek(0x4000_0000, word)).toBe(4);
    expect(machine.peek(0x9000_0000, word)).toBe(0);
    expect(machine.poke(0x1000_0200, Uint8Array.of(1, 2, 3))).toBe(3);
    expect(bench.read(0x1000_0200)).toBe(0xff03_0201);
    expect(machine.poke(0x9000_0000, word)).toBe(0);
    expect(bench.log).toEqual([]);
  });

  it("makes APB accesses wait and others not", () => {
    const cost = (access: () => void) => {
      const before = bench.machine.core.cycles;
      access();
      return bench.machine.core.cycles - before;
    };
    const sram = cost(() => bench.read(0x2000_0000));
    expect(cost(() => bench.read(0x4005_4028)) - sram).toBe(2);
    expect(cost(() => bench.write(0x4005_4010, 0)) - sram).toBe(3);
    expect(cost(() => bench.read(0x5000_0448)) - sram).toBe(0);
  });

  it("runs code from flash aliases, RAM and XIP RAM alike", () => {
    const { machine } = bench;
    for (const base of [0x1100_0108, 0x2000_2000, 0x1500_0000]) {
      if (base !== 0x1100_0108) bench.write(base, 0xe7fd_bf30);
      machine.core.writeRegister(15, base);
      machine.run(nanoseconds(bench.now + 10_000));
      expect(machine.core.registers[15]! >>> 0).toBe(base + 2);
    }
  });
});
