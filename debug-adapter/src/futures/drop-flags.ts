import type { Coroutine, CoroutineState, SavedLocal } from "../symbols/types/coroutine";
import type { Type } from "../symbols/types/type";
import { isLeftBehind } from "./left-behind";

/** What is known at compile time of whether a saved value still has to be dropped. */
export type DropFlag =
  /**
   * The flag at this offset says so: 1 while it has to be. A 0 may also be of a value that was saved at an earlier
   * suspend point and moved away for good, where there is one.
   */
  | { readonly kind: "flag"; readonly offset: number; readonly mayBeOfAnother: boolean }
  /**
   * One of the flags at these offsets may be about this value, and nothing tells which. Where there are as many flags
   * as values that may own them, each has one.
   */
  | { readonly kind: "undecided"; readonly offsets: readonly number[]; readonly isOneEach: boolean }
  | { readonly kind: "none" };

/**
 * Matches the flags that the compiler keeps for values that may have been moved away. They have no names. The owner of
 * a flag is saved wherever the flag is; of several such values it is the one that appears first in the same state.
 * Where that leaves several, nothing is claimed.
 */
export function dropFlagOf(coroutine: Coroutine, state: CoroutineState, local: SavedLocal): DropFlag {
  const offsets: number[] = [];
  const rivals = new Set<SavedLocal>();
  for (const flag of state.locals) {
    if (flag.role !== "drop-flag") continue;
    const owners = ownersOf(coroutine, state, flag);
    if (!owners.includes(local)) continue;
    if (owners.length === 1) {
      return { kind: "flag", offset: flag.offset, mayBeOfAnother: mayBeOfAnother(coroutine, state, flag) };
    }
    offsets.push(flag.offset);
    for (const owner of owners) rivals.add(owner);
  }
  if (offsets.length === 0) return { kind: "none" };
  return { kind: "undecided", offsets, isOneEach: offsets.length === rivals.size };
}

function ownersOf(coroutine: Coroutine, state: CoroutineState, flag: SavedLocal): SavedLocal[] {
  const flagged = statesWith(coroutine, flag);
  const candidates = state.locals
    .filter((local) => canOwn(local, coroutine))
    .map((local) => ({ local, states: statesWith(coroutine, local) }));
  const possible = candidates.filter(({ states }) => flagged.every((each) => states.includes(each)));
  // Flags of different values have one place in turn: then other states say nothing about this one.
  if (possible.length === 0) return candidates.map(({ local }) => local);
  const together = possible.filter(({ states }) => states[0] === flagged[0]);
  return (together.length > 0 ? together : possible).map(({ local }) => local);
}

/** Whether something that is not saved in a state was saved with a flag before. */
function mayBeOfAnother(coroutine: Coroutine, state: CoroutineState, flag: SavedLocal): boolean {
  const here = state.locals.filter((local) => canOwn(local, coroutine));
  const before = statesWith(coroutine, flag).flatMap(({ locals }) => locals);
  return before.some(
    (local) =>
      canOwn(local, coroutine) &&
      !here.some(({ name, offset }) => name === local.name && offset === local.offset),
  );
}

function canOwn(local: SavedLocal, coroutine: Coroutine): boolean {
  return local.role !== "drop-flag" && canNeedDrop(local.type) && !isLeftBehind(local, coroutine);
}

/**
 * The suspend points at which a value is saved at its place. What is saved at several has the same place at all of
 * them; a flag goes by a number that begins anew in each.
 */
function statesWith({ states }: Coroutine, { name, offset, role }: SavedLocal): CoroutineState[] {
  const isSame = (each: SavedLocal) =>
    each.offset === offset && (role === "drop-flag" ? each.role === role : each.name === name);
  return states.filter(({ kind, locals }) => kind === "suspended" && locals.some(isSame));
}

/** Numbers and references have nothing to drop; anything else may. */
function canNeedDrop(type: Type): boolean {
  switch (type.kind) {
    case "base":
    case "plain-enum":
    case "subroutine":
      return false;
    case "array":
      return canNeedDrop(type.element);
    case "pointer":
    case "struct":
      // A wide pointer is a struct under the name of a reference.
      return !/^[&*]/.test(type.name);
    case "alias":
      return canNeedDrop(type.target);
    case "enum":
    case "union":
    case "unknown":
      return true;
  }
}
