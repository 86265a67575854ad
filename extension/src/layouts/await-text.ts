import { keptIn } from "./layout-facts";
import type { PlacedPoint } from "./place-futures";
import { inBytes, savedName, savedNote } from "./saved-words";

/** One value that is saved across an await. */
export interface SavedRow {
  readonly bytes: string;
  readonly name: string;
  readonly type: string;
  /** What else is to be known of it, or "". */
  readonly note: string;
}

/** What is saved across an await. */
export interface SavedAcross {
  /** `4124 B of record_task are kept across this await` */
  readonly heading: string;
  /** The largest first. */
  readonly rows: readonly SavedRow[];
  /** How many of the smallest are not listed. */
  readonly omitted: number;
}

/** A hover shows so many; the layout shows all. */
const MOST_ROWS = 8;

export function savedAcross({ future, state }: PlacedPoint): SavedAcross {
  const name = shortName(future.name) + future.generics;
  const kept = keptIn(state).toSorted((a, b) => b.bytes - a.bytes || a.offset - b.offset);
  return {
    heading: `${inBytes(state.bytes)} of the ${inBytes(future.bytes)} of ${name} are kept across this await`,
    rows: kept.slice(0, MOST_ROWS).map((saved) => ({
      bytes: inBytes(saved.bytes),
      name: savedName(saved),
      type: saved.shortType,
      note: savedNote(saved),
    })),
    omitted: Math.max(0, kept.length - MOST_ROWS),
  };
}

/** `measure_task`, `run::{async block#0}`: without the crate and modules. */
export function shortName(name: string): string {
  const parts = name.split("::");
  const braces = parts.findIndex((part) => part.startsWith("{"));
  return parts.slice(braces < 0 ? -1 : Math.max(0, braces - 1)).join("::");
}
