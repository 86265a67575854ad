import { nanoseconds } from "../../base/brand";
import { formatDuration, formatInstant } from "../../base/duration";
import type { FindingList, RelatedPlace } from "../../analysis/finding";
import type { Thresholds } from "../../analysis/thresholds";
import type { FutureNode } from "../../futures/await-tree";
import { EventKind, type TaskIndex } from "../../trace/event";
import type { Trace } from "../../trace/trace";
import { withoutGenerics } from "../../symbols/types/type-name";
import type { Debuggee } from "../debuggee";
import { inspectTasks } from "../inspect-tasks";
import type { TaskHistory } from "../task-history";
import { whyNoneIsRunning } from "../why-not-running/why-not-running";
import type { Why, WhyStep } from "../why-not-running/why";

/** A future that is meant never to wake anybody. */
const NEVER = "core::future::pending::Pending";

/** Notes of a search that are told as evidence. */
const MOST_STEPS = 12;

/**
 * Looks for tasks that can never run again: nobody holds their waker, or they wait for each other. What is found is a
 * proof for the instant at which memory is searched, and stays true: only a waker that somebody holds, or a lock that is
 * given back, could change it. So a task is searched for once per wait, when it has waited for long and the core sleeps.
 */
export class StuckTasks {
  /** By task: the end of the poll after which it was searched for. */
  private readonly searched = new Map<TaskIndex, number>();

  constructor(
    private readonly debuggee: Debuggee,
    private readonly history: TaskHistory,
    private readonly thresholds: Thresholds,
    private readonly findings: FindingList,
  ) {}

  /**
   * Looks at a debuggee that stands still.
   * @param isForGood whether the core sleeps and nothing is to come that could wake it
   */
  async look(isForGood: boolean): Promise<void> {
    const { trace, embassy } = this.debuggee;
    if (embassy === undefined || !(isForGood || isAsleep(trace))) return;
    const now = this.debuggee.target.now;
    const states = this.history.states();
    const due = states.flatMap(({ kind, since }, row) => {
      const isDue = kind === "suspended" && (isForGood || now - since >= this.thresholds.stuck);
      return isDue && this.searched.get(row as TaskIndex) !== since ? [row as TaskIndex] : [];
    });
    if (due.length === 0) return;
    for (const row of due) this.searched.set(row, states[row]!.since);
    const whys = await whyNoneIsRunning(this.debuggee);
    const tasks = await inspectTasks(this.debuggee);
    for (const row of due) {
      const why = whys[row]!;
      const future = tasks[row]?.future;
      if (why.verdict.kind === "lost" && future !== undefined && !waitsForNothing(future))
        this.reportLost(row, why);
      if (why.verdict.kind === "deadlock") this.reportDeadlock(row, whys);
    }
  }

  private reportLost(row: TaskIndex, { task, since, steps }: Why): void {
    const { target, trace } = this.debuggee;
    const parked = steps.findLast(
      ({ kind, place, depth }) => kind === "await" && place !== null && depth >= 0,
    );
    const asleep = formatDuration(nanoseconds(target.now - since));
    this.findings.add({
      key: `lost-wake:${row}`,
      weight: 0,
      kind: "lost-wake",
      severity: "error",
      title: `${task} can never run again: nobody holds its waker`,
      tasks: [row],
      span: { from: since, to: target.now },
      place: parked?.place ?? trace.tasks[row]?.place ?? null,
      related: [],
      evidence: [
        `it is suspended since ${formatInstant(since)} s, and memory was searched ${asleep} later, with the core asleep`,
        ...words(steps.filter(({ kind }) => kind === "search" || kind === "wait" || kind === "note")),
      ],
      remedy:
        "a future that returns Pending must have left `cx.waker().clone()` with whoever makes it ready, before it looked: in an AtomicWaker, WakerRegistration or a Signal",
    });
  }

  /** One finding for the whole circle, at the await that has closed it. */
  private reportDeadlock(row: TaskIndex, whys: readonly Why[]): void {
    const circle = circleOf(row, whys);
    if (!circle?.every((each) => waitsForLock(whys[each]!))) return;
    const [last, ...others] = [...circle].sort((a, b) => whys[b]!.since - whys[a]!.since);
    const { verdict, since } = whys[last!]!;
    const key = `deadlock:${[...circle].sort((a, b) => a - b).join(":")}`;
    this.findings.remove(key);
    this.findings.add({
      key,
      weight: 0,
      kind: "deadlock",
      severity: "error",
      title:
        others.length === 0
          ? `${whys[row]!.task} waits for what it holds itself`
          : `${circle.map((each) => whys[each]!.task).join(" and ")} wait for each other, and none can ever go on`,
      tasks: [last!, ...others],
      span: { from: since, to: this.debuggee.target.now },
      place: parkedAt(whys[last!]!),
      related: circle.flatMap((each) => relatedOf(whys[each]!, each === last)),
      evidence: [verdict.text, ...heldWords(circle.map((each) => whys[each]!))],
      remedy:
        "take several locks in the same order everywhere, or hold one at a time: give the first back before the second is awaited",
    });
  }
}

/** The tasks that wait for each other, from `row` on; undefined if `row` only waits for such a circle. */
function circleOf(row: TaskIndex, whys: readonly Why[]): TaskIndex[] | undefined {
  const circle: TaskIndex[] = [];
  for (let at = row; !circle.includes(at);) {
    circle.push(at);
    const holder = holderStep(whys[at]!)?.task;
    const next = whys.findIndex(({ task }) => task === holder);
    if (next < 0) return undefined;
    if (next === row) return circle;
    at = next as TaskIndex;
  }
  return undefined;
}

/** The first holder of a lock is that of what the task itself waits for; those below it belong to others. */
function holderStep({ steps }: Why): WhyStep | undefined {
  return steps.find(({ kind }) => kind === "lock-holder");
}

/** Whether only the holder can give back what a task waits for: permits of a semaphore anybody may add. */
function waitsForLock({ steps }: Why): boolean {
  const holder = steps.findIndex(({ kind }) => kind === "lock-holder");
  const kind = steps.slice(0, holder).findLast((step) => step.kind === "wait")?.wait?.kind;
  return kind === "mutex" || kind === "rwlock";
}

/** The innermost await of the task itself. */
function parkedAt({ steps }: Why): WhyStep["place"] {
  const holder = steps.findIndex(({ kind }) => kind === "lock-holder");
  const own = holder < 0 ? steps : steps.slice(0, holder);
  return own.findLast(({ kind, place }) => kind === "await" && place !== null)?.place ?? null;
}

function relatedOf(why: Why, isLast: boolean): RelatedPlace[] {
  const place = parkedAt(why);
  const holder = holderStep(why);
  const waits = place === null || isLast ? [] : [{ place, text: `${why.task} waits here` }];
  return holder?.place
    ? [...waits, { place: holder.place, text: `what ${why.task} waits for is ${holder.text}` }]
    : waits;
}

function heldWords(circle: readonly Why[]): string[] {
  return circle.flatMap((why) => {
    const holder = holderStep(why);
    return holder === undefined ? [] : [`what ${why.task} waits for is ${holder.text}`];
  });
}

function words(steps: readonly WhyStep[]): string[] {
  return steps.slice(0, MOST_STEPS).map(({ kind, text }) => (kind === "wait" ? `it awaits ${text}` : text));
}

function waitsForNothing(node: FutureNode): boolean {
  return withoutGenerics(node.type) === NEVER || node.children.some(waitsForNothing);
}

/** Whether the core has gone to sleep and not been woken since. */
function isAsleep({ events }: Trace): boolean {
  for (let row = events.length - 1; row >= 0; row--) {
    const kind = events.kind(row);
    if (kind === EventKind.SleepBegin) return true;
    if (kind === EventKind.SleepEnd || kind === EventKind.PollBegin || kind === EventKind.IrqBegin)
      return false;
  }
  return false;
}
