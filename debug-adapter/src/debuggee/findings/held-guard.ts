import type { RelatedPlace } from "../../analysis/finding";
import type { Nanoseconds } from "../../base/brand";
import type { FutureNode } from "../../futures/await-tree";
import type { GuardedLock } from "../../futures/guarded-lock";
import type { SavedValue } from "../../futures/saved-values";
import type { TaskIndex } from "../../trace/event";

/** A guard that a suspended task keeps, since it was suspended. */
export interface HeldGuard {
  readonly node: FutureNode;
  readonly local: SavedValue;
  readonly lock: GuardedLock;
  /** Where it is declared, if that is known. */
  readonly declared: readonly RelatedPlace[];
  /** When the poll began that took it, if that is known. */
  readonly takenAt: Nanoseconds | null;
}

/** What is kept by a task from the end of one poll to the begin of its next. */
export interface Holding {
  readonly since: Nanoseconds;
  readonly guards: readonly HeldGuard[];
  /** Polls of other tasks in the meantime. */
  polls: number;
  readonly others: Set<TaskIndex>;
}

/** A task that waits for a lock that another one holds. */
export interface LockWaiter {
  readonly task: TaskIndex;
  readonly since: Nanoseconds;
}
