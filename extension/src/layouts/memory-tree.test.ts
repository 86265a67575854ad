import { expect, it } from "vitest";
import type { LayoutFacts } from "./layout-facts";
import { memoryRows } from "./memory-tree";
import { inPercent } from "./saved-words";

const FACTS: LayoutFacts = {
  elf: "app",
  futures: [],
  pools: [
    { name: "small", slots: 1, slotBytes: 80, future: null },
    { name: "worker", slots: 3, slotBytes: 312, future: null },
  ],
  ram: { kind: "known", bytes: 264 * 1024, staticBytes: 1200 },
  problems: [],
};

it("shows pools by what all their slots take", () => {
  const pools = memoryRows(FACTS).find(({ kind }) => kind === "pools");
  expect(pools?.description).toBe("1016 B, 0.4 % of RAM");
  expect(pools?.children.map(({ label, description }) => `${label}: ${description}`)).toEqual([
    "worker: 3 × 312 = 936 B, 0.3 % of RAM",
    "small: 80 B, < 0.1 % of RAM",
  ]);
  expect(pools?.children[0]?.tooltip).toBe("The future of worker was not found.");
});

it("says what is not known, and why", () => {
  const rows = memoryRows({
    ...FACTS,
    ram: { kind: "unknown", reason: "the linker has left no symbol" },
    problems: ["embassy: the future of task worker was not found"],
  });
  expect(rows.map(({ kind, label, description }) => `${kind} ${label}: ${description}`)).toEqual([
    "ram RAM: not known",
    "pools Task pools: 1016 B",
    "futures Futures: 0 of your own crates",
    "problem Not understood: embassy: the future of task worker was not found",
  ]);
  expect(rows[0]?.tooltip).toBe("How much RAM there is is not known: the linker has left no symbol.");
});

it.each([
  [0, 0, "0 %"],
  [0, 100, "0.0 %"],
  [1, 100_000, "< 0.1 %"],
  [12_416, 270_336, "4.6 %"],
  [100, 100, "100.0 %"],
])("%d of %d is %s", (part, whole, text) => {
  expect(inPercent(part, whole)).toBe(text);
});
