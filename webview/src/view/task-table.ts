import { formatDuration } from "#adapter/base/duration";
import { formatCount, formatOptional, formatPlace, formatShortPlace } from "../format";
import { nextSort, sortTaskRows, type TaskRow, type TaskSort, type TaskSortKey } from "../model/task-rows";
import type { TaskState } from "../model/task-states";
import { element } from "./dom";

interface Column {
  /** What the heading's button sorts by; null if it has none. */
  readonly key: TaskSortKey | null;
  readonly heading: string;
  readonly hint: string;
  readonly isNumeric: boolean;
}

const COLUMNS: readonly Column[] = [
  { key: "name", heading: "Task", hint: "One slot of a task pool", isNumeric: false },
  { key: "state", heading: "State", hint: "At the end of the trace", isNumeric: false },
  { key: "polls", heading: "Polls", hint: "How often it was polled", isNumeric: true },
  { key: "wakes", heading: "Wakes", hint: "How often it was woken", isNumeric: true },
  { key: "timeRun", heading: "Time run", hint: "In polls, without interrupts", isNumeric: true },
  { key: "longestPoll", heading: "Longest poll", hint: "From its begin to its end", isNumeric: true },
  { key: "longestWait", heading: "Longest wait", hint: "From a wake to the poll after it", isNumeric: true },
  { key: "bytes", heading: "Bytes", hint: "Of memory: its header and its future", isNumeric: true },
  { key: null, heading: "Woken by", hint: "And how often", isNumeric: false },
];

/** What the table asks of the page. */
export interface TaskTableEvents {
  onSort(sort: TaskSort): void;
  /** The reader wants the events of this task only, or of all if it is the one already chosen. */
  onToggleTask(row: TaskRow): void;
}

/** The tasks of a trace, sortable by the buttons in its head. */
export class TaskTable {
  readonly root: HTMLElement;
  private readonly headings = new Map<TaskSortKey, HTMLElement>();
  private readonly body = element("tbody");
  private rows: readonly TaskRow[] = [];
  private sort: TaskSort = null;
  private chosen: string | null = null;

  constructor(private readonly events: TaskTableEvents) {
    const head = element("tr", {}, ...COLUMNS.map((column) => this.heading(column)));
    const table = element(
      "table",
      { className: "tasks", label: "Tasks" },
      element("thead", {}, head),
      this.body,
    );
    this.root = element("div", { className: "tasks-scroller" }, table);
  }

  show(rows: readonly TaskRow[], sort: TaskSort, chosen: string | null): void {
    this.rows = rows;
    this.sort = sort;
    this.chosen = chosen;
    for (const [key, heading] of this.headings) {
      const direction = sort?.key !== key ? "none" : sort.isDescending ? "descending" : "ascending";
      heading.ariaSort = direction;
    }
    const longest = Math.max(...rows.map(({ timeRun }) => timeRun));
    this.body.replaceChildren(...sortTaskRows(this.rows, sort).map((row) => this.row(row, longest)));
  }

  private heading({ key, heading, hint, isNumeric }: Column): HTMLElement {
    if (key === null) return element("th", { title: hint }, heading);
    const button = element("button", { title: hint }, heading);
    button.type = "button";
    button.addEventListener("click", () => this.events.onSort(nextSort(this.sort, key)));
    const cell = element("th", { className: isNumeric ? "number" : "" }, button);
    cell.scope = "col";
    this.headings.set(key, cell);
    return cell;
  }

  private row(row: TaskRow, longest: number): HTMLElement {
    const isChosen = row.name === this.chosen;
    const where = row.place === null ? "" : `, declared at ${formatPlace(row.place)}`;
    const name = element("button", { title: `${row.name}${where}: show only its events` }, row.name);
    name.type = "button";
    name.ariaPressed = String(isChosen);
    name.addEventListener("click", () => {
      this.events.onToggleTask(row);
      this.focusTask(row);
    });
    const heading = element("th", { className: "task-name" }, name);
    heading.scope = "row";
    const timeRun = element("td", { className: "number time-run" }, formatDuration(row.timeRun));
    timeRun.style.setProperty("--share", String(longest > 0 ? row.timeRun / longest : 0));
    const made = element(
      "tr",
      { className: isChosen ? "chosen" : "" },
      heading,
      element("td", { className: "state" }, ...stateParts(row.state)),
      number(formatCount(row.polls)),
      number(formatCount(row.wakes)),
      timeRun,
      number(formatOptional(row.longestPoll)),
      number(formatOptional(row.longestWait)),
      number(formatCount(row.bytes)),
      wokenBy(row),
    );
    made.dataset["task"] = row.name;
    return made;
  }

  /** The rows are made anew when a task is chosen; the keyboard stays where it was. */
  private focusTask({ name }: TaskRow): void {
    const row = [...this.body.rows].find(({ dataset }) => dataset["task"] === name);
    row?.querySelector("button")?.focus();
  }
}

function number(text: string): HTMLElement {
  return element("td", { className: "number" }, text);
}

function stateParts(state: TaskState): (HTMLElement | string)[] {
  const name = element("span", { className: `badge ${state.kind}` }, state.kind);
  if (state.kind !== "suspended" || state.suspension === undefined) return [name];
  const { place, awaiting } = state.suspension;
  const words = [place === null ? "" : formatShortPlace(place), awaiting ?? ""].filter((word) => word !== "");
  const title = place === null ? "" : formatPlace(place);
  return [name, " ", element("span", { className: "aside", title }, words.join(" · "))];
}

function wokenBy({ wakeSources }: TaskRow): HTMLElement {
  const text = wakeSources.map(([name, times]) => `${name} ${formatCount(times)}`).join(", ");
  return element("td", { className: "woken-by", title: text }, text);
}
