import { readFileSync } from "node:fs";

/** Processor time for work within this process, since other work on the machine delays it less; else wall time. */
export type Clock = "processor" | "wall";

/** Seconds that `work` takes. */
export async function secondsOf(work: () => unknown, clock: Clock = "processor"): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return clock === "wall" ? (performance.now() - began) / 1e3 : (user + system) / 1e6;
}

/** Processor time of one piece of work, in seconds. */
export interface Spent {
  /** Of the thread that runs JavaScript: what a user waits for on a machine that has a processor free for the others. */
  readonly main: number;
  /** Of the whole process: V8 compiles and collects garbage in threads of its own. */
  readonly all: number;
}

/** What this process has spent since it was started. */
export function spentSoFar(): Spent {
  const { user, system } = process.cpuUsage();
  const all = (user + system) / 1e6;
  return { main: mainThreadSeconds() ?? all, all };
}

/** What `work` spends. */
export async function spentOn(work: () => unknown): Promise<Spent> {
  const before = spentSoFar();
  await work();
  const after = spentSoFar();
  return { main: after.main - before.main, all: after.all - before.all };
}

/** Linux alone tells of threads one by one: in nanoseconds, by their numbers, of which the first is the process's. */
function mainThreadSeconds(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const statistics = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1");
  return Number(statistics.split(" ")[0]) / 1e9;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** V8 has compiled, and thrown away, what it will by then. */
const WARM_UP_ROUNDS = 3;

/** Something to be timed; returns the seconds it took, by whichever clock suits it. */
export type Contender = () => Promise<number>;

/**
 * Times contenders in turns, every second round in reverse order, so that what else the machine does hits all alike.
 * The first rounds are a warm-up and do not count. Returns each contender's seconds by round.
 */
export async function inTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) {
      const spent = await contenders[name]();
      if (round >= WARM_UP_ROUNDS) seconds[name].push(spent);
    }
  }
  return seconds;
}

/** Median of the quotients of what was measured in the same round. */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  return median(numerators.map((numerator, round) => numerator / denominators[round]!));
}
