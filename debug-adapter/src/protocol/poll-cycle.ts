import type { SourcePlace } from "../trace/trace";

/** The thread of a task; of the core: the task that something has happened to last. */
export interface PollCycleArguments {
  readonly threadId: number;
}

/** The last cycle of a task: woken, queued, polled, parked again. */
export interface PollCycleBody {
  readonly time: number;
  /** The task that it is about; null if nothing has happened to any. */
  readonly task: CycleTask | null;
  /** How many polls of it have begun so far. */
  readonly polls: number;
  /** What has happened, in that order, and what comes next; empty before anything has. */
  readonly steps: readonly ProtocolCycleStep[];
  /** What else could be looked at: every task that something has happened to. */
  readonly tasks: readonly CycleTask[];
}

export interface CycleTask {
  readonly threadId: number;
  readonly name: string;
}

export type ProtocolCycleLane = "source" | "waker" | "executor" | "task";

/** A message from one lane to another, or, where both are one, something that happens there. */
export interface ProtocolCycleStep {
  readonly stage:
    "spawn" | "parked" | "wake" | "queue" | "poll" | "within" | "register" | "return" | "after" | "next";
  readonly from: ProtocolCycleLane;
  readonly to: ProtocolCycleLane;
  /** A few words, or "": `wake`, `poll(cx)`, `Pending`. */
  readonly label: string;
  readonly title: string;
  /** What that means, or "". */
  readonly text: string;
  /** Null where the instant is not known; of what is to come, when it is due. */
  readonly time: number | null;
  /** How long it took, or has taken so far; null where there is nothing to measure. */
  readonly duration: number | null;
  readonly place: SourcePlace | null;
  readonly hasHappened: boolean;
}
