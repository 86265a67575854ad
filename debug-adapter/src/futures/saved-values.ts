import type { Coroutine, CoroutineState, SavedLocal } from "../symbols/types/coroutine";
import type { Limits } from "../values/limits";
import type { ValueReader } from "../values/reader";
import type { Value } from "../values/value";
import { valueText } from "../values/value-text";
import { type DropFlag, dropFlagOf } from "./drop-flags";
import type { GuardedLock } from "./guarded-lock";
import { isGuard, lockOfGuard, locksHeldIn } from "./guards";
import { isLeftBehind } from "./left-behind";

/** A variable that a suspended coroutine keeps. */
export interface SavedValue {
  /** As in the source; null for a value that has no name there. */
  readonly name: string | null;
  readonly type: string;
  readonly address: number;
  readonly byteSize: number;
  /** What lies there: to be looked into only while it is not dropped. */
  readonly value: Value;
  /** The value on one line, or why it cannot be read. What was dropped is bytes without a meaning, and has no text. */
  readonly text: string | null;
  readonly liveness: Liveness;
  /** How many variables of this name there are, of which this is one; undefined if it is the only one. */
  readonly namesakes?: number | undefined;
}

export type Liveness =
  | "live"
  | "dropped"
  /** The compiler keeps its bytes, and nothing says whether it was moved away or dropped before. */
  | "maybe-dropped"
  /** A parameter that the function needs no more: what it was called with, whatever became of it since. */
  | "as-passed";

/** Whether a guard that such a value is or contains may hold its lock, and a waker in it may be used. */
export function mayBeAlive(liveness: Liveness): boolean {
  return liveness === "live" || liveness === "maybe-dropped";
}

/** What a reader is told of a value beside its text; null for one that is alive. */
export function livenessNote(liveness: Liveness): string | null {
  switch (liveness) {
    case "live":
      return null;
    case "dropped":
      return "dropped";
    case "maybe-dropped":
      return "may be dropped";
    case "as-passed":
      return "as passed";
  }
}

/** The same with what is to be said of its name. */
export function savedNote(saved: Pick<SavedValue, "name" | "liveness" | "namesakes">): string | null {
  const notes = [livenessNote(saved.liveness), namesakeNote(saved)].filter((note) => note !== null);
  return notes.length === 0 ? null : notes.join("; ");
}

/** What a reader is told of a value that may be another variable's of the same name. */
export function namesakeNote({ name, namesakes }: Pick<SavedValue, "name" | "namesakes">): string | null {
  if (namesakes === undefined || name === null) return null;
  const all = namesakes === 2 ? "both" : "all";
  return `one of ${namesakes} variables named ${name}: the debug info gives ${all} the same place`;
}

/** What a coroutine keeps in a state, and the locks that it holds guards of. */
export interface SavedValues {
  readonly values: readonly SavedDraft[];
  readonly locks: readonly HeldLock[];
}

/** A lock that a saved value holds a guard of, as far as the coroutine itself can tell. */
export interface HeldLock extends GuardedLock {
  /** Whether a drop flag says that the value is alive; otherwise it may be bytes that were left behind. */
  readonly isCertain: boolean;
  /** What holds the guard. */
  readonly saved: SavedDraft;
}

/** A saved value whose liveness is yet to be settled. Its text is made when it is first asked for. */
export class SavedDraft implements SavedValue {
  private written: string | undefined;

  /** @param liveness as far as the coroutine itself can tell */
  constructor(
    private readonly local: SavedLocal,
    readonly value: Value,
    readonly address: number,
    private readonly reader: ValueReader,
    public liveness: Liveness,
  ) {}

  get name(): string | null {
    return this.local.role === "temporary" ? null : this.local.name;
  }

  get type(): string {
    return this.local.type.name;
  }

  get byteSize(): number {
    return this.local.byteSize;
  }

  get namesakes(): number | undefined {
    return this.local.namesakes;
  }

  get text(): string | null {
    if (this.liveness === "dropped") return null;
    return (this.written ??= valueText(this.value, this.reader, LIMITS));
  }

  /** Shows other words than the value's own. */
  describeAs(text: string): void {
    this.written = text;
  }
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
  const values: SavedDraft[] = [];
  const locks: HeldLock[] = [];
  for (const { local, flag: place, isPassed } of plansOf(coroutine, state)) {
    const value = reader.at(local.type, address + local.offset);
    const flag = readFlag(place, address, reader);
    const liveness = isPassed ? "as-passed" : livenessOf(flag, value, reader);
    const saved = new SavedDraft(local, value, address + local.offset, reader, liveness);
    values.push(saved);
    if (!mayBeAlive(liveness)) continue;
    for (const lock of locksHeldIn(value, reader)) locks.push({ ...lock, isCertain: flag === "live", saved });
  }
  return { values, locks };
}

/** What the compiler tells of a saved value, whatever the memory holds. */
interface SavedPlan {
  readonly local: SavedLocal;
  readonly flag: DropFlag;
  /** Whether it is a parameter that was left behind. */
  readonly isPassed: boolean;
}

/** The same states are met at every stop, in every task of a pool. */
const knownPlans = new WeakMap<CoroutineState, readonly SavedPlan[]>();

function plansOf(coroutine: Coroutine, state: CoroutineState): readonly SavedPlan[] {
  let plans = knownPlans.get(state);
  if (plans === undefined) {
    plans = withoutRepeats(state.locals)
      .filter(({ role }) => role !== "drop-flag" && role !== "awaitee")
      .map((local) => ({
        local,
        flag: dropFlagOf(coroutine, state, local),
        isPassed: isLeftBehind(local, coroutine),
      }));
    knownPlans.set(state, plans);
  }
  return plans;
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

/** What drop flags say of a value. */
type FlagWord = Liveness | "none";

function readFlag(flag: DropFlag, address: number, { memory }: ValueReader): FlagWord {
  if (flag.kind === "none") return "none";
  const offsets = flag.kind === "flag" ? [flag.offset] : flag.offsets;
  const bits = offsets.map((offset) => memory.readUint(address + offset, 1));
  // Whichever is its own, they say the same; a value without a flag was not moved anywhere.
  if (bits.every((bit) => bit === 1)) return "live";
  const areAllFlags = flag.kind === "flag" ? !flag.mayBeOfAnother : flag.isOneEach;
  return areAllFlags && bits.every((bit) => bit === 0) ? "dropped" : "maybe-dropped";
}

/** The drop flag knows best. A guard without one is judged by its lock: a lock that is free has no guards. */
function livenessOf(flag: FlagWord, value: Value, reader: ValueReader): Liveness {
  if (flag === "live" || flag === "dropped") return flag;
  if (isGuard(value)) {
    const lock = lockOfGuard(value, reader);
    if (lock === undefined) return "maybe-dropped";
    if (lock.isTaken === false) return "dropped";
  }
  return flag === "none" ? "live" : "maybe-dropped";
}
