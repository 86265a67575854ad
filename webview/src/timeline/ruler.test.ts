import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { niceStep, rulerOf } from "./ruler";
import { TimeScale } from "./time-scale";

function labels(from: number, to: number, width = 600): string[] {
  return rulerOf(new TimeScale({ from, to }, width)).ticks.flatMap(({ label }) =>
    label === "" ? [] : [label],
  );
}

describe("the ruler", () => {
  it("counts in seconds and milliseconds from the begin of the trace", () => {
    expect(labels(0, 2e9)).toEqual(["0 s", "500 ms", "1.0 s", "1.5 s", "2.0 s"]);
    expect(labels(0, 20e6)).toEqual(["0 s", "5 ms", "10 ms", "15 ms", "20 ms"]);
    expect(labels(3600e9, 7200e9)[0]).toBe("4 000 s");
  });

  it("counts finer steps from an anchor", () => {
    expect(labels(3.25e9, 3.25e9 + 500e3)).toEqual([
      "+0 us",
      "+100 us",
      "+200 us",
      "+300 us",
      "+400 us",
      "+500 us",
    ]);
    expect(rulerOf(new TimeScale({ from: 3.25e9, to: 3.25e9 + 5e5 }, 600)).anchor).toBe("3.250 s");
    const fine = rulerOf(new TimeScale({ from: 3.250_034_2e9, to: 3.250_035_2e9 }, 600));
    expect(fine.anchor).toBe("3.250 034 s");
    expect(fine.ticks.find(({ label }) => label !== "")?.label).toBe("+200 ns");
  });

  it("keeps labels apart, and has some, in any window", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), fc.integer({ min: 1e3, max: 1e13 }), (from, length) => {
        const labelled = rulerOf(new TimeScale({ from, to: from + length }, 1000)).ticks.filter(
          ({ label }) => label !== "",
        );
        expect(labelled.length).toBeGreaterThan(2);
        labelled.slice(1).forEach(({ x }, i) => expect(x - labelled[i]!.x).toBeGreaterThan(91));
        expect(new Set(labelled.map(({ label }) => label)).size).toBe(labelled.length);
      }),
    );
  });

  it("steps by 1, 2 and 5", () => {
    expect([1, 3, 7, 11, 499, 501].map(niceStep)).toEqual([1, 5, 10, 20, 500, 1000]);
  });
});
