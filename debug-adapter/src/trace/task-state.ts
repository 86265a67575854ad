import { nanoseconds, type Nanoseconds } from "../base/brand";
import {
  EventKind,
  NO_TASK,
  type SuspensionIndex,
  type TaskIndex,
  UNKNOWN_SUSPENSION,
  unpackPollEnd,
} from "./event";
import type { Trace } from "./trace";

/** What a task is doing at the end of a trace. */
export interface TaskState {
  /**
   * `unspawned`: its slot is free. `ready`: woken or spawned, and not yet polled. `running`: being polled.
   * `suspended`: parked at an await. `ended`: its future has returned.
   */
  readonly kind: "unspawned" | "ready" | "running" | "suspended" | "ended";
  /** NaN where nobody has watched it become that. */
  readonly since: Nanoseconds;
  /** Where it is, or was last, suspended. */
  readonly suspension: SuspensionIndex;
  /** What its last poll has returned is not known: it may have ended instead of being suspended or ready. */
  readonly mayHaveEnded?: true;
}

/** The state of every task at the end of a trace, in one pass over its events. */
export function taskStates(trace: Trace): TaskState[] {
  const fold = new TaskStateFold(trace);
  const { events } = trace;
  for (let row = 0; row < events.length; row++) {
    fold.add(events.time(row), events.kind(row), events.task(row), events.payload(row));
  }
  return fold.states();
}

/** Follows the states of tasks event by event. Called once per event of a run: nothing is allocated for one. */
export class TaskStateFold {
  private readonly kinds: TaskState["kind"][] = [];
  private readonly since: number[] = [];
  private readonly suspensions: SuspensionIndex[] = [];
  private readonly mayHaveEnded: boolean[] = [];
  /** By task that is being polled: when it was woken, or NaN; it is ready again once the poll has ended. */
  private readonly wokenInPoll: number[] = [];

  constructor(private readonly trace: Trace) {}

  add(time: Nanoseconds, kind: EventKind, task: TaskIndex, payload: number): void {
    if (task === NO_TASK) return;
    switch (kind) {
      case EventKind.Spawn:
        this.become(task, "ready", time);
        this.suspensions[task] = UNKNOWN_SUSPENSION;
        break;
      case EventKind.Wake:
        if (this.kinds[task] === "suspended") this.become(task, "ready", time, this.mayHaveEnded[task]);
        else if (this.kinds[task] === "running") this.wokenInPoll[task] = time;
        break;
      case EventKind.PollBegin:
        this.become(task, "running", time);
        break;
      case EventKind.PollEnd:
        if (this.kinds[task] === "running") this.endPoll(task, time, payload);
        break;
      case EventKind.TaskEnd:
        this.become(task, "ended", time);
        this.suspensions[task] = UNKNOWN_SUSPENSION;
        break;
      default:
    }
  }

  /** Since when a task is suspended; NaN if it is not. */
  suspendedSince(task: number): number {
    return this.kinds[task] === "suspended" ? this.since[task]! : NaN;
  }

  /** Where it is, or was last, suspended. */
  suspensionOf(task: number): SuspensionIndex {
    return this.suspensions[task] ?? UNKNOWN_SUSPENSION;
  }

  /** The state of every task of the trace, as of the last event. */
  states(): TaskState[] {
    return this.trace.tasks.map((_, task) => {
      const kind = this.kinds[task];
      if (kind === undefined) return UNSPAWNED;
      const since = nanoseconds(this.since[task]!);
      const state = { kind, since, suspension: this.suspensionOf(task) };
      return this.mayHaveEnded[task] === true ? { ...state, mayHaveEnded: true } : state;
    });
  }

  private become(task: TaskIndex, kind: TaskState["kind"], since: number, mayHaveEnded = false): void {
    this.kinds[task] = kind;
    this.since[task] = since;
    this.mayHaveEnded[task] = mayHaveEnded;
    if (kind !== "running") this.wokenInPoll[task] = NaN;
  }

  private endPoll(task: TaskIndex, time: number, payload: number): void {
    const { result, suspension } = unpackPollEnd(payload);
    const wokenAt = this.wokenInPoll[task]!;
    this.suspensions[task] = suspension;
    const isWoken = wokenAt >= 0;
    this.become(task, isWoken ? "ready" : "suspended", isWoken ? wokenAt : time, result === "unknown");
  }
}

/** A slot that no task has been in yet. */
export const UNSPAWNED: TaskState = {
  kind: "unspawned",
  since: nanoseconds(0),
  suspension: UNKNOWN_SUSPENSION,
};

/** `suspended`; `ended or suspended` where that is all that is known. */
export function taskStateWords({ kind, mayHaveEnded }: TaskState): string {
  return mayHaveEnded === true ? `ended or ${kind}` : kind;
}
