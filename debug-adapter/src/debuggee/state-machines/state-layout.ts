import { awaitedName } from "../../futures/awaited-name";
import { dropFlagOf } from "../../futures/drop-flags";
import { isLeftBehind } from "../../futures/left-behind";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import { bytesInUse, type CoroutineState, type SavedLocal } from "../../symbols/types/coroutine";
import { typeWithoutPaths } from "../../symbols/types/type-without-paths";

/** What a state of a coroutine keeps, and where. */
export interface StateLayout {
  readonly state: CoroutineState;
  /** In the order of their places, the awaited future among them. */
  readonly saved: readonly SavedLayout[];
  /** Bytes that what is kept takes; what lies in another value is counted once. */
  readonly bytes: number;
}

/** A value that the debug info lists in a state. */
export interface SavedLayout {
  readonly value: SavedLocal;
  /** The type without paths; of a future what it is called in the source: `Ticker::next`. */
  readonly shortType: string;
  /** Whether only a drop flag says, at run time, if it is still there. */
  readonly mayBeDropped: boolean;
  /** Whether it is an argument where the caller has put it: moved away, although the debug info still lists it. */
  readonly isLeftBehind: boolean;
}

export function stateLayout(each: AsyncFunction, state: CoroutineState, program: Program): StateLayout {
  const values = state.awaitee === undefined ? state.locals : [...state.locals, state.awaitee];
  const saved = values.map((value) => savedLayout(each, state, value, program));
  return {
    state,
    saved: saved.sort((a, b) => a.value.offset - b.value.offset),
    bytes: bytesInUse(keptIn({ state, saved }).map(({ value }) => value)),
  };
}

/** What a state keeps that is of use: without arguments that have been moved away. */
export function keptIn({ state, saved }: Pick<StateLayout, "state" | "saved">): SavedLayout[] {
  if (state.kind === "returned" || state.kind === "panicked") return [];
  return saved.filter((each) => !each.isLeftBehind);
}

function savedLayout(
  { coroutine }: AsyncFunction,
  state: CoroutineState,
  value: SavedLocal,
  program: Program,
): SavedLayout {
  const { role, type } = value;
  const isFuture = role === "awaitee" || program.asyncFunctions.ofType(type) !== undefined;
  const isValue = role === "variable" || role === "temporary";
  return {
    value,
    shortType: isFuture ? awaitedName(type, program) : typeWithoutPaths(type.name),
    mayBeDropped: isValue && dropFlagOf(coroutine, state, value).kind !== "none",
    // Before the first poll an argument is where the caller has put it, and has been moved nowhere.
    isLeftBehind: state.kind !== "unresumed" && isLeftBehind(value, coroutine),
  };
}
