import { Analyses } from "#adapter/analysis/analyses";
import type { TaskIndex } from "#adapter/trace/event";
import { perfettoTrace } from "#adapter/trace/perfetto/export-perfetto";
import type { SourcePlace, Trace } from "#adapter/trace/trace";
import type { PageForm } from "../messages";
import { filterRows } from "../model/event-filter";
import type { TraceModel } from "../model/trace-model";
import type { ViewState } from "../state/view-state";
import { FileSource } from "../timeline/file-source";
import { markOf } from "../timeline/finding-mark";
import { TimelinePage } from "../timeline/timeline-page";
import { element, oncePerFrame } from "./dom";
import { EventDetail } from "./event-detail";
import { EventList } from "./event-list";
import { FilterBar } from "./filter-bar";
import { failureNotice, problemNotice } from "./notices";
import { coreShares, overview, silentTasksNote } from "./overview";
import { TaskTable } from "./task-table";

/** Events that the search for findings reads in one go. */
const PIECE = 50_000;

export interface PageEvents {
  onState(state: ViewState): void;
  onOpen(place: SourcePlace): void;
  /** The reader wants to save the timeline as something. */
  onExport(): void;
  onSave(name: string, bytes: Uint8Array): void;
}

/** The whole page of a saved trace: timeline, tasks, events. Holds what the reader has chosen and tells every change of it. */
export class Page {
  private model: TraceModel | undefined;
  private timeline: TimelinePage | undefined;
  private readonly top = element("div", { className: "top" });
  private readonly core = element("div");
  private readonly note = element("p", { className: "note" });
  private readonly detail = new EventDetail();
  private readonly main = element("main");
  private readonly tasksPanel: HTMLElement;
  private readonly eventsPanel: HTMLElement;
  private readonly table = new TaskTable({
    onSort: (sort) => this.change({ sort }),
    onToggleTask: ({ name }) => this.change({ task: this.state.task === name ? null : name }),
  });
  private readonly filterBar = new FilterBar({
    onFilter: (task, words) => this.change({ task, words }),
    onLeave: () => this.list.focus(),
  });
  private readonly list = new EventList({
    onSelect: (selected) => {
      this.change({ selected });
      this.timeline?.view.selectRow(selected);
    },
    onScrolled: (top) => this.change({ top }),
  });
  /** Typing fast filters once per frame. */
  private readonly refilter = oncePerFrame(() => this.listRows());

  constructor(
    private readonly body: HTMLElement,
    private state: ViewState,
    private readonly events: PageEvents,
  ) {
    this.tasksPanel = element(
      "section",
      { className: "task-section" },
      this.core,
      this.table.root,
      this.note,
    );
    this.eventsPanel = element(
      "section",
      { className: "event-section" },
      this.filterBar.root,
      this.list.root,
      this.detail.root,
    );
    body.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Shows a trace; what the reader had chosen stays chosen as far as it exists in this one. */
  show(model: TraceModel): void {
    const isFirst = this.model === undefined;
    this.model = model;
    const notices = model.problems.length === 0 ? [] : [problemNotice(model.problems)];
    this.top.replaceChildren(overview(model), ...notices);
    this.core.replaceChildren(coreShares(model));
    this.note.textContent = silentTasksNote(model);
    this.filterBar.setTasks(model.tasks.map(({ name }) => name));
    this.timeline = this.timelineOf(model);
    this.main.replaceChildren(this.top, this.timeline.root);
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

  /** Makes a file of what is shown. */
  export(form: PageForm): void {
    const { model, timeline } = this;
    if (model === undefined) return;
    if (form === "perfetto")
      this.events.onSave("trace.perfetto-trace", joined([...perfettoTrace(model.trace, "firmware")]));
    else timeline?.makePicture(form, (name, bytes) => this.events.onSave(name, bytes));
  }

  private timelineOf(model: TraceModel): TimelinePage {
    const page = new TimelinePage({
      source: new FileSource(model.trace),
      state: this.state.timeline,
      isLive: false,
      tabs: [
        { id: "events", title: "Events", panel: this.eventsPanel },
        { id: "tasks", title: "Tasks", panel: this.tasksPanel },
      ],
      onState: (changes) => this.change({ timeline: { ...this.state.timeline, ...changes } }),
      onSelect: (facts) => {
        if (facts === null) return;
        this.change({ selected: facts.row });
        this.list.reveal(facts.row);
      },
      onExport: () => this.events.onExport(),
      onOpen: (place) => this.events.onOpen(place),
    });
    void this.lookForFindings(model.trace, page);
    return page;
  }

  /** Looks through the trace in pieces, so that the page never hangs; ends early if another trace is shown. */
  private async lookForFindings(trace: Trace, page: TimelinePage): Promise<void> {
    const analyses = new Analyses(trace);
    do {
      await new Promise((done) => setTimeout(done));
      if (this.model?.trace !== trace) return;
    } while (!analyses.catchUp(PIECE));
    analyses.finish();
    const nameOf = (task: number) => this.model?.tasks.find((row) => row.task === task)?.name ?? "";
    page.showFindings(
      analyses.findings.list().map((finding) => markOf(finding, nameOf)),
      true,
    );
  }

  private change(changes: Partial<ViewState>): void {
    const before = this.state;
    this.state = { ...before, ...changes };
    this.events.onState(this.state);
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
    this.timeline?.choosePanel("events");
    this.filterBar.focus();
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
