/** What a reader has set, kept while the window is. */
export interface TreeState {
  readonly filter: string;
  /** Whether it is asked why tasks are not running, instead of what they await. */
  readonly tellsWhy: boolean;
  readonly toggled: ReadonlyMap<string, boolean>;
}

/** More than a reader would toggle: the oldest are forgotten. */
const MOST_KEPT = 500;

/** What was saved, which may be of another version, or nothing. */
export function parseTreeState(saved: unknown): TreeState {
  const { filter, tellsWhy, toggled } = (isObject(saved) ? saved : {}) as Record<string, unknown>;
  const entries = Array.isArray(toggled) ? toggled.filter(isToggle) : [];
  return {
    filter: typeof filter === "string" ? filter : "",
    tellsWhy: tellsWhy === true,
    toggled: new Map(entries.slice(-MOST_KEPT)),
  };
}

export function savedTreeState({ filter, tellsWhy, toggled }: TreeState): unknown {
  return { filter, tellsWhy, toggled: [...toggled].slice(-MOST_KEPT) };
}

function isToggle(entry: unknown): entry is [string, boolean] {
  return Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "boolean";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
