import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const WATCHDOG = 0x4005_8000;
const CTRL = WATCHDOG;
const LOAD = WATCHDOG + 0x04;
const REASON = WATCHDOG + 0x08;
const SCRATCH0 = WATCHDOG + 0x0c;
const TICK = WATCHDOG + 0x2c;
const ENABLE = 1 << 30;
const TIMERAWL = 0x4005_4028;
const RESETS_RESET = 0x4000_c000;

function started(): Rp2040Bench {
  const bench = new Rp2040Bench();
  bench.startClocks();
  return bench;
}

describe("WATCHDOG (4.7)", () => {
  it("counts down twice per tick (RP2040-E1)", () => {
    const bench = started();
    bench.write(LOAD, 1000);
    bench.write(CTRL, ENABLE);
    bench.advance(100_100);
    expect(bench.read(CTRL) & 0xff_ffff).toBe(800);
  });

  it("resets the chip when it expires, and keeps REASON and the scratch registers", () => {
    const bench = started();
    bench.write(SCRATCH0, 0xcafe_f00d);
    bench.write(LOAD, 2000);
    bench.write(CTRL, ENABLE);
    const start = bench.now;
    const { machine } = bench;
    expect(machine.run(nanoseconds(start + 2e6))).toBe("reset");
    expect(bench.now - start).toBeGreaterThanOrEqual(1_000_000);
    expect(bench.now - start).toBeLessThan(1_001_000);
    // The next run begins with the reset itself.
    expect(machine.run(nanoseconds(start + 3e6))).toBe("stuck");
    expect(bench.read(REASON)).toBe(1);
    expect(bench.read(SCRATCH0)).toBe(0xcafe_f00d);
    expect(bench.read(CTRL) & ENABLE).toBe(0);
    expect(machine.clockHz).toBe(6.5e6);
    expect(bench.read(RESETS_RESET) & (1 << 22)).not.toBe(0);
  });

  it("does not expire as long as it is fed", () => {
    const bench = started();
    bench.write(LOAD, 2000);
    bench.write(CTRL, ENABLE);
    for (let i = 0; i < 5; i++) {
      bench.advance(900_000);
      bench.write(LOAD, 2000);
    }
    expect(bench.read(CTRL) & 0xff_ffff).toBe(2000);
  });

  it("resets at once with TRIGGER", () => {
    const bench = started();
    bench.write(CTRL, 0x8000_0000);
    bench.machine.run(nanoseconds(bench.now + 1e6));
    expect(bench.read(REASON)).toBe(2);
    expect(bench.machine.clockHz).toBe(6.5e6);
  });

  it("makes the tick that TIMER counts", () => {
    const bench = started();
    expect(bench.read(TICK)).toBe(0x200 | 0x400 | 12);
    const before = bench.read(TIMERAWL);
    bench.advance(50_000);
    expect(bench.read(TIMERAWL) - before).toBe(50);
  });
});

describe("SYSRESETREQ", () => {
  it("resets the core and leaves the blocks alone", () => {
    const bench = started();
    bench.write(SCRATCH0, 1);
    bench.write(0xe000_ed0c, 0x05fa_0004);
    expect(bench.machine.run(nanoseconds(bench.now + 1e6))).toBe("reset");
    expect(bench.machine.run(nanoseconds(bench.now + 1e6))).toBe("stuck");
    expect(bench.machine.clockHz).toBe(125e6);
    expect(bench.read(SCRATCH0)).toBe(1);
  });
});
