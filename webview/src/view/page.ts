import type { TaskIndex } from "#adapter/trace/event";
import { filterRows } from "../model/event-filter";
import type { TraceModel } from "../model/trace-model";
import type { ViewState } from "../state/view-state";
import { element, oncePerFrame } from "./dom";
import { EventDetail } from "./event-detail";
import { EventList } from "./event-list";
import { FilterBar } from "./filter-bar";
import { failureNotice, problemNotice } from "./notices";
import { overview, silentTasksNote } from "./overview";
import { TaskTable } from "./task-table";

/** The whole page: overview, tasks, events. Holds what the reader has chosen and saves every change of it. */
export class Page {
  private model: TraceModel | undefined;
  private readonly top = element("div", { className: "top" });
  private readonly note = element("p", { className: "note" });
  private readonly detail = new EventDetail();
  private readonly main: HTMLElement;
  private readonly table = new TaskTable({
    onSort: (sort) => this.change({ sort }),
    onToggleTask: ({ name }) => this.change({ task: this.state.task === name ? null : name }),
  });
  private readonly filterBar = new FilterBar({
    onFilter: (task, words) => this.change({ task, words }),
    onLeave: () => this.list.focus(),
  });
  private readonly list = new EventList({
    onSelect: (selected) => this.change({ selected }),
    onScrolled: (top) => this.change({ top }),
  });
  /** Typing fast filters once per frame. */
  private readonly refilter = oncePerFrame(() => this.listRows());

  constructor(
    private readonly body: HTMLElement,
    private state: ViewState,
    private readonly save: (state: ViewState) => void,
  ) {
    const tasks = element("section", { className: "task-section" }, this.table.root, this.note);
    const events = element("section", { className: "event-section" }, this.filterBar.root, this.list.root);
    this.main = element("main", {}, this.top, tasks, events, this.detail.root);
    body.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Shows a trace; what the reader had chosen stays chosen as far as it exists in this one. */
  show(model: TraceModel): void {
    const isFirst = this.model === undefined;
    this.model = model;
    const notices = model.problems.length === 0 ? [] : [problemNotice(model.problems)];
    this.top.replaceChildren(overview(model), ...notices);
    this.note.textContent = silentTasksNote(model);
    this.filterBar.setTasks(model.tasks.map(({ name }) => name));
    if (!this.main.isConnected) this.body.replaceChildren(this.main);
    this.showTasks(model);
    this.listRows();
    if (isFirst) this.list.goToTop(this.state.top);
    this.showSelected(model);
  }

  /** Shows why there is no trace. */
  fail(what: string, remedy: string): void {
    this.body.replaceChildren(failureNotice(what, remedy));
  }

  private change(changes: Partial<ViewState>): void {
    const before = this.state;
    this.state = { ...before, ...changes };
    this.save(this.state);
    if (this.model === undefined) return;
    const isFilter = this.state.task !== before.task || this.state.words !== before.words;
    if (isFilter) this.refilter();
    if (isFilter || this.state.sort !== before.sort) this.showTasks(this.model);
    if (this.state.selected !== before.selected) this.showSelected(this.model);
  }

  private showTasks(model: TraceModel): void {
    this.table.show(model.tasks, this.state.sort, this.chosenTask(model) === null ? null : this.state.task);
  }

  private listRows(): void {
    const { model, state } = this;
    if (model === undefined) return;
    const task = this.chosenTask(model);
    const rows = filterRows(model.trace, model.texts, model.listedRows, { task, words: state.words });
    this.list.show(model, rows);
    this.filterBar.show(task === null ? null : state.task, state.words);
    this.filterBar.showCount(rows.length, model.listedRows.length);
  }

  private showSelected(model: TraceModel): void {
    this.list.select(this.state.selected);
    this.detail.show(model, this.state.selected);
  }

  private chosenTask(model: TraceModel): TaskIndex | null {
    return model.tasks.find(({ name }) => name === this.state.task)?.task ?? null;
  }

  private onKey(event: KeyboardEvent): void {
    const isFind = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey;
    const isSlash = event.key === "/" && !(event.target instanceof HTMLInputElement);
    if (!isFind && !isSlash) return;
    event.preventDefault();
    this.filterBar.focus();
  }
}
