import type { Coroutine } from "../../symbols/types/coroutine";
import { bytesInUse } from "../../symbols/types/coroutine";
import { keptIn, type SavedLayout, type StateLayout } from "./state-layout";

/** What a future would need if one variable no longer lived in it. */
export interface Saving {
  /** The variable, as in the source. */
  readonly name: string;
  /** In the largest state. */
  readonly bytes: number;
  /** By how many bytes the future shrinks at most. */
  readonly atMost: number;
  /** The state that needs most then, as a row of the states. */
  readonly largestThen: number;
}

/** The state that keeps most, as a row; the first of several, undefined if there are no states. */
export function largestState(states: readonly StateLayout[]): number | undefined {
  const most = Math.max(...states.map(({ bytes }) => bytes));
  const row = states.findIndex(({ bytes }) => bytes === most);
  return row < 0 ? undefined : row;
}

/**
 * For each variable of the largest state by how much the future shrinks, at most, if the variable no longer lives in it:
 * the largest first.
 *
 * Whatever the compiler does, a state's values lie side by side, and the number of the state beside them; the size is a
 * multiple of the largest alignment. So no layout is smaller than the state that needs most then. How much larger it
 * is cannot be told: the compiler leaves gaps, and shares bytes only between values that live in one state each.
 */
export function savingsOf(
  coroutine: Pick<Coroutine, "byteSize" | "discriminant">,
  states: readonly StateLayout[],
): Saving[] {
  const largest = states[largestState(states) ?? 0];
  if (largest === undefined) return [];
  const variables = keptIn(largest).filter(({ value }) => value.role === "variable" && value.byteSize > 0);
  const names = [...new Set(variables.map(({ value }) => value.name))];
  return names
    .map((name) => {
      const kept = states.map((state) => keptIn(state).filter((each) => !goesWith(each, name)));
      const needs = kept.map((values) => bytesInUse(values.map(({ value }) => value)));
      const most = Math.max(...needs);
      const alignment = Math.max(1, ...kept.flat().map(({ value }) => value.type.alignment));
      const least = Math.ceil((most + coroutine.discriminant.byteSize) / alignment) * alignment;
      return {
        name,
        bytes: bytesInUse(variables.filter(({ value }) => value.name === name).map(({ value }) => value)),
        atMost: Math.max(0, coroutine.byteSize - least),
        largestThen: needs.indexOf(most),
      };
    })
    .sort((a, b) => b.atMost - a.atMost || b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

/** A variable's drop flag goes with it; which of several is its own is not told, so all of them may. */
function goesWith({ value }: SavedLayout, name: string): boolean {
  return value.role === "drop-flag" || (value.name === name && value.role === "variable");
}
