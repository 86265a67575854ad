import { hexAddress } from "../../base/hex-address";
import { nanoseconds } from "../../base/brand";
import { formatDuration } from "../../base/duration";
import type { FutureNode } from "../../futures/await-tree";
import { NEVER_DUE, timeUntil } from "../../futures/timer-ticks";
import type { Wait } from "../../futures/wait";
import { groupedHolders, type HolderGroup } from "../../futures/waker-holders/grouped-holders";
import type { WakerHolder, WakerSearch } from "../../futures/waker-holders/waker-holders";
import type { Program } from "../../symbols/program";
import type { TaskIndex } from "../../trace/event";
import type { TaskSummary } from "../../trace/task-summary";
import type { Trace } from "../../trace/trace";
import type { ValueReader } from "../../values/reader";
import type { InspectedTask } from "../inspect-tasks";
import { lockTenure, tenureWords } from "./lock-tenure";
import type { WakersOfTasks } from "./search-wakers";
import type { Verdict, Why, WhyStep } from "./why";

/** All that is known of the tasks at one instant. */
export interface WaitingTasks {
  readonly tasks: readonly InspectedTask[];
  readonly wakers: WakersOfTasks;
  readonly reader: ValueReader;
  /** What the timer driver's counter says, in ticks. */
  readonly now: bigint | undefined;
  readonly program: Program;
  readonly trace: Trace;
  /** What a task has done so far: worked out once, when somebody asks. */
  readonly summaryOf: (task: TaskIndex) => TaskSummary | undefined;
}

/** Why a suspended task does not go on: along what it awaits, to who has to act. */
export function suspendedWhy(waiting: WaitingTasks, row: TaskIndex): Pick<Why, "steps" | "verdict"> {
  const chain = new Chain(waiting);
  const { kind, text, dueIn } = chain.follow(row, 0);
  if (kind === "event" || kind === "unknown") chain.steps.push(...wokenBefore(waiting, row));
  return { steps: chain.steps, verdict: { kind, text, dueIn } };
}

/** Who has woken the task so far: likely who has to act again. */
function wokenBefore({ summaryOf }: WaitingTasks, row: TaskIndex): WhyStep[] {
  const wakes = summaryOf(row)?.wakesBySource ?? new Map<string, number>();
  if (wakes.size === 0) return [];
  const words = [...wakes].map(([source, count]) => `${source} (${count === 1 ? "once" : `${count} times`})`);
  return [{ kind: "note", text: `so far woken by ${words.join(", ")}`, place: null, depth: 0 }];
}

class Chain {
  readonly steps: WhyStep[] = [];
  /** The tasks that are being followed, from the first on. */
  private readonly path: TaskIndex[] = [];
  /** What each of them waits for. */
  private readonly locks: string[] = [];
  /** Where in the path the circle begins that was found last. */
  private circleStart = 0;

  constructor(private readonly waiting: WaitingTasks) {}

  follow(row: TaskIndex, depth: number): Verdict {
    this.path.push(row);
    const { future } = this.waiting.tasks[row]!;
    const outcomes: Verdict[] = [];
    if (future !== undefined) this.descend(future, { row, depth, outcomes });
    const outcome = this.conclude(row, depth, outcomes);
    this.path.pop();
    return outcome;
  }

  private descend(node: FutureNode, at: Place): void {
    const { depth, outcomes } = at;
    const label = node.label === null ? "" : `branch ${node.label}: `;
    if (node.state === "suspended" && node.place !== null) {
      this.steps.push({ kind: "await", text: `${label}${node.name} is parked`, place: node.place, depth });
    } else if (node.wait === null && (node.state === "suspended" || node.state === "pending")) {
      this.steps.push({ kind: "await", text: `${label}${node.name}`, place: null, depth });
    }
    if (node.note !== null) this.steps.push({ kind: "note", text: node.note, place: null, depth: depth + 1 });
    if (node.wait !== null) outcomes.push(this.leaf(node, node.wait, { ...at, label }));
    for (const child of node.children) this.descend(child, { ...at, depth: depth + 1 });
  }

  private leaf(node: FutureNode, wait: Wait, { row, depth, label }: Place & { label: string }): Verdict {
    const text = `${label}${node.name}: ${wait.text}`;
    this.steps.push({ kind: "wait", text, place: null, depth, wait });
    if (wait.kind === "timer") return this.timer(row, wait, depth + 1);
    const [holder, ...others] = wait.heldBy;
    if (holder !== undefined && others.length === 0 && wait.object !== null) {
      return this.lock(wait, holder, depth + 1);
    }
    return this.event(row, wait, depth + 1);
  }

  /** A timer that is awaited must also be in the queue: only that wakes anybody. */
  private timer(row: TaskIndex, wait: Wait, depth: number): Verdict {
    const timer = this.waiting.wakers.tasks[row]?.timer;
    if (timer?.kind !== "not-queued") return { kind: "timer", text: wait.text, dueIn: wait.dueIn };
    const text = "the task is not in the queue of timers";
    this.steps.push({ kind: "note", text, place: null, depth });
    return { kind: "unknown", text: `${wait.text}, but ${text}`, dueIn: null };
  }

  /** What is awaited at a static must keep the waker there: else what happens to it wakes nobody. */
  private event(row: TaskIndex, wait: Wait, depth: number): Verdict {
    if (wait.kind === "unknown") return { kind: "unknown", text: wait.text, dueIn: null };
    const name = wait.object?.name ?? null;
    const holders = this.waiting.wakers.tasks[row]?.search.holders ?? [];
    if (name === null || holders.some(({ owner }) => owner === name)) {
      return { kind: "event", text: wait.text, dueIn: null };
    }
    const text = `${name} does not hold its waker`;
    this.steps.push({ kind: "note", text, place: null, depth });
    return { kind: "unknown", text: `${wait.text}, but ${text}`, dueIn: null };
  }

  private lock(wait: Wait, holder: string, depth: number): Verdict {
    const { tasks, reader, program, trace } = this.waiting;
    const row = tasks.findIndex(({ name }) => name === holder) as TaskIndex;
    const future = tasks[row]?.future;
    const tenure =
      future && wait.object && lockTenure(wait.object.address, { row, future }, { program, trace, reader });
    const held = `held by ${holder}${tenure === undefined || tenure === null ? "" : tenureWords(tenure)}`;
    this.steps.push({ kind: "lock-holder", text: held, place: tenure?.place ?? null, depth, task: holder });
    this.locks.push(wait.text);
    const outcome = this.holderOutcome(wait, row, depth);
    this.locks.pop();
    return outcome;
  }

  /** What the wait for a lock comes to, by what its holder does. */
  private holderOutcome(wait: Wait, row: TaskIndex, depth: number): Verdict {
    const { tasks } = this.waiting;
    const at = this.path.indexOf(row);
    if (at >= 0) return this.deadlock(at);
    if (tasks[row]?.state.kind !== "suspended") {
      return {
        kind: "lock",
        text: `${wait.text}, which is ${tasks[row]?.state.kind ?? "unknown"}`,
        dueIn: null,
      };
    }
    const next = this.follow(row, depth + 1);
    // Whoever waits for a task of the circle is no part of it.
    const isInCircle = next.kind === "deadlock" && this.path.length > this.circleStart;
    if (isInCircle) return next;
    if (next.kind === "deadlock" || next.kind === "lost")
      return { ...next, text: `${wait.text}, which can never let go: ${next.text}` };
    return { kind: "lock", text: `${wait.text}, which waits: ${next.text}`, dueIn: next.dueIn };
  }

  /** The tasks from `at` on wait for each other; the one at the end holds what the one before it waits for. */
  private deadlock(at: number): Verdict {
    this.circleStart = at;
    const circle = this.path.slice(at).map((row) => this.waiting.tasks[row]!.name);
    const locks = this.locks.slice(this.locks.length - circle.length);
    const links = circle.map((name, i) => `${name} waits for ${locks[i] ?? "it"}`);
    const text =
      circle.length === 1 ? `deadlock: ${links[0]!}, in the same task` : `deadlock: ${links.join(", and ")}`;
    return { kind: "deadlock", text, dueIn: null };
  }

  /** What the branches come to together with who holds the waker. */
  private conclude(row: TaskIndex, depth: number, outcomes: readonly Verdict[]): Verdict {
    const found = this.waiting.wakers.tasks[row];
    if (found === undefined) return unknownExecutor(outcomes);
    const { holders } = found.search;
    for (const group of groupedHolders(holders)) this.holderStep(group, depth);
    const useful = holders.filter(({ isOwn }) => !isOwn);
    if (found.timer?.kind === "queued") {
      const left = outcomes.some(({ kind }) => kind === "timer")
        ? []
        : [this.leftTimer(found.timer.due, depth)];
      return decide([...outcomes, ...left], useful);
    }
    if (useful.length === 0) this.searchStep(found.search, depth);
    return useful.length === 0 ? LOST : decide(outcomes, useful);
  }

  /** A timer of an earlier wait, as of a `select` whose other branch came first: it still wakes the task. */
  private leftTimer(due: bigint, depth: number): Verdict {
    const { now } = this.waiting;
    const dueIn = now === undefined ? null : timeUntil(due, now);
    const when = dueIn === null || due === NEVER_DUE ? "" : `, due in ${formatDuration(dueIn)}`;
    const text = `a timer of an earlier wait is still in the queue${when}`;
    this.steps.push({ kind: "note", text, place: null, depth });
    return { kind: "timer", text, dueIn };
  }

  private searchStep({ words, ruledOut }: WakerSearch, depth: number): void {
    const size = `${Math.round(this.waiting.wakers.searchedBytes / 1024)} KiB of RAM and the registers`;
    const seen =
      words === 0
        ? "no word holds its address"
        : `${words === 1 ? "one word holds" : `${words} words hold`} its address, and none is a waker`;
    this.steps.push({ kind: "search", text: `searched ${size}: ${seen}`, place: null, depth });
    for (const { address, where, reason } of ruledOut.slice(0, MOST_RULED_OUT)) {
      const text = `${address === null ? "" : `${hexAddress(address)}, `}${where}: ${reason}`;
      this.steps.push({ kind: "note", text, place: null, depth: depth + 1 });
    }
  }

  private holderStep({ first: holder, more }: HolderGroup, depth: number): void {
    const { certainty, text, place, reason, isOwn } = holder;
    const what =
      certainty === "waker"
        ? isOwn
          ? `its waker is kept by itself alone: ${text}`
          : `its waker is in ${text}`
        : `a word that may be its waker is in ${text}: ${reason ?? "it has no type"}${more > 0 ? `; and ${more} more there` : ""}`;
    this.steps.push({ kind: "holder", text: what, place, depth, holder });
  }
}

const LOST: Verdict = {
  kind: "lost",
  text: "nobody holds its waker: it can never run again",
  dueIn: null,
};

/** What a waker of a hand-written executor looks like is that executor's own matter, so nobody can be looked for. */
function unknownExecutor(outcomes: readonly Verdict[]): Verdict {
  const awaited = outcomes.filter(({ kind }) => kind !== "unknown").map(({ text }) => text);
  const note = "its executor is written by hand, and who holds its waker is not known";
  return { kind: "unknown", text: [...awaited, note].join("; "), dueIn: null };
}

/** The task goes on as soon as one branch can: the soonest timer, else whoever has to act. */
function decide(outcomes: readonly Verdict[], holders: readonly WakerHolder[]): Verdict {
  const [timer, ...later] = outcomes
    .filter(({ kind }) => kind === "timer")
    .sort((a, b) => (a.dueIn ?? Infinity) - (b.dueIn ?? Infinity));
  const others = outcomes.filter(({ kind }) => kind === "event" || kind === "lock");
  const sure = holders.filter(({ certainty }) => certainty === "waker").map((each) => each.text);
  const soonest = later.length === 0 ? "" : ` (the soonest of ${later.length + 1})`;
  const alive = timer === undefined ? others : [...others, { ...timer, text: timer.text + soonest }];
  const [first] = alive.map(({ kind }) => kind).sort((a, b) => RANK.indexOf(a) - RANK.indexOf(b));
  if (first !== undefined) {
    // A waker that was left where nothing is awaited any more wakes the task all the same.
    const left =
      others.length === 0 && sure.length > 0 ? `, or whenever it is woken through ${sure.join(" or ")}` : "";
    const text = alive.map((each) => each.text).join(", or ") + left;
    const dueIn = Math.min(...alive.map((each) => each.dueIn ?? Infinity));
    return { kind: first, text, dueIn: Number.isFinite(dueIn) ? nanoseconds(dueIn) : null };
  }
  const stuck =
    outcomes.find((each) => each.kind === "deadlock") ?? outcomes.find((each) => each.kind === "lost");
  if (stuck !== undefined) return stuck;
  if (sure.length > 0) {
    return { kind: "event", text: `whoever wakes it through ${sure.join(", or ")}`, dueIn: null };
  }
  const words = `only words that may have been left behind refer to it: ${groupedHolders(holders)
    .map(({ first: { text } }) => text)
    .join(", ")}`;
  return { kind: "unknown", text: words, dueIn: null };
}

const RANK: readonly Verdict["kind"][] = ["timer", "event", "lock"];

/** Words that hold the address and are none, one to a line. */
const MOST_RULED_OUT = 8;

interface Place {
  readonly row: TaskIndex;
  readonly depth: number;
  readonly outcomes: Verdict[];
}
