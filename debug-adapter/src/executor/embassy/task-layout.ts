import type { Address } from "../../base/brand";
import type { Coroutine } from "../../symbols/types/coroutine";

/** One bit of the task header: the byte it lies in, counted from the header's start, and its mask in that byte. */
export interface HeaderFlag {
  readonly offset: number;
  readonly mask: number;
}

/** Where the fields of Embassy's `TaskHeader` lie in this program. */
export interface HeaderLayout {
  readonly bytes: number;
  /** The task has a future: set when a slot is claimed, cleared when the future has returned. */
  readonly spawned: HeaderFlag;
  /** The task is in its executor's run queue. */
  readonly runQueued: HeaderFlag;
  /** The pointer to the executor that the task runs on, or undefined if it was not found. */
  readonly executorOffset: number | undefined;
}

/** A static with one or more slots for tasks of the same function. */
export interface TaskPool {
  /** The task function's name: `blink_task`, or `main`. */
  readonly name: string;
  readonly address: Address;
  readonly slotBytes: number;
  readonly slots: number;
  /** The future's state machine, or undefined if it was not found. */
  readonly coroutine: Coroutine | undefined;
  /** Where the future begins in a slot. */
  readonly futureOffset: number;
}

/** All that the observer needs to know of a program that uses Embassy. */
export interface EmbassyLayout {
  readonly header: HeaderLayout;
  readonly pools: readonly TaskPool[];
  /** Entry points of `TaskStorage<F>::poll`; the executor calls them with the task header in r0. */
  readonly pollFunctions: readonly Address[];
}
