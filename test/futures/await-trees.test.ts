import { describe, expect, it } from "vitest";
import { expectGolden } from "#test/helpers/golden";
import type { RunOptions } from "#test/helpers/run-firmware";
import { tasksAt, treesAt } from "#test/futures/trees-at";

/** Instants at which each sample shows what it is about. */
const INSTANTS: readonly (RunOptions & { readonly name: string; readonly is: string })[] = [
  { name: "blink-release", for: "1.5s", is: "an await chain of three" },
  { name: "producer-consumer-release", for: "1.5s", is: "two tickers" },
  { name: "button-or-timeout-release", for: "2s", is: "a select with both branches" },
  { name: "starvation-polite-release", for: "1300059us", is: "a task that has yielded" },
  { name: "guard-across-await-bad-release", for: "1.76s", is: "a guard that is held" },
  { name: "guard-across-await-good-drop-release", for: "1.76s", is: "a guard that was dropped" },
  { name: "guard-across-await-good-scope-release", for: "1.76s", is: "no guard" },
  { name: "uart-echo-release", for: "1s", is: "a UART that receives nothing" },
  { name: "channel-backpressure-release", for: "2s", is: "a full channel" },
  { name: "channel-backpressure-release", for: "135ms", is: "an empty channel and a signal" },
  { name: "cancellation-bad-release", for: "1.832s", is: "a select inside a transaction" },
  { name: "cancellation-good-commit-release", for: "1.832s", is: "a select inside a transaction" },
  { name: "cancellation-good-resume-release", for: "1.832s", is: "a select over a pinned reference" },
  { name: "cancellation-good-resume-release", for: "2s", is: "the same reference awaited alone" },
  { name: "lost-wake-bad-release", for: "2s", is: "a future that nobody will wake" },
  { name: "lost-wake-good-register-release", for: "2s", is: "the same with a waker" },
  { name: "ticker-drift-bad-release", for: "2s", is: "a timer" },
  { name: "ticker-drift-good-ticker-release", for: "2s", is: "a ticker" },
  { name: "big-future-bad-release", for: "2s", is: "a large array" },
  { name: "big-future-good-scope-release", for: "2s", is: "no array" },
  { name: "big-future-good-static-release", for: "2s", is: "a reference to an array" },
  { name: "join-versus-spawn-join-release", for: "2s", is: "eight branches" },
  { name: "join-versus-spawn-spawn-release", for: "2s", is: "eight tasks" },
  { name: "deadlock-bad-release", for: "2s", is: "two tasks that wait for each other" },
  { name: "deadlock-good-order-release", for: "2s", is: "two guards in one task" },
  { name: "starvation-hog-release", for: "1.3s", is: "a task that is being polled" },
  { name: "trace-hooks-release", for: "1s", is: "many tasks" },
  { name: "two-executors-release", for: "1s", is: "tasks of two executors" },
];

describe("await trees", () => {
  it.each(INSTANTS)("of $name at $for: $is", async ({ name, ...options }) => {
    expectGolden(`futures/${name}-${options.for}.txt`, await treesAt(name, options));
  });
});

/** Where one profile is in the middle of what the other has just done: instants at which both wait. */
const COMMON_INSTANTS: Readonly<Record<string, string>> = {
  "cancellation-bad-release": "1.835s",
  "channel-backpressure-release": "1.83s",
  "big-future-bad-release": "1.83s",
  "big-future-good-scope-release": "1.83s",
  "big-future-good-static-release": "1.83s",
  "deadlock-good-order-release": "1.83s",
  "starvation-hog-release": "1.83s",
  "starvation-polite-release": "1.83s",
  "trace-hooks-release": "140ms",
  "two-executors-release": "1.35s",
};
const COMPARED = new Map(
  INSTANTS.map((run) => [run.name, { ...run, for: COMMON_INSTANTS[run.name] ?? run.for }]),
);

describe("await trees of both profiles", () => {
  /** Without what depends on how fast the code is: times, and the values that go on counting. */
  const timeless = (text: string) =>
    text
      .replaceAll(/\b\d+(?:\.\d+)? (?:ns|us|ms|s)\b/g, "TIME")
      .replaceAll(/^(.*[│ ] )(\w+) = .*$/gm, "$1$2");
  const byName = (text: string) =>
    text
      .split("\n\n")
      .map((each) => each.trim())
      .sort()
      .join("\n\n");

  it.each([...COMPARED.values()])("are the same for $name at $for", async ({ name, ...options }) => {
    const dev = byName(timeless(await treesAt(name.replace("-release", "-dev"), options)));
    expect(dev).toBe(byName(timeless(await treesAt(name, options))));
  });
});

describe("two tasks in a deadlock", () => {
  it("each wait for the mutex that the other holds", async () => {
    const tasks = await tasksAt("deadlock-bad-release", { for: "2s" });
    const waits = Object.fromEntries(
      tasks.map(({ name, future }) => [name, future?.children[0]?.wait] as const),
    );
    expect(waits["sensor_task"]).toMatchObject({ kind: "mutex", heldBy: ["upload_task"] });
    expect(waits["sensor_task"]?.object?.name).toBe("deadlock::LOG");
    expect(waits["upload_task"]).toMatchObject({ kind: "mutex", heldBy: ["sensor_task"] });
    expect(waits["upload_task"]?.object?.name).toBe("deadlock::BUS");
  });
});
