import { describe, expect, it } from "vitest";
import { nanoseconds } from "../../base/brand";
import { EventKind, NO_TASK } from "../../trace/event";
import { EventColumns } from "../../trace/event-columns";
import { timeAsleep } from "./core-times";

/** Sleeps from and to these instants; the last may go on. */
function eventsOf(sleeps: readonly (readonly [number, number?])[]): EventColumns {
  const events = new EventColumns();
  const append = (time: number, kind: EventKind) => events.append(nanoseconds(time), kind, NO_TASK, 0);
  for (const [from, to] of sleeps) {
    append(from, EventKind.SleepBegin);
    if (to === undefined) continue;
    append(to, EventKind.SleepEnd);
    append(to, EventKind.IrqBegin);
  }
  return events;
}

describe("timeAsleep", () => {
  const SLEEPS = [[10, 20], [30, 45], [60]] as const;
  const events = eventsOf(SLEEPS);

  it("counts what lies between two instants, however they cut the sleeps", () => {
    for (let from = 0; from <= 80; from += 5) {
      for (const to of [60, 65, 80]) {
        if (from > to) continue;
        let expected = 0;
        for (let at = from; at < to; at++)
          if (SLEEPS.some(([begin, end]) => begin <= at && at < (end ?? Infinity))) expected++;
        expect({ from, to, asleep: timeAsleep(events, { from, to, isAsleep: true }) }).toEqual({
          from,
          to,
          asleep: expected,
        });
      }
    }
  });

  it("knows a core that has slept or been awake all the time by what it does now", () => {
    const none = new EventColumns();
    expect(timeAsleep(none, { from: 5, to: 15, isAsleep: true })).toBe(10);
    expect(timeAsleep(none, { from: 5, to: 15, isAsleep: false })).toBe(0);
  });
});
