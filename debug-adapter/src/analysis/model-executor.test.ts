import fc from "fast-check";
import { expect, it } from "vitest";
import { nanoseconds } from "../base/brand";
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

/** A model in which tasks wake tasks: what each does in its turn, for a while. */
const habits = fc.record({
  /** Of each task: whom it wakes in its poll, itself or the other, or nobody. */
  wakes: fc.array(fc.constantFrom("self", "other", "nobody"), { minLength: 2, maxLength: 2 }),
  rounds: fc.integer({ min: 20, max: 500 }),
  /** After so many rounds the core sleeps for one column; 0 stands for never. */
  naps: fc.constantFrom(0, 0, 90, 170),
});

/** Draws two tasks that are polled in turn, each as long as somebody wakes it. */
function wakingRun({
  wakes,
  rounds,
  naps,
}: {
  readonly wakes: readonly string[];
  readonly rounds: number;
  readonly naps: number;
}): string[] {
  const rows = ["", "", ""];
  const draw = (row: number, cell: string) => void (rows[row] = rows[row]! + cell);
  // Of two that wake each other one waits for the other: both ready from the start, no wake would count.
  let ready = [true, wakes[0] !== "other"];
  for (let round = 0; round < rounds; round++) {
    const isNap = naps > 0 && round % naps === naps - 1;
    const next = [false, false];
    for (const task of [0, 1]) {
      const other = 1 - task;
      if (!ready[task]) continue;
      const habit = wakes[task]!;
      draw(task, habit === "self" ? "@" : "#");
      // Who is woken by the task that is polled now waits for its turn in this very column.
      const isWoken = habit === "other" && !ready[other] && !next[other];
      draw(other, isWoken ? "w" : next[other] || (ready[other] && other > task) ? "r" : ".");
      draw(2, ".");
      if (habit === "self") next[task] = true;
      if (habit === "other") next[other] = true;
    }
    if (isNap || !(next[0] || next[1])) {
      draw(0, next[0] ? "r" : ".");
      draw(1, next[1] ? "r" : ".");
      draw(2, "#");
    }
    ready = next;
  }
  return rows;
}

const BUSY = 220;

/** Counts in the drawing: a stretch without sleep, cut into pieces of the threshold, and who woke whom in each. */
function busyOracle(rows: readonly string[]): string[] {
  const found = new Set<string>();
  const sleeps = rows[2]!;
  const isPoll = (task: number, column: number) => /[#@]/.test(rows[task]![column] ?? "");
  let awakeSince = -1;
  let from = 0;
  for (let column = 0; column < sleeps.length; column++) {
    if (sleeps[column] === "#") {
      awakeSince = -1;
      from = column;
      continue;
    }
    // A poll that was under way ends where this column begins; only then is there something to judge.
    const ended = [0, 1].some((task) => isPoll(task, column - 1));
    if (awakeSince >= 0 && ended && column - awakeSince >= BUSY) {
      const count = (task: number, cells: RegExp) =>
        rows[task]!.slice(from, column)
          .split("")
          .filter((cell) => cells.test(cell)).length;
      for (const task of [0, 1]) {
        const polls = count(task, /[#@]/);
        if (polls >= 100 && count(task, /@/) >= 0.95 * polls) found.add(`self ${NAMES[task]!}`);
      }
      const [a, b] = [count(0, /[#@]/), count(1, /[#@]/)];
      if (Math.min(a, b) >= 100 && count(0, /w/) >= 0.95 * a && count(1, /w/) >= 0.95 * b) found.add("storm");
      awakeSince = column;
      from = column;
    }
    if (awakeSince < 0 && (isPoll(0, column) || isPoll(1, column))) awakeSince = column;
  }
  return [...found].sort();
}

it("finds tasks that keep the core awake where a count of the drawing does", () => {
  let findings = 0;
  let storms = 0;
  fc.assert(
    fc.property(habits, (habit) => {
      const rows = wakingRun(habit);
      const column = 50e3;
      const text = `a ${rows[0]!}\nb ${rows[1]!}\nsleep ${rows[2]!}`;
      const analyses = new Analyses(drawnTrace(text, { column }), {
        thresholds: { busy: nanoseconds(BUSY * column), starvation: nanoseconds(1e12) },
      });
      analyses.finish();
      const found = analyses.findings
        .list()
        .flatMap(({ kind, tasks }) =>
          kind === "busy-self-wake" ? [`self ${NAMES[tasks[0]!]!}`] : kind === "wake-storm" ? ["storm"] : [],
        );
      findings += found.length;
      if (found.includes("storm")) storms++;
      expect(found.sort()).toEqual(busyOracle(rows));
    }),
    { numRuns: 300 },
  );
  expect(findings).toBeGreaterThan(20);
  expect(storms).toBeGreaterThan(5);
});

/** A sender that fills a channel: how long it works and waits for room, column by column. */
const sends = fc.array(
  fc.record({ works: fc.integer({ min: 1, max: 6 }), waits: fc.integer({ min: 1, max: 30 }) }),
  {
    minLength: 1,
    maxLength: 30,
  },
);

it("finds a sender that is held back where the drawing shows that it waits for most of its time", () => {
  const THRESHOLD = 100;
  let findings = 0;
  fc.assert(
    fc.property(sends, (rounds) => {
      const row = rounds.map(({ works, waits }) => "#".repeat(works) + ".".repeat(waits)).join("") + "#";
      // Each wait ends with a wake; after each the sum so far may be enough.
      let [time, total] = [0, 0];
      const first = rounds[0]!.works;
      const isFound = rounds.some(({ works, waits }, i) => {
        time += works + waits;
        total += waits;
        return i >= 2 && total >= THRESHOLD && 2 * total >= time - first;
      });
      const options = { awaiting: { a: "SendFuture<Raw, u32, 4>" } };
      const analyses = new Analyses(drawnTrace(`a ${row}`, options), {
        thresholds: { backpressure: nanoseconds(THRESHOLD * 1e6) },
      });
      analyses.finish();
      const found = analyses.findings.list().filter(({ kind }) => kind === "backpressure");
      findings += found.length;
      expect(found).toHaveLength(isFound ? 1 : 0);
    }),
    { numRuns: 300 },
  );
  expect(findings).toBeGreaterThan(50);
});
