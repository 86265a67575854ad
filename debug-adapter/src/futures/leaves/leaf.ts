import type { ValueReader } from "../../values/reader";
import type { Value } from "../../values/value";
import type { Wait } from "../wait";

/** A future that waits for something outside of it, with what is needed to say for what. */
export interface LeafContext {
  readonly value: Value;
  readonly reader: ValueReader;
  /** The names of the async functions around it, innermost last. */
  readonly callers: readonly string[];
  /** What the timer driver's counter says, in ticks; undefined if it is not known. */
  readonly now: bigint | undefined;
  readonly task: string;
  /** The tasks whose futures hold a guard of the lock at an address. */
  holdersOf(lock: number): readonly string[];
}

/** Knows what some leaf futures wait for. */
export interface LeafFuture {
  /**
   * By the future's type without generic arguments; for the future of `poll_fn` by the function that made it:
   * `embassy_sync::mutex::lock`.
   */
  readonly matches: RegExp;
  /** Undefined where the layout or the memory is not as expected: then the type and its fields are shown. */
  describe(context: LeafContext, key: string): Wait | undefined;
}
