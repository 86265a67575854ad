import { describe, expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
import { steadyClock } from "#test/helpers/steady-clock";
import { Pace } from "./pace";

const MILLISECOND = 1e6;

describe("pace", () => {
  it.each([
    [1, 10],
    [2, 20],
    [0.5, 5],
  ])("at speed %d grants %d ms for each 10 ms of the host", async (speed, granted) => {
    const pace = new Pace(speed, steadyClock());
    const start = nanoseconds(7 * MILLISECOND);
    pace.begin(start);
    expect(pace.limit(start)).toBe(start);
    await pace.wait();
    expect(pace.limit(start)).toBe(start + granted * MILLISECOND);
    await pace.wait();
    expect(pace.limit(start)).toBe(start + 2 * granted * MILLISECOND);
  });

  it("lets a machine that is up to date sleep, instead of running each microsecond by itself", async () => {
    const clock = steadyClock();
    const pace = new Pace(1, clock);
    pace.begin(nanoseconds(0));
    await clock.wait(4);
    expect(pace.limit(nanoseconds(0))).toBe(0);
    await clock.wait(1);
    expect(pace.limit(nanoseconds(0))).toBe(5 * MILLISECOND);
    expect(pace.limit(nanoseconds(5 * MILLISECOND))).toBe(5 * MILLISECOND);
  });

  it("does not let a machine race that was too slow", async () => {
    const clock = steadyClock();
    const pace = new Pace(1, clock);
    pace.begin(nanoseconds(0));
    await clock.wait(500);
    const now = nanoseconds(30 * MILLISECOND);
    expect(pace.limit(now)).toBe(now + 10 * MILLISECOND);
    expect(pace.limit(now)).toBe(now + 10 * MILLISECOND);
    await pace.wait();
    expect(pace.limit(now)).toBe(now + 20 * MILLISECOND);
  });
});
