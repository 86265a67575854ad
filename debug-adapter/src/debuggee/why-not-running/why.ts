import type { Nanoseconds } from "../../base/brand";
import type { Place } from "../../futures/suspension";
import type { Wait } from "../../futures/wait";
import type { WakerHolder } from "../../futures/waker-holders/waker-holders";
import type { TaskState } from "../../trace/task-state";

/** Why a task is not running: from the task along what it awaits to who has to act. */
export interface Why {
  readonly task: string;
  readonly state: TaskState["kind"];
  /** Since power-on. */
  readonly since: Nanoseconds;
  readonly steps: readonly WhyStep[];
  readonly verdict: Verdict;
}

/** One link of the chain. The text is a line for a reader, without the place. */
export interface WhyStep {
  readonly kind: "await" | "wait" | "holder" | "lock-holder" | "search" | "core" | "note";
  readonly text: string;
  readonly place: Place | null;
  /** How deep it stands under the first step: branches of a `select` stand side by side. */
  readonly depth: number;
  /** Of a `wait`. */
  readonly wait?: Wait;
  /** Of a `holder`. */
  readonly holder?: WakerHolder;
  /** Of a `lock-holder`: the task that holds it. */
  readonly task?: string;
}

/** What it comes to. */
export interface Verdict {
  readonly kind:
    | "running"
    | "ready"
    | "ended"
    | "unspawned"
    /** A timer is set; `dueIn` says when it is due. */
    | "timer"
    /** Another task has to let go of a lock, and can. */
    | "lock"
    /** Tasks wait for each other in a circle. */
    | "deadlock"
    /** Somebody who holds its waker has to act: another task, an interrupt. */
    | "event"
    /** Nobody holds its waker: it can never run again. */
    | "lost"
    | "unknown";
  /** A sentence without a full stop. */
  readonly text: string;
  readonly dueIn: Nanoseconds | null;
}
