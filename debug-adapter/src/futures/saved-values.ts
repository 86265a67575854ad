import type { Coroutine, CoroutineState, SavedLocal } from "../symbols/types/coroutine";
import type { Limits } from "../values/limits";
import type { ValueReader } from "../values/reader";
import type { Value } from "../values/value";
import { valueText } from "../values/value-text";
import { dropFlagOf } from "./drop-flags";
import { type GuardedLock, isGuard, lockOfGuard, locksHeldIn } from "./guards";

/** A variable that a suspended coroutine keeps. */
export interface SavedValue {
  /** As in the source; null for a value that has no name there. */
  readonly name: string | null;
  readonly type: string;
  readonly address: number;
  readonly byteSize: number;
  /** The value on one line, or why it cannot be read. What was dropped is bytes without a meaning, and has no text. */
  readonly text: string | null;
  readonly liveness: Liveness;
}

/** `maybe-dropped`: the compiler keeps its bytes, and nothing says whether it was moved away or dropped before. */
export type Liveness = "live" | "dropped" | "maybe-dropped";

/** What a coroutine keeps in a state, and the locks that it holds guards of. */
export interface SavedValues {
  readonly values: readonly SavedValue[];
  readonly locks: readonly GuardedLock[];
}

/** A line among many: shorter than where one value is looked at. */
const LIMITS: Limits = { depth: 3, elements: 8, stringBytes: 64, characters: 120 };

/**
 * Reads what the coroutine at an address keeps in a state, in the order of its first appearance in the source as far as
 * the compiler tells it. Without the awaitee and the compiler's own flags.
 */
export function savedValues(
  coroutine: Coroutine,
  state: CoroutineState,
  address: number,
  reader: ValueReader,
): SavedValues {
  const values: SavedValue[] = [];
  const locks: GuardedLock[] = [];
  for (const local of withoutRepeats(state.locals)) {
    if (local.role === "drop-flag" || local.role === "awaitee") continue;
    const value = reader.at(local.type, address + local.offset);
    const liveness = livenessOf({ coroutine, state, local, address, value, reader });
    if (liveness !== "dropped") locks.push(...locksHeldIn(value, reader));
    values.push({
      name: local.role === "temporary" ? null : local.name,
      type: local.type.name,
      address: address + local.offset,
      byteSize: local.byteSize,
      text: liveness === "dropped" ? null : valueText(value, reader, LIMITS),
      liveness,
    });
  }
  return { values, locks };
}

/** An argument and the variable it is moved into have one name, and one type: one of them says all. */
function withoutRepeats(locals: readonly SavedLocal[]): SavedLocal[] {
  return locals.filter(
    (local, i) =>
      !locals
        .slice(0, i)
        .some(
          (before) =>
            before.name === local.name &&
            before.type.name === local.type.name &&
            before.offset < local.offset + local.byteSize &&
            local.offset < before.offset + before.byteSize,
        ),
  );
}

interface Saved {
  readonly coroutine: Coroutine;
  readonly state: CoroutineState;
  readonly local: SavedLocal;
  readonly address: number;
  readonly value: Value;
  readonly reader: ValueReader;
}

/** The drop flag knows best. A guard without one is judged by its lock: a lock that is free has no guards. */
function livenessOf({ coroutine, state, local, address, value, reader }: Saved): Liveness {
  const flag = dropFlagOf(coroutine, state, local);
  if (flag.kind === "flag") {
    const bit = reader.memory.readUint(address + flag.offset, 1);
    if (bit === 0) return "dropped";
    if (bit === 1) return "live";
  }
  if (isGuard(value)) {
    const lock = lockOfGuard(value, reader);
    if (lock === undefined) return "maybe-dropped";
    if (lock.isTaken === false) return "dropped";
  }
  return flag.kind === "none" ? "live" : "maybe-dropped";
}
