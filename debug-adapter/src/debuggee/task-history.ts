import { type Nanoseconds, nanoseconds } from "../base/brand";
import { EventKind, NO_TASK, type TaskIndex, unpackWakeSource, type WakeSource } from "../trace/event";
import { type TaskState, TaskStateFold } from "../trace/task-state";
import { type CoreSummary, SummaryFold, type TaskSummary } from "../trace/task-summary";
import type { Trace } from "../trace/trace";

/** A wake, and by whom. */
export interface LastWake {
  readonly time: Nanoseconds;
  readonly source: WakeSource;
}

/**
 * What the tasks of a trace have done so far. It reads only what was added since it was asked last, so that a stop
 * late in a long run costs no more than an early one.
 */
export class TaskHistory {
  private readonly stateFold: TaskStateFold;
  private readonly summaryFold: SummaryFold;
  private readonly wakes = new Map<TaskIndex, LastWake>();
  /** When a task was made ready, until it is polled. */
  private readonly readySince = new Map<TaskIndex, Nanoseconds>();
  private readonly delays = new Map<TaskIndex, Nanoseconds>();
  private readonly suspensions = new Map<TaskIndex, Nanoseconds>();
  private latest: TaskIndex | undefined;
  private isCoreAsleep = false;
  private rowsRead = 0;
  private summed:
    ({ readonly rows: number; readonly endTime: Nanoseconds } & ReturnType<SummaryFold["upTo"]>) | undefined;

  constructor(private readonly trace: Trace) {
    this.stateFold = new TaskStateFold(trace);
    this.summaryFold = new SummaryFold(trace);
  }

  /** By task. */
  states(): TaskState[] {
    this.catchUp();
    return this.stateFold.states();
  }

  summaryOf(task: TaskIndex): TaskSummary {
    return this.sums().tasks[task]!;
  }

  /** What the core has done up to the end of the trace. */
  coreSummary(): CoreSummary & { readonly timePolling: Nanoseconds } {
    const { core, tasks } = this.sums();
    return { ...core, timePolling: nanoseconds(tasks.reduce((sum, { timeRun }) => sum + timeRun, 0)) };
  }

  /** Undefined before the first wake. */
  lastWakeOf(task: TaskIndex): LastWake | undefined {
    this.catchUp();
    return this.wakes.get(task);
  }

  /** From the spawn or wake before its last poll to that poll; undefined before the first. */
  lastDelayOf(task: TaskIndex): Nanoseconds | undefined {
    this.catchUp();
    return this.delays.get(task);
  }

  /** When its last poll ended; 0 before that. A task that has been woken since is still parked at that await. */
  suspendedSince(task: TaskIndex): Nanoseconds {
    this.catchUp();
    return this.suspensions.get(task) ?? nanoseconds(0);
  }

  /** The task that something has happened to last. */
  lastTask(): TaskIndex | undefined {
    this.catchUp();
    return this.latest;
  }

  /** Whether the core sleeps until an interrupt. */
  isAsleep(): boolean {
    this.catchUp();
    return this.isCoreAsleep;
  }

  /** The tasks that are being polled, innermost first: an interrupt's executor may break into a poll. */
  polledTasks(): TaskIndex[] {
    const polled = this.states().flatMap(({ kind, since }, task) =>
      kind === "running" ? [{ task, since }] : [],
    );
    return polled.sort((a, b) => b.since - a.since).map(({ task }) => task as TaskIndex);
  }

  /** Up to the end of the trace; of all tasks at once, since whoever asks for one asks for the others. */
  private sums(): ReturnType<SummaryFold["upTo"]> {
    this.catchUp();
    const { endTime } = this.trace;
    if (this.summed?.rows !== this.rowsRead || this.summed.endTime !== endTime) {
      this.summed = { rows: this.rowsRead, endTime, ...this.summaryFold.upTo(endTime) };
    }
    return this.summed;
  }

  private catchUp(): void {
    const { events } = this.trace;
    for (; this.rowsRead < events.length; this.rowsRead++) {
      const row = this.rowsRead;
      const task = events.task(row);
      const time = events.time(row);
      const kind = events.kind(row);
      const payload = events.payload(row);
      this.stateFold.add(time, kind, task, payload);
      this.summaryFold.add(time, kind, task, payload);
      if (task !== NO_TASK) this.note(time, kind, task, payload);
      else if (kind === EventKind.SleepBegin) this.isCoreAsleep = true;
      else if (kind === EventKind.SleepEnd) this.isCoreAsleep = false;
    }
  }

  private note(time: Nanoseconds, kind: EventKind, task: TaskIndex, payload: number): void {
    this.latest = task;
    switch (kind) {
      case EventKind.Wake:
        this.wakes.set(task, { time, source: unpackWakeSource(payload) });
        if (!this.readySince.has(task)) this.readySince.set(task, time);
        break;
      case EventKind.Spawn:
        this.wakes.delete(task);
        this.delays.delete(task);
        this.readySince.set(task, time);
        break;
      case EventKind.PollEnd:
        this.suspensions.set(task, time);
        break;
      case EventKind.PollBegin: {
        const since = this.readySince.get(task);
        this.readySince.delete(task);
        if (since !== undefined) this.delays.set(task, (time - since) as Nanoseconds);
        break;
      }
      default:
    }
  }
}
