import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "../../base/brand";
import { Scheduler } from "../scheduler";
import { CoreTime } from "./core-time";

function clock(hz: number, sinceCycle = 0): { time: CoreTime; timeAt: (cycle: number) => number } {
  const scheduler = new Scheduler();
  const time = new CoreTime(scheduler);
  time.setFrequency(hz, sinceCycle);
  scheduler.now = nanoseconds(0);
  Object.assign(time.state, { sinceCycle, sinceNs: 0 });
  const timeAt = (cycle: number) => {
    time.sync(cycle);
    return scheduler.now;
  };
  return { time, timeAt };
}

/** Up to some ten days of cycles, and the frequencies that programs choose. */
const cycles = fc.nat({ max: 1e14 });
const frequencies = fc.constantFrom(125_000_000, 133_000_000, 6_500_000, 12_000_000, 48_000_000, 200_000_000);

describe("CoreTime", () => {
  it("gives the exact instant of a cycle, rounded down, however long the chip has run", () => {
    fc.assert(
      fc.property(cycles, frequencies, (cycle, hz) => {
        const exact = (BigInt(cycle) * 1_000_000_000n) / BigInt(hz);
        expect(clock(hz).timeAt(cycle)).toBe(Number(exact));
      }),
    );
  });

  it("gives the first cycle at or after an instant", () => {
    fc.assert(
      fc.property(cycles, frequencies, (cycle, hz) => {
        const { time, timeAt } = clock(hz);
        const instant = nanoseconds(timeAt(cycle));
        const found = time.cycleAt(instant);
        expect(found).toBeLessThanOrEqual(cycle);
        expect(timeAt(found)).toBeGreaterThanOrEqual(instant);
        expect(timeAt(found - 1)).toBeLessThan(instant);
      }),
    );
  });

  it("reaches every instant, whole or not, within a cycle", () => {
    fc.assert(
      fc.property(frequencies, fc.double({ min: 0, max: 3600e9, noNaN: true }), (hz, instant) => {
        const { time, timeAt } = clock(hz);
        const reached = timeAt(time.cycleAt(nanoseconds(instant)));
        expect(reached).toBeGreaterThanOrEqual(instant);
        expect(reached).toBeLessThan(instant + 1e9 / hz + 2);
      }),
      { numRuns: 5000 },
    );
  });

  it("reaches an instant at which cycles turned into time once fell a nanosecond short", () => {
    const { time, timeAt } = clock(125_000_000);
    expect(timeAt(time.cycleAt(nanoseconds(414_797_292_096)))).toBe(414_797_292_096);
  });

  it("counts on from the instant at which the frequency changes", () => {
    const { time, timeAt } = clock(6_500_000);
    expect(timeAt(6_500_000)).toBe(1e9);
    time.setFrequency(125_000_000, 6_500_000);
    expect(timeAt(6_500_000 + 125)).toBe(1e9 + 1000);
  });
});
