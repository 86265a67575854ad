import { beforeEach, describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const TIMER = 0x4005_4000;
const TIMEHW = TIMER;
const TIMELW = TIMER + 0x04;
const TIMEHR = TIMER + 0x08;
const TIMELR = TIMER + 0x0c;
const ALARM0 = TIMER + 0x10;
const ARMED = TIMER + 0x20;
const TIMERAWH = TIMER + 0x24;
const TIMERAWL = TIMER + 0x28;
const PAUSE = TIMER + 0x30;
const INTR = TIMER + 0x34;
const INTE = TIMER + 0x38;
const INTF = TIMER + 0x3c;
const INTS = TIMER + 0x40;
const WATCHDOG_TICK = 0x4005_802c;

describe("TIMER (4.6)", () => {
  let bench: Rp2040Bench;
  beforeEach(() => {
    bench = new Rp2040Bench();
    bench.startClocks();
    bench.write(TIMELW, 0);
    bench.write(TIMEHW, 0);
  });

  it("counts microseconds", () => {
    bench.advance(999_500);
    expect(bench.read(TIMERAWL)).toBe(999);
    bench.advance(1000);
    expect(bench.read(TIMERAWL)).toBe(1000);
  });

  it("latches the high word when the low word is read", () => {
    bench.write(TIMELW, 0xffff_fffe);
    bench.write(TIMEHW, 7);
    expect(bench.read(TIMELR)).toBe(0xffff_fffe);
    bench.advance(5000);
    expect(bench.read(TIMEHR)).toBe(7);
    expect(bench.read(TIMERAWH)).toBe(8);
    expect(bench.read(TIMELR)).toBe(3);
    expect(bench.read(TIMEHR)).toBe(8);
  });

  it("fires an alarm when the low word equals it, and disarms it", () => {
    bench.write(INTE, 1);
    bench.write(ALARM0, 100);
    expect(bench.read(ARMED)).toBe(1);
    bench.advance(99_500);
    expect(bench.read(INTR)).toBe(0);
    expect(bench.isPending(0)).toBe(false);
    bench.advance(500);
    expect(bench.read(INTR)).toBe(1);
    expect(bench.read(INTS)).toBe(1);
    expect(bench.read(ARMED)).toBe(0);
    expect(bench.isPending(0)).toBe(true);
  });

  it("keeps the interrupt until INTR is written", () => {
    bench.write(INTE, 1);
    bench.write(ALARM0, 10);
    bench.advance(20_000);
    bench.clearPending(0);
    expect(bench.isPending(0)).toBe(true);
    bench.write(INTR, 1);
    bench.clearPending(0);
    expect(bench.isPending(0)).toBe(false);
  });

  it("has four alarms on four lines", () => {
    bench.write(INTE, 0xf);
    for (let n = 0; n < 4; n++) bench.write(ALARM0 + n * 4, 10 * (n + 1));
    expect(bench.read(ARMED)).toBe(0xf);
    for (let n = 0; n < 4; n++) {
      bench.advance(10_000);
      expect(bench.read(INTR)).toBe(2 ** (n + 1) - 1);
      expect(bench.isPending(n)).toBe(true);
    }
  });

  it("disarms an alarm by writing ARMED", () => {
    bench.write(ALARM0, 50);
    bench.write(ALARM0 + 4, 60);
    bench.write(ARMED, 1);
    expect(bench.read(ARMED)).toBe(2);
    bench.advance(100_000);
    expect(bench.read(INTR)).toBe(2);
  });

  it("raises no interrupt that is not enabled, and one that is forced", () => {
    bench.write(ALARM0 + 4, 5);
    bench.advance(10_000);
    expect(bench.isPending(1)).toBe(false);
    bench.write(INTF, 4);
    expect(bench.read(INTS)).toBe(4);
    expect(bench.isPending(2)).toBe(true);
  });

  it("stands still while paused, alarms included", () => {
    bench.write(ALARM0, 100);
    bench.advance(50_500);
    bench.write(PAUSE, 1);
    bench.advance(1_000_000);
    expect(bench.read(TIMERAWL)).toBe(50);
    expect(bench.read(INTR)).toBe(0);
    bench.write(PAUSE, 0);
    bench.advance(49_000);
    expect(bench.read(INTR)).toBe(0);
    bench.advance(2000);
    expect(bench.read(INTR)).toBe(1);
  });

  it("goes on from where it is when the tick changes its period", () => {
    bench.advance(100_100);
    bench.write(WATCHDOG_TICK, 0x200 | 24);
    bench.advance(100_000);
    expect(bench.read(TIMERAWL)).toBe(150);
    bench.write(WATCHDOG_TICK, 0);
    bench.advance(100_000);
    expect(bench.read(TIMERAWL)).toBe(150);
  });

  it("wraps the comparison of an alarm that lies behind: it fires after 2^32 us", () => {
    bench.advance(10_000_000_000);
    bench.write(ALARM0, 5_000_000);
    bench.advance((2 ** 32 - 5_000_100) * 1000);
    expect(bench.read(INTR)).toBe(0);
    bench.advance(200_000);
    expect(bench.read(INTR)).toBe(1);
  });
});
