import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatDuration, formatInstant } from "../base/duration";
import { EventKind, type TaskIndex, unpackWakeSource } from "../trace/event";
import type { SourcePlace } from "../trace/trace";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { type CoreUse, coreUse } from "./core-use";
import { endPlace, taskName } from "./task-places";

/** Polls below which nothing is said of how a task is woken. */
const FEWEST_POLLS = 100;

/** Of a task's wakes, how many must come from one source. */
const SHARE = 0.95;

/** A poll that takes longer than this on average, in nanoseconds, does some work: a computation in pieces is meant. */
const LONGEST_IDLE_POLL = 100e3;

/** How a task was woken since the core slept last, or since it was judged last: what is older counts as nothing. */
class Wakes {
  polls = 0;
  time = 0;
  bySelf = 0;
  /** The payload of its last poll's end. */
  lastEnd = 0;
  /** The tasks that have woken it, and how often: the first `wakers` of each; the rest is of an earlier period. */
  private readonly byTask: TaskIndex[] = [];
  private readonly counts: number[] = [];
  private wakers = 0;

  constructor(private period: number) {}

  /** Begins anew where a new period has begun. */
  enter(period: number): void {
    if (this.period === period) return;
    this.period = period;
    this.polls = 0;
    this.time = 0;
    this.bySelf = 0;
    this.wakers = 0;
  }

  isOf(period: number): boolean {
    return this.period === period;
  }

  countBy(task: TaskIndex): void {
    const at = this.indexOf(task);
    this.byTask[at] = task;
    this.counts[at] = this.by(task) + 1;
    if (at === this.wakers) this.wakers++;
  }

  by(task: TaskIndex): number {
    const at = this.indexOf(task);
    return at < this.wakers ? this.counts[at]! : 0;
  }

  /** Who has woken it nearly each time that it was polled. */
  partner(): TaskIndex | undefined {
    for (let at = 0; at < this.wakers; at++)
      if (this.counts[at]! >= SHARE * this.polls) return this.byTask[at];
    return undefined;
  }

  /** `wakers` for a task that is not among them. */
  private indexOf(task: TaskIndex): number {
    let at = 0;
    while (at < this.wakers && this.byTask[at] !== task) at++;
    return at;
  }
}

/**
 * Tasks that keep the core awake: one that wakes itself in every poll, or two that wake each other, and do next to
 * nothing in each. As long as the core sleeps now and then it is no finding; nor is a task that computes in pieces.
 */
class BusyWakes implements Fold {
  private readonly wakes: (Wakes | undefined)[] = [];
  /** Counts up at each sleep and each judgement. */
  private period = 0;
  private awakeSince = NaN;
  private readonly core: CoreUse;

  constructor(private readonly context: AnalysisContext) {
    this.core = context.of(coreUse);
  }

  add({ time, kind, task, payload }: FoldedEvent): void {
    switch (kind) {
      case EventKind.SleepBegin:
        this.period++;
        this.awakeSince = NaN;
        break;
      case EventKind.Wake:
        this.countWake(task, payload);
        break;
      case EventKind.PollEnd:
        this.countPoll(task, payload);
        this.judge(time);
        break;
      case EventKind.PollBegin:
        if (Number.isNaN(this.awakeSince)) this.awakeSince = time;
        break;
      default:
    }
  }

  private of(task: TaskIndex): Wakes {
    const wakes = (this.wakes[task] ??= new Wakes(this.period));
    wakes.enter(this.period);
    return wakes;
  }

  private countWake(task: TaskIndex, payload: number): void {
    const source = unpackWakeSource(payload);
    if (source.kind === "self") this.of(task).bySelf++;
    if (source.kind === "task") this.of(task).countBy(source.task);
  }

  private countPoll(task: TaskIndex, payload: number): void {
    const wakes = this.of(task);
    wakes.polls++;
    wakes.time += this.core.lastOwnTime;
    wakes.lastEnd = payload;
  }

  private judge(time: Nanoseconds): void {
    const { awakeSince } = this;
    if (!(time - awakeSince >= this.context.thresholds.busy)) return;
    const span = { from: nanoseconds(awakeSince), to: time };
    this.wakes.forEach((wakes, row) => {
      if (!this.isIdle(wakes)) return;
      const task = row as TaskIndex;
      if (wakes.bySelf >= SHARE * wakes.polls) this.reportSelf(task, wakes, span);
      const partner = wakes.partner();
      const back = partner === undefined ? undefined : this.wakes[partner];
      if (partner === undefined || partner < task || !this.isIdle(back)) return;
      if (back.by(task) >= SHARE * back.polls) this.reportPair([task, partner], [wakes, back], span);
    });
    // The next piece of time is judged by itself: what came before, as main's setting up, may have hidden it.
    this.period++;
    this.awakeSince = time;
  }

  /** Whether a task was polled often, and did next to nothing each time. */
  private isIdle(wakes: Wakes | undefined): wakes is Wakes {
    if (wakes?.isOf(this.period) !== true) return false;
    return wakes.polls >= FEWEST_POLLS && wakes.time <= LONGEST_IDLE_POLL * wakes.polls;
  }

  /** Where a task was suspended last. */
  private placeOf(task: TaskIndex, { lastEnd }: Wakes): SourcePlace | null {
    const { trace } = this.context;
    return endPlace(trace, lastEnd) ?? trace.tasks[task]?.place ?? null;
  }

  private reportSelf(task: TaskIndex, wakes: Wakes, span: Span): void {
    const { trace, findings } = this.context;
    const name = taskName(trace, task);
    const length = formatDuration(nanoseconds(span.to - span.from));
    findings.add({
      key: `busy-self-wake:${task}`,
      weight: 0,
      kind: "busy-self-wake",
      severity: "warning",
      title: `${name} wakes itself in every poll, so that the core never sleeps`,
      tasks: [task],
      span,
      place: this.placeOf(task, wakes),
      related: [],
      evidence: [
        `from ${formatInstant(span.from)} s on the core did not sleep for ${length}`,
        `in that time ${name} was polled ${wakes.polls} times, and woke itself in ${wakes.bySelf} of them; a poll took ${formatDuration(nanoseconds(wakes.time / wakes.polls))} on average`,
      ],
      remedy:
        "wait for what is to happen instead of asking again and again: an interrupt, a signal, or at least a timer between two looks",
    });
  }

  private reportPair(
    tasks: readonly [TaskIndex, TaskIndex],
    wakes: readonly [Wakes, Wakes],
    span: Span,
  ): void {
    const { trace, findings } = this.context;
    const [one, other] = [taskName(trace, tasks[0]), taskName(trace, tasks[1])];
    const length = formatDuration(nanoseconds(span.to - span.from));
    const place = this.placeOf(tasks[0], wakes[0]);
    const otherPlace = this.placeOf(tasks[1], wakes[1]);
    findings.add({
      key: `wake-storm:${tasks.join(":")}`,
      weight: 0,
      kind: "wake-storm",
      severity: "warning",
      title: `${one} and ${other} keep waking each other, so that the core never sleeps`,
      tasks,
      span,
      place,
      related: otherPlace ? [{ place: otherPlace, text: other }] : [],
      evidence: [
        `from ${formatInstant(span.from)} s on the core did not sleep for ${length}`,
        `${other} woke ${one} in ${wakes[0].by(tasks[1])} of its ${wakes[0].polls} polls`,
        `${one} woke ${other} in ${wakes[1].by(tasks[0])} of its ${wakes[1].polls} polls`,
      ],
      remedy: "let one of them wait for an event from outside, or put a timer between two rounds",
    });
  }
}

interface Span {
  readonly from: Nanoseconds;
  readonly to: Nanoseconds;
}

export const busyWakes: Analysis = {
  name: "busy-wakes",
  requires: [coreUse],
  kinds: [EventKind.SleepBegin, EventKind.Wake, EventKind.PollEnd, EventKind.PollBegin],
  create: (context) => new BusyWakes(context),
};
