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

/** Follows the states of tasks event by event. */
export class TaskStateFold {
  private readonly known: TaskState[] = [];
  /** When the task that is being polled was woken; it is ready again once the poll has ended. */
  private readonly wokenInPoll = new Map<TaskIndex, Nanoseconds>();

  constructor(private readonly trace: Trace) {}

  add(time: Nanoseconds, kind: EventKind, task: TaskIndex, payload: number): void {
    if (task === NO_TASK) return;
    const before = this.known[task] ?? UNSPAWNED;
    if (kind === EventKind.Wake && before.kind === "running") this.wokenInPoll.set(task, time);
    const after = stateAfter(before, time, kind, payload);
    const wokenAt = after.kind === "running" ? undefined : this.wokenInPoll.get(task);
    this.known[task] =
      wokenAt === undefined || after.kind !== "suspended"
        ? after
        : { ...after, kind: "ready", since: wokenAt };
    if (after.kind !== "running") this.wokenInPoll.delete(task);
  }

  /** The state of every task of the trace, as of the last event. */
  states(): TaskState[] {
    return this.trace.tasks.map((_, task) => this.known[task] ?? UNSPAWNED);
  }
}

const UNSPAWNED: TaskState = { kind: "unspawned", since: nanoseconds(0), suspension: UNKNOWN_SUSPENSION };

function stateAfter(before: TaskState, since: Nanoseconds, kind: EventKind, payload: number): TaskState {
  const { suspension } = before;
  switch (kind) {
    case EventKind.Spawn:
      return { kind: "ready", since, suspension: UNKNOWN_SUSPENSION };
    case EventKind.Wake:
      return before.kind === "suspended" ? { ...before, kind: "ready", since } : before;
    case EventKind.PollBegin:
      return { kind: "running", since, suspension };
    case EventKind.TaskEnd:
      return { kind: "ended", since, suspension: UNKNOWN_SUSPENSION };
    case EventKind.PollEnd:
      if (before.kind !== "running") return before;
      return stateBehindPoll(since, payload);
    default:
      return before;
  }
}

function stateBehindPoll(since: Nanoseconds, payload: number): TaskState {
  const { result, suspension } = unpackPollEnd(payload);
  return { kind: "suspended", since, suspension, ...(result === "unknown" && { mayHaveEnded: true }) };
}

/** `suspended`; `ended or suspended` where that is all that is known. */
export function taskStateWords({ kind, mayHaveEnded }: TaskState): string {
  return mayHaveEnded === true ? `ended or ${kind}` : kind;
}
