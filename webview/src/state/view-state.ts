import { TASK_SORT_KEYS, type TaskSort } from "../model/task-rows";
import { INITIAL_TIMELINE_STATE, parseTimelineState, type TimelineState } from "../timeline/timeline-state";

/** What a reader has chosen; kept while the tab is hidden and over a reload of the window. */
export interface ViewState {
  readonly sort: TaskSort;
  /** The filter's task by name, since its number may change when the trace is made again. */
  readonly task: string | null;
  readonly words: string;
  /** The selected event's row in the trace, or null. */
  readonly selected: number | null;
  /** The row at the top of the list. */
  readonly top: number;
  readonly timeline: TimelineState;
}

export const INITIAL_VIEW_STATE: ViewState = {
  sort: null,
  task: null,
  words: "",
  selected: null,
  top: 0,
  timeline: INITIAL_TIMELINE_STATE,
};

/** The state in what was saved, field by field: what an older or newer page has saved must not break this one. */
export function parseViewState(saved: unknown): ViewState {
  if (typeof saved !== "object" || saved === null) return INITIAL_VIEW_STATE;
  const { sort, task, words, selected, top, timeline } = saved as Record<string, unknown>;
  return {
    sort: parseSort(sort),
    task: typeof task === "string" ? task : null,
    words: typeof words === "string" ? words : "",
    selected: isRow(selected) ? selected : null,
    top: isRow(top) ? top : 0,
    timeline: parseTimelineState(timeline),
  };
}

function parseSort(saved: unknown): TaskSort {
  if (typeof saved !== "object" || saved === null) return null;
  const { key, isDescending } = saved as Record<string, unknown>;
  const known = TASK_SORT_KEYS.find((name) => name === key);
  return known === undefined ? null : { key: known, isDescending: isDescending === true };
}

function isRow(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
