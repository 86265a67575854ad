import fc from "fast-check";
import { expect, it } from "vitest";
import { drawnTrace } from "#test/helpers/trace-text";
import { Analyses } from "./analyses";

const NAMES = ["a", "b", "c"] as const;
const STARVED = 10;
const LONG = 5;

/** What a model of an executor does in one column: who is woken, and whether the poll under way goes on. */
const decisions = fc.array(
  fc.record({
    wakes: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    goesOn: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 40, maxLength: 120 },
);

type Decisions = readonly { readonly wakes: readonly boolean[]; readonly goesOn: number }[];

/** Runs three tasks by the decisions, first come first served, and draws what happens. */
function modelRun(steps: Decisions): string[] {
  const rows = NAMES.map(() => "");
  const queue = [0, 1, 2];
  let polled: number | undefined;
  for (const { wakes, goesOn } of steps) {
    const last = polled;
    if (polled !== undefined && goesOn === 0) polled = undefined;
    wakes.forEach((isWoken, task) => {
      // Whoever is polled now or was just now is drawn without a gap, so it cannot be woken.
      if (isWoken && task !== polled && task !== last && !queue.includes(task)) queue.push(task);
    });
    polled ??= queue.shift();
    NAMES.forEach((_, task) => {
      rows[task]! += polled === task ? "#" : queue.includes(task) ? "r" : ".";
    });
  }
  return rows;
}

/** What the drawing itself says: waits and polls are runs of letters. Long polls only where they starve nobody. */
function oracle(rows: readonly string[]): string[] {
  const starved = new Set<string>();
  const blamed = new Set<number>();
  rows.forEach((row, victim) => {
    for (const match of row.matchAll(/r+/g)) {
      const [from, to] = [match.index, match.index + match[0].length];
      if (to - from <= STARVED) continue;
      const times = rows.map((other) => other.slice(from, to).replaceAll(/[^#]/g, "").length);
      for (const [task, time] of times.entries()) if (time > 0) blamed.add(task);
      const most = Math.max(...times);
      const worst = times.indexOf(most);
      // Of two that share the wait evenly either may be named.
      const isTie = times.filter((time) => time === most).length > 1;
      starved.add(2 * most < to - from ? `${NAMES[victim]!} alone` : isTie ? "tie" : NAMES[worst]!);
    }
  });
  const long = rows.flatMap((row, task) =>
    !blamed.has(task) && [...row.matchAll(/#+(?=[^#])/g)].some(([run]) => run.length > LONG)
      ? [`long ${NAMES[task]!}`]
      : [],
  );
  return [...starved, ...long].sort();
}

it("finds in runs of a model executor what the drawing of the run says", () => {
  let findings = 0;
  fc.assert(
    fc.property(decisions, (steps) => {
      const rows = modelRun(steps);
      const expected = oracle(rows);
      fc.pre(!expected.includes("tie"));
      const analyses = new Analyses(drawnTrace(NAMES.map((name, i) => `${name} ${rows[i]!}`).join("\n")));
      analyses.finish();
      const found = analyses.findings
        .list()
        .filter(({ kind }) => kind === "starvation" || kind === "long-poll")
        .map(({ kind, tasks, title }) => {
          if (kind === "long-poll") return `long ${NAMES[tasks[0]!]!}`;
          return title.includes("before it was polled") ? `${NAMES[tasks[0]!]!} alone` : NAMES[tasks[0]!]!;
        });
      findings += found.length;
      expect(found.sort()).toEqual(expected);
    }),
    { numRuns: 500 },
  );
  expect(findings).toBeGreaterThan(100);
});
