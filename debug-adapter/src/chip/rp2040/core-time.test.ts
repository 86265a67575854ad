import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nanoseconds } from "../../base/brand";
import { Scheduler } from "../scheduler";
import { CoreTime } from "./core-time";

describe("CoreTime", () => {
  it("reaches every instant, however far it is and however the division rounds", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(125e6, 6.5e6, 12e6, 48e6, 133e6, 200e6),
        fc.double({ min: 0, max: 3600e9, noNaN: true }),
        (hz, time) => {
          const scheduler = new Scheduler();
          const clock = new CoreTime(scheduler);
          clock.setFrequency(hz, 0);
          clock.sync(clock.cycleAt(nanoseconds(time)));
          expect(scheduler.now).toBeGreaterThanOrEqual(time);
          expect(scheduler.now).toBeLessThan(time + 1e9 / hz + 2);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("reaches an instant at which cycles turned into time once fell a nanosecond short", () => {
    const scheduler = new Scheduler();
    const clock = new CoreTime(scheduler);
    clock.setFrequency(125e6, 0);
    const time = nanoseconds(414_797_292_096);
    clock.sync(clock.cycleAt(time));
    expect(scheduler.now).toBeGreaterThanOrEqual(time);
  });
});
