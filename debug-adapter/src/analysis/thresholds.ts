import { nanoseconds, type Nanoseconds } from "../base/brand";
import type { TaskIndex } from "../trace/event";
import type { Trace } from "../trace/trace";

/** From where on something is a finding. */
export interface Thresholds {
  /** A task that is ready waits longer than this for its poll. */
  readonly starvation: Nanoseconds;
  /** One poll runs longer than this, without interrupts. */
  readonly longPoll: Nanoseconds;
  /** Tasks keep waking tasks for this long, and the core never sleeps. */
  readonly busy: Nanoseconds;
  /** A task has waited for this long, before memory is searched for who could wake it. */
  readonly stuck: Nanoseconds;
  /** Sends to a full channel have held a task back for this long in all. */
  readonly backpressure: Nanoseconds;
  /** A task's future takes this many bytes of RAM. */
  readonly futureBytes: number;
  /** What is different for some tasks, by their names; all instances of a pool go by the pool's. */
  readonly tasks: Readonly<Record<string, TaskThresholds>>;
}

/** Thresholds that a task may have of its own. */
export type TaskThresholds = Partial<Pick<Thresholds, "starvation" | "longPoll">>;

/** From where on something is a finding in one task. */
export class ThresholdsOfTasks {
  private readonly found: (Required<TaskThresholds> | undefined)[] = [];

  constructor(
    private readonly thresholds: Thresholds,
    private readonly trace: Trace,
  ) {}

  of(task: TaskIndex): Required<TaskThresholds> {
    return (this.found[task] ??= this.find(task));
  }

  private find(task: TaskIndex): Required<TaskThresholds> {
    const { tasks, starvation, longPoll } = this.thresholds;
    const name = this.trace.tasks[task]?.name ?? "";
    const own = tasks[name] ?? tasks[name.replace(/\[\d+\]$/, "")];
    return { starvation, longPoll, ...own };
  }
}

/** The smallest value that a threshold has for any task. */
export function shortestOf(thresholds: Thresholds, name: keyof TaskThresholds): Nanoseconds {
  const own = Object.values(thresholds.tasks).map((each) => each[name] ?? Infinity);
  return Math.min(thresholds[name], ...own) as Nanoseconds;
}

/** What each threshold is counted in, by its name. */
export const THRESHOLD_UNITS: Readonly<Record<Exclude<keyof Thresholds, "tasks">, "time" | "bytes">> = {
  starvation: "time",
  longPoll: "time",
  busy: "time",
  stuck: "time",
  backpressure: "time",
  futureBytes: "bytes",
};

/** The names of `TaskThresholds`. */
export const TASK_THRESHOLDS: readonly (keyof TaskThresholds)[] = ["starvation", "longPoll"];

export const DEFAULT_THRESHOLDS: Thresholds = {
  starvation: nanoseconds(10e6),
  longPoll: nanoseconds(5e6),
  busy: nanoseconds(1e9),
  stuck: nanoseconds(1e9),
  backpressure: nanoseconds(500e6),
  futureBytes: 8192,
  tasks: {},
};
