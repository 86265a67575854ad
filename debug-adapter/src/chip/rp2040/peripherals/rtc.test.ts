import { describe, expect, it } from "vitest";
import { Rp2040Bench } from "#test/chip/rp2040-bench";

const RTC = 0x4005_c000;
const CLKDIV_M1 = RTC;
const SETUP_0 = RTC + 0x04;
const SETUP_1 = RTC + 0x08;
const CTRL = RTC + 0x0c;
const IRQ_SETUP_0 = RTC + 0x10;
const IRQ_SETUP_1 = RTC + 0x14;
const RTC_1 = RTC + 0x18;
const RTC_0 = RTC + 0x1c;
const INTE = RTC + 0x24;
const RTC_IRQ = 25;
const SECOND = 1_000_000_000;

const date = (year: number, month: number, day: number) => (year << 12) | (month << 8) | day;
const time = (weekday: number, hour: number, minute: number, second: number) =>
  (weekday << 24) | (hour << 16) | (minute << 8) | second;

function started(day: number, clock: number, ctrl = 1): Rp2040Bench {
  const bench = new Rp2040Bench();
  bench.startClocks();
  bench.write(CLKDIV_M1, 46_874);
  bench.write(SETUP_0, day);
  bench.write(SETUP_1, clock);
  bench.write(CTRL, ctrl & ~1);
  bench.write(CTRL, ctrl | 0x10);
  return bench;
}

/** The time read first latches the date. */
function check(
  from: readonly [number, number],
  seconds: number,
  to: readonly [number, number],
  ctrl = 1,
): void {
  const bench = started(from[0], from[1], ctrl);
  bench.advance(seconds * SECOND + 1000);
  expect(bench.read(RTC_0)).toBe(to[1]);
  expect(bench.read(RTC_1)).toBe(to[0]);
}

describe("RTC (4.8)", () => {
  it("is active when enabled", () => {
    const bench = started(date(2024, 1, 1), 0);
    expect(bench.read(CTRL)).toBe(3);
  });

  it("counts seconds, minutes, hours and days", () => {
    check([date(2023, 3, 4), time(6, 1, 2, 3)], 5, [date(2023, 3, 4), time(6, 1, 2, 8)]);
    check([date(2023, 3, 4), time(6, 23, 59, 58)], 3, [date(2023, 3, 5), time(0, 0, 0, 1)]);
  });

  it("knows months, years and leap years", () => {
    check([date(2023, 2, 28), time(2, 23, 59, 59)], 1, [date(2023, 3, 1), time(3, 0, 0, 0)]);
    check([date(2024, 2, 28), time(3, 23, 59, 59)], 1, [date(2024, 2, 29), time(4, 0, 0, 0)]);
    check([date(2024, 2, 28), time(3, 23, 59, 59)], 1, [date(2024, 3, 1), time(4, 0, 0, 0)], 0x101);
    check([date(2023, 12, 31), time(0, 23, 59, 59)], 1, [date(2024, 1, 1), time(1, 0, 0, 0)]);
  });

  it("raises its interrupt when the enabled fields match", () => {
    const bench = started(date(2024, 1, 1), time(1, 10, 0, 0));
    bench.write(IRQ_SETUP_1, ((1 << 28) | time(0, 0, 0, 3)) >>> 0);
    bench.write(IRQ_SETUP_0, 1 << 28);
    bench.write(INTE, 1);
    bench.advance(2.5 * SECOND);
    expect(bench.isPending(RTC_IRQ)).toBe(false);
    bench.advance(SECOND);
    expect(bench.isPending(RTC_IRQ)).toBe(true);
    expect(bench.read(IRQ_SETUP_0)).toBe(3 << 28);
  });
});
