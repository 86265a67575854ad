import type { Nanoseconds } from "#adapter/base/brand";
import type { TaskIndex } from "#adapter/trace/event";
import type { TaskSummary } from "#adapter/trace/task-summary";
import type { SourcePlace, Trace } from "#adapter/trace/trace";
import { uniqueTaskName } from "#adapter/trace/unique-task-name";
import type { TaskState } from "./task-states";

/** A task as its table shows it. */
export interface TaskRow {
  readonly task: TaskIndex;
  /** No other row has the same. */
  readonly name: string;
  readonly place: SourcePlace | null;
  readonly state: TaskState;
  readonly polls: number;
  readonly wakes: number;
  /** Where the wakes came from, the most frequent first. */
  readonly wakeSources: readonly (readonly [name: string, count: number])[];
  readonly timeRun: Nanoseconds;
  readonly longestPoll: Nanoseconds | null;
  readonly longestWait: Nanoseconds | null;
  readonly bytes: number;
}

export const TASK_SORT_KEYS = [
  "name",
  "state",
  "polls",
  "wakes",
  "timeRun",
  "longestPoll",
  "longestWait",
  "bytes",
] as const;
export type TaskSortKey = (typeof TASK_SORT_KEYS)[number];

/** The order of the table: by which column, and in which direction. Null is the order of the trace. */
export type TaskSort = { readonly key: TaskSortKey; readonly isDescending: boolean } | null;

/** The rows of the table, in the order of the trace; slots that were never spawned are only counted. */
export function taskRows(
  trace: Trace,
  summaries: readonly TaskSummary[],
  states: readonly TaskState[],
): { rows: TaskRow[]; silent: number } {
  const isAlive = ({ spawns, polls, wakes }: TaskSummary) => spawns + polls + wakes > 0;
  const rows = summaries.filter(isAlive).map((summary): TaskRow => {
    const info = trace.tasks[summary.task]!;
    return {
      task: summary.task,
      name: uniqueTaskName(trace.tasks, info),
      place: info.place,
      state: states[summary.task]!,
      polls: summary.polls,
      wakes: summary.wakes,
      wakeSources: [...summary.wakesBySource].sort(([, a], [, b]) => b - a),
      timeRun: summary.timeRun,
      longestPoll: summary.longestPoll,
      longestWait: summary.longestWait,
      bytes: info.bytes,
    };
  });
  return { rows, silent: summaries.length - rows.length };
}

/** The rows in another order; equal rows keep theirs, and what has no value comes last either way. */
export function sortTaskRows(rows: readonly TaskRow[], sort: TaskSort): TaskRow[] {
  if (sort === null) return [...rows];
  const { key, isDescending } = sort;
  return rows.toSorted((a, b) => {
    const left = sortValue(a, key);
    const right = sortValue(b, key);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const order = typeof left === "string" ? compareNames(left, String(right)) : left - Number(right);
    return isDescending ? -order : order;
  });
}

/** The order after a column heading is pressed: its natural direction, then the other, then none. */
export function nextSort(sort: TaskSort, key: TaskSortKey): TaskSort {
  const first = key !== "name" && key !== "state";
  if (sort?.key !== key) return { key, isDescending: first };
  return sort.isDescending === first ? { key, isDescending: !first } : null;
}

function sortValue(row: TaskRow, key: TaskSortKey): string | number | null {
  return key === "state" ? row.state.kind : row[key];
}

/** `worker[2]` before `worker[10]`. */
function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
