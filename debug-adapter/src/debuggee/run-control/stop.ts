import type { Finding } from "../../analysis/finding";
import type { Nanoseconds } from "../../base/brand";
import type { TaskIndex } from "../../trace/event";
import type { SourcePlace } from "../../trace/trace";

/** Why the debuggee stands still, in the words of a debugger. */
export type StopCause =
  | { readonly kind: "entry" }
  | { readonly kind: "pause" }
  /** A step has come to its end; `event` says what happened where it is not plain from the place. */
  | { readonly kind: "step"; readonly event?: string }
  /** Breakpoints of the user, by their ids. */
  | { readonly kind: "breakpoint"; readonly ids: readonly number[]; readonly event?: string }
  /** The firmware has panicked or the core has faulted, and the user wants to stop there. */
  | { readonly kind: "exception"; readonly what: string; readonly place: SourcePlace | null }
  /** Something is wrong with the tasks, and the user wants to stop there. */
  | { readonly kind: "finding"; readonly finding: Omit<Finding, "count"> }
  /** Asleep, with nothing to come that could wake it. */
  | { readonly kind: "stuck" }
  /** The instant until which the firmware was to run has been reached. */
  | { readonly kind: "time" };

/** The debuggee has stopped. */
export interface Stop {
  readonly cause: StopCause;
  readonly time: Nanoseconds;
  /** The row in the trace of the task that is being polled; undefined when the core polls none. */
  readonly task: TaskIndex | undefined;
}
