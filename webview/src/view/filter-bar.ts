import { formatCount } from "../format";
import { element } from "./dom";

/** What the filter asks of the page. */
export interface FilterBarEvents {
  /** The choice has changed; the task by name, or null for all. */
  onFilter(task: string | null, words: string): void;
  /** The reader is done with the filter and wants to go to the events. */
  onLeave(): void;
}

/** Chooses which events are listed, and says how many are. */
export class FilterBar {
  readonly root: HTMLElement;
  private readonly task = element("select", { className: "task-choice", label: "Task" });
  private readonly words = element("input", { className: "words", label: "Filter events" });
  private readonly count = element("span", { className: "count", role: "status" });

  constructor(private readonly events: FilterBarEvents) {
    this.words.type = "search";
    this.words.placeholder = "Filter: wake main.rs:18 -sleep";
    this.words.title = "Words an event must contain; a word after a minus must not occur";
    this.words.spellcheck = false;
    const changed = () => events.onFilter(this.task.value === "" ? null : this.task.value, this.words.value);
    this.task.addEventListener("change", changed);
    this.words.addEventListener("input", changed);
    this.words.addEventListener("keydown", (event) => this.onKey(event, changed));
    const heading = element("h2", {}, "Events");
    this.root = element("div", { className: "filter-bar" }, heading, this.task, this.words, this.count);
  }

  /** The tasks that can be chosen. */
  setTasks(names: readonly string[]): void {
    this.task.replaceChildren(option("", "All tasks"), ...names.map((name) => option(name, name)));
  }

  show(task: string | null, words: string): void {
    this.task.value = task ?? "";
    if (this.words.value !== words) this.words.value = words;
  }

  showCount(listed: number, all: number): void {
    const text = listed === all ? formatCount(all) : `${formatCount(listed)} of ${formatCount(all)}`;
    this.count.textContent = `${text} lines`;
  }

  focus(): void {
    this.words.focus();
    this.words.select();
  }

  private onKey(event: KeyboardEvent, changed: () => void): void {
    if (event.key === "Escape" && this.words.value !== "") {
      this.words.value = "";
      changed();
    } else if (event.key === "ArrowDown" || event.key === "Enter") this.events.onLeave();
    else return;
    event.preventDefault();
  }
}

function option(value: string, text: string): HTMLOptionElement {
  const made = element("option", {}, text);
  made.value = value;
  return made;
}
