import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";
import { nanoseconds } from "#adapter/base/brand";
import { romCode, ROM_FUNCTIONS, type RomFunction } from "./rom";

const RETURN_TO = 0x1000_0108;
const SRAM = 0x2000_1000;

describe("boot ROM (2.8)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
  });

  /** Calls a routine as firmware does, and comes back to the sleeping loop. */
  function call(address: number, ...args: number[]): number {
    const { core } = bench.machine;
    args.forEach((value, i) => core.writeRegister(i, value | 0));
    core.writeRegister(14, RETURN_TO | 1);
    core.writeRegister(15, address & ~1);
    const stop = bench.machine.run(nanoseconds(bench.now + 10e9));
    expect(stop).toBe("stuck");
    return core.registers[0]! >>> 0;
  }

  function lookUp(table: number, code: string): number {
    return call(bench.read(0x18, 2), bench.read(table, 2), romCode(code));
  }

  function callRom(name: Exclude<RomFunction, "rom_table_lookup">, ...args: number[]): number {
    return call(lookUp(0x14, ROM_FUNCTIONS[name]), ...args);
  }

  it("says what it is", () => {
    expect(bench.read(0x10)).toBe(0x0301_754d);
    expect(bench.read(0x13, 1)).toBe(3);
    const text = lookUp(0x16, "CR");
    const bytes = Array.from({ length: 14 }, (_, i) => bench.read(text + i, 1));
    expect(String.fromCharCode(...bytes)).toBe("Synthetic boot");
  });

  it("looks functions up by code, and gives 0 for unknown ones", () => {
    const address = lookUp(0x14, "P3");
    expect(address & 1).toBe(1);
    expect(address).toBeLessThan(0x4000);
    expect(lookUp(0x14, "??")).toBe(0);
  });

  it("counts and reverses bits", () => {
    expect(callRom("popcount32", 0xf0f0_0001)).toBe(9);
    expect(callRom("reverse32", 0x8000_0003)).toBe(0xc000_0001);
    expect(callRom("clz32", 0x0000_8000)).toBe(16);
    expect(callRom("clz32", 0)).toBe(32);
    expect(callRom("ctz32", 0x0000_8000)).toBe(15);
    expect(callRom("ctz32", 0)).toBe(32);
  });

  it("fills and copies memory, and returns the destination", () => {
    expect(callRom("memset", SRAM + 1, 0x5a, 6)).toBe(SRAM + 1);
    expect([0, 4].map((offset) => bench.read(SRAM + offset))).toEqual([0x5a5a_5a00, 0x005a_5a5a]);
    expect(callRom("memset4", SRAM + 16, 0x11, 8)).toBe(SRAM + 16);
    expect(bench.read(SRAM + 20)).toBe(0x1111_1111);
    expect(callRom("memcpy", SRAM + 33, SRAM + 1, 3)).toBe(SRAM + 33);
    expect(bench.read(SRAM + 32)).toBe(0x5a5a_5a00);
    expect(callRom("memcpy44", SRAM + 64, 0x1000_0100, 8)).toBe(SRAM + 64);
    expect(bench.read(SRAM + 64)).toBe(0x2004_2000);
  });

  it("erases and programs flash, which takes its time and forgets decoded code", () => {
    bench.write(SRAM, 0x1234_5678);
    const start = bench.now;
    callRom("connect_internal_flash");
    callRom("flash_exit_xip");
    callRom("flash_range_program", 0x1_0000, SRAM, 256);
    expect(bench.read(0x1001_0000)).toBe(0x1234_5678);
    expect(bench.now - start).toBeGreaterThan(400_000);
    bench.write(SRAM, 0xffff_0000);
    callRom("flash_range_program", 0x1_0000, SRAM, 256);
    expect(bench.read(0x1001_0000)).toBe(0x1234_0000);
    const erase = bench.now;
    callRom("flash_range_erase", 0x1_0000, 4096, 1 << 31, 0);
    expect(bench.now - erase).toBeGreaterThan(45e6);
    expect(bench.read(0x1001_0000)).toBe(0xffff_ffff);
    expect(bench.read(0x1000_0100)).toBe(0x2004_2000);
    // Code that has run from flash, overwritten: the new instructions count.
    bench.write(SRAM, 0x4770_2007);
    callRom("flash_range_program", 0x2_0000, SRAM, 256);
    expect(call(0x1002_0000)).toBe(7);
    callRom("flash_range_erase", 0x2_0000, 4096, 1 << 31, 0);
    bench.write(SRAM, 0x4770_2009);
    callRom("flash_range_program", 0x2_0000, SRAM, 256);
    expect(call(0x1002_0000)).toBe(9);
    callRom("flash_flush_cache");
    callRom("flash_enter_cmd_xip");
  });

  it("puts flash back with a snapshot", () => {
    const before = bench.machine.takeSnapshot();
    bench.write(SRAM, 0);
    callRom("flash_range_program", 0x3_0000, SRAM, 256);
    const after = bench.machine.takeSnapshot();
    expect(bench.read(0x1003_0000)).toBe(0);
    bench.machine.restore(before);
    expect(bench.read(0x1003_0000)).toBe(0xffff_ffff);
    bench.machine.restore(after);
    expect(bench.read(0x1003_0000)).toBe(0);
    expect(bench.machine.takeSnapshot().flash.bytes).toBe(after.flash.bytes);
  });

  it("faults where a routine's access does, instead of running on", () => {
    const { core } = bench.machine;
    call(lookUp(0x14, "MC"), SRAM, SRAM + 64, 0);
    core.writeRegister(0, SRAM);
    core.writeRegister(1, 0x9000_0000 | 0);
    core.writeRegister(2, -1);
    core.writeRegister(15, lookUp(0x14, "MC") & ~1);
    // VTOR's HardFault entry is erased flash: the fault of the fault locks the core up.
    expect(bench.machine.run(nanoseconds(bench.now + 1e6))).toBe("lockup");
  });

  it("leaves for the boot loader as a reset", () => {
    const { core } = bench.machine;
    core.writeRegister(15, lookUp(0x14, "UB") & ~1);
    expect(bench.machine.run(nanoseconds(bench.now + 1e6))).toBe("reset");
  });

  it("has the tables of soft-float routines", () => {
    const float = new DataView(new ArrayBuffer(8));
    const bits = (value: number) => {
      float.setFloat32(0, value);
      return float.getInt32(0);
    };
    const table = lookUp(0x16, "SF");
    expect(call(bench.read(table), bits(1.5), bits(2.25))).toBe(bits(3.75) >>> 0);
    expect(call(bench.read(table + 0x0c), bits(1), bits(3))).toBe(bits(Math.fround(1 / 3)) >>> 0);
    expect(call(bench.read(table + 0x1c), bits(-2.5)) | 0).toBe(-3);
    expect(call(bench.read(table + 0x54), bits(1), bits(2)) | 0).toBe(-1);
    const doubles = lookUp(0x16, "SD");
    expect(call(bench.read(doubles + 0x2c), -7)).toBe(0);
    expect(bench.machine.core.registers[1]! >>> 0).toBe(0xc01c_0000);
  });
});
