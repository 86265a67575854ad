import type { AsyncFunction } from "../../symbols/async-functions";
import type { Coroutine, CoroutineState, StateKind } from "../../symbols/types/coroutine";

const ORDER: readonly StateKind[] = ["unresumed", "suspended", "returned", "panicked"];

/**
 * The states of a coroutine as its source is read: before the first poll, the suspend points from top to bottom, behind
 * the end, behind a panic. Rows everywhere in this folder are rows of this list.
 */
export function statesInOrder({ states }: Coroutine): readonly CoroutineState[] {
  let ordered = known.get(states);
  if (ordered === undefined) {
    ordered = states.toSorted(
      (a, b) =>
        ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.suspendPoint ?? 0) - (b.suspendPoint ?? 0),
    );
    known.set(states, ordered);
  }
  return ordered;
}

/** Debug info does not change. */
const known = new WeakMap<readonly CoroutineState[], readonly CoroutineState[]>();

/** The row of the state of a kind that there is one of; undefined if the debug info has none. */
export function rowOfKind(
  { coroutine }: AsyncFunction,
  kind: Exclude<StateKind, "suspended">,
): number | undefined {
  const row = statesInOrder(coroutine).findIndex((state) => state.kind === kind);
  return row < 0 ? undefined : row;
}
