import { nanoseconds, type Nanoseconds } from "../base/brand";
import { EventKind, NO_TASK, type TaskIndex, unpackWakeSource } from "./event";
import type { Trace } from "./trace";

/** What one task did in the course of a trace. */
export interface TaskSummary {
  readonly task: TaskIndex;
  readonly spawns: number;
  readonly polls: number;
  /** Wakes by where they came from: an exception's name, a task's name, `self` or `main`. */
  readonly wakesBySource: ReadonlyMap<string, number>;
  readonly wakes: number;
  /** Time inside polls, without the interrupts and the polls of other executors that broke in. */
  readonly timeRun: Nanoseconds;
  /** The longest time from the begin to the end of one poll, interruptions included; null without a finished poll. */
  readonly longestPoll: Nanoseconds | null;
  /** The longest time from a spawn or wake to the poll that followed; null without one. */
  readonly longestWait: Nanoseconds | null;
  readonly ended: boolean;
}

/** What the core did in the course of a trace. */
export interface CoreSummary {
  readonly timeAsleep: Nanoseconds;
  readonly timeInInterrupts: Nanoseconds;
  readonly duration: Nanoseconds;
}

interface Tally {
  spawns: number;
  polls: number;
  wakes: number;
  wakesBySource: Map<string, number>;
  timeRun: number;
  longestPoll: number | null;
  longestWait: number | null;
  readySince: number | null;
  ended: boolean;
}

/** What is on the core's stack: a poll or an interrupt handler, innermost last. */
interface Activity {
  readonly task: TaskIndex;
  readonly beganAt: number;
}

/** Sums up a trace in one pass over its events. */
export function summarize(trace: Trace): { tasks: TaskSummary[]; core: CoreSummary } {
  const fold = new SummaryFold(trace);
  const { events } = trace;
  for (let row = 0; row < events.length; row++) {
    fold.add(events.time(row), events.kind(row), events.task(row), events.payload(row));
  }
  return fold.upTo(trace.endTime);
}

/** Sums up a trace event by event; it may be asked in between. */
export class SummaryFold {
  private readonly tallies: (Tally | undefined)[] = [];
  private readonly stack: Activity[] = [];
  private lastChange = 0;
  private timeInInterrupts = 0;
  private timeAsleep = 0;
  private asleepSince: number | null = null;

  constructor(private readonly trace: Trace) {}

  add(time: Nanoseconds, kind: EventKind, task: TaskIndex, payload: number): void {
    switch (kind) {
      case EventKind.Spawn:
        this.countSpawn(task, time);
        break;
      case EventKind.Wake:
        this.markReady(task, time);
        this.countWake(task, payload);
        break;
      case EventKind.PollBegin:
        this.enter(task, time);
        this.beginPoll(task, time);
        break;
      case EventKind.PollEnd:
        this.endPoll(task, time);
        break;
      case EventKind.IrqBegin:
        this.enter(NO_TASK, time);
        break;
      case EventKind.IrqEnd:
        this.leave(NO_TASK, time);
        break;
      case EventKind.SleepBegin:
        this.asleepSince = time;
        break;
      case EventKind.SleepEnd:
        this.endSleep(time);
        break;
      case EventKind.TaskEnd:
        this.endTask(task);
        break;
      case EventKind.Pin:
      case EventKind.Uart:
      case EventKind.Display:
      case EventKind.Lock:
        break;
    }
  }

  /** The sums up to an instant not before the last event. */
  upTo(endTime: Nanoseconds): { tasks: TaskSummary[]; core: CoreSummary } {
    this.account(endTime);
    const asleep = this.asleepSince === null ? 0 : endTime - this.asleepSince;
    const tasks = this.trace.tasks.map((_, index) => this.summaryOf(index as TaskIndex));
    const core = {
      timeAsleep: nanoseconds(this.timeAsleep + asleep),
      timeInInterrupts: nanoseconds(this.timeInInterrupts),
      duration: endTime,
    };
    return { tasks, core };
  }

  /** What one task did up to the last event, or to the last instant asked for. */
  summaryOf(task: TaskIndex): TaskSummary {
    const tally = this.tallies[task] ?? emptyTally();
    return {
      task,
      spawns: tally.spawns,
      polls: tally.polls,
      wakes: tally.wakes,
      wakesBySource: tally.wakesBySource,
      timeRun: nanoseconds(tally.timeRun),
      longestPoll: tally.longestPoll === null ? null : nanoseconds(tally.longestPoll),
      longestWait: tally.longestWait === null ? null : nanoseconds(tally.longestWait),
      ended: tally.ended,
    };
  }

  private tallyOf(task: TaskIndex): Tally | undefined {
    if (task >= this.trace.tasks.length) return undefined;
    let tally = this.tallies[task];
    if (tally === undefined) {
      tally = emptyTally();
      this.tallies[task] = tally;
    }
    return tally;
  }

  private markReady(task: TaskIndex, time: number): void {
    const tally = this.tallyOf(task);
    if (tally === undefined) return;
    tally.readySince ??= time;
  }

  /** A wake that came while the slot was empty is not what the new task waits for. */
  private countSpawn(task: TaskIndex, time: number): void {
    const tally = this.tallyOf(task);
    if (tally === undefined) return;
    tally.spawns++;
    tally.ended = false;
    tally.readySince = time;
  }

  private endTask(task: TaskIndex): void {
    const tally = this.tallyOf(task);
    if (tally === undefined) return;
    tally.ended = true;
    tally.readySince = null;
  }

  private countWake(task: TaskIndex, payload: number): void {
    const tally = this.tallyOf(task);
    if (tally === undefined) return;
    const source = unpackWakeSource(payload);
    const name =
      source.kind === "irq"
        ? this.trace.exceptionName(source.exception)
        : source.kind === "task"
          ? (this.trace.tasks[source.task]?.name ?? "task")
          : source.kind;
    tally.wakes++;
    tally.wakesBySource.set(name, (tally.wakesBySource.get(name) ?? 0) + 1);
  }

  private beginPoll(task: TaskIndex, time: number): void {
    const tally = this.tallyOf(task);
    if (tally === undefined) return;
    tally.polls++;
    // Nothing tells of a spawn where an executor is written by hand; but who is polled has not ended.
    tally.ended = false;
    if (tally.readySince !== null) {
      tally.longestWait = Math.max(tally.longestWait ?? 0, time - tally.readySince);
      tally.readySince = null;
    }
  }

  private endPoll(task: TaskIndex, time: number): void {
    const beganAt = this.leave(task, time);
    const tally = this.tallyOf(task);
    if (tally === undefined) return;
    if (beganAt !== undefined) tally.longestPoll = Math.max(tally.longestPoll ?? 0, time - beganAt);
  }

  private enter(task: TaskIndex, time: number): void {
    this.account(time);
    this.stack.push({ task, beganAt: time });
  }

  /** Ends the innermost activity of `task`; those inside it that never ended are dropped. Returns when it began. */
  private leave(task: TaskIndex, time: number): number | undefined {
    this.account(time);
    const index = this.stack.findLastIndex((activity) => activity.task === task);
    if (index < 0) return undefined;
    const [activity] = this.stack.splice(index);
    return activity!.beganAt;
  }

  /** Gives the time since the last change to whatever runs. */
  private account(time: number): void {
    const running = this.stack.at(-1);
    const elapsed = time - this.lastChange;
    this.lastChange = time;
    if (running === undefined) return;
    if (running.task === NO_TASK) this.timeInInterrupts += elapsed;
    else {
      const tally = this.tallyOf(running.task);
      if (tally !== undefined) tally.timeRun += elapsed;
    }
  }

  private endSleep(time: number): void {
    if (this.asleepSince !== null) this.timeAsleep += time - this.asleepSince;
    this.asleepSince = null;
  }
}

function emptyTally(): Tally {
  return {
    spawns: 0,
    polls: 0,
    wakes: 0,
    wakesBySource: new Map(),
    timeRun: 0,
    longestPoll: null,
    longestWait: null,
    readySince: null,
    ended: false,
  };
}
