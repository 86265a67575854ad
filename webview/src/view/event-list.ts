import { lastAtMost } from "#adapter/base/binary-search";
import { formatInstant } from "#adapter/base/duration";
import type { TraceModel } from "../model/trace-model";
import { element, oncePerFrame } from "./dom";
import { EventRow } from "./event-row";
import {
  clampOffset,
  type Extent,
  isScaled,
  offsetAt,
  offsetThatShows,
  rowsInView,
  scrollHeight,
  scrollTopAt,
} from "./virtual-rows";

const HEADINGS = ["Time (s)", "Event", "Task or source", "Detail"];

/** What the list asks of the page; rows are rows of the trace. */
export interface EventListEvents {
  onSelect(row: number): void;
  onScrolled(top: number): void;
}

/**
 * The events of a trace as a grid of which only the rows in view exist.
 *
 * The rows lie in a layer that sticks to the top of what scrolls and are moved by less than a view's height, so
 * that a list of any length is drawn exactly and nothing is blank while it scrolls.
 */
export class EventList {
  readonly root: HTMLElement;
  private readonly layer = element("div", { className: "layer", role: "rowgroup" });
  private readonly spacer = element("div", { className: "spacer" });
  private readonly scroller = element("div", { className: "scroller", role: "presentation" });
  private readonly empty = element("p", { className: "empty" });
  private readonly pool: EventRow[] = [];
  private model: TraceModel | undefined;
  private rows: Uint32Array = new Uint32Array();
  private selected: number | null = null;
  private offset = 0;
  private rowHeight = 1;
  private viewHeight = 0;
  private readonly redraw = oncePerFrame(() => this.draw());

  constructor(private readonly events: EventListEvents) {
    const headings = HEADINGS.map((text) => element("span", { role: "columnheader" }, text));
    const head = element("div", { className: "event head", role: "row" }, ...headings);
    head.ariaRowIndex = "1";
    this.scroller.append(this.layer, this.spacer, this.empty);
    this.scroller.tabIndex = -1;
    this.spacer.role = "presentation";
    this.root = element(
      "div",
      { className: "events", role: "grid", label: "Events" },
      element("div", { role: "rowgroup" }, head),
      this.scroller,
    );
    this.root.tabIndex = 0;
    this.root.ariaColCount = String(HEADINGS.length);
    this.listen();
  }

  /** Shows these rows of the trace; the event that was at the top stays there, or the one before it. */
  show(model: TraceModel, rows: Uint32Array): void {
    const top = this.topRow();
    this.model = model;
    this.rows = rows;
    this.root.ariaRowCount = String(rows.length + 1);
    this.root.style.setProperty("--time-length", String(formatInstant(model.trace.endTime).length));
    this.empty.textContent = rows.length > 0 ? "" : emptyText(model);
    this.measure();
    this.goToTop(top);
  }

  /** Scrolls so that `row` of the trace, or the listed one before it, is the first in view. */
  goToTop(row: number): void {
    this.moveTo(Math.max(0, lastAtMost(this.rows, row)) * this.rowHeight);
  }

  /** Marks a row of the trace as the selected one; null for none. */
  select(row: number | null): void {
    this.selected = row;
    this.redraw();
  }

  /** Marks a row of the trace and brings it, or the listed one before it, into view. */
  reveal(row: number): void {
    const line = Math.max(0, lastAtMost(this.rows, row));
    this.moveTo(offsetThatShows(this.extent(), this.offset, line));
    this.select(row);
  }

  focus(): void {
    this.root.focus();
    if (this.selectedLine() < 0) this.selectLine(rowsInView(this.extent(), this.offset).first);
  }

  /** The row of the trace at the top of the view. */
  private topRow(): number {
    return this.rows[Math.round(this.offset / this.rowHeight)] ?? 0;
  }

  private listen(): void {
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.scroller.addEventListener("scroll", () => this.onScroll());
    this.scroller.addEventListener("scrollend", () => this.events.onScrolled(this.topRow()));
    this.scroller.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.layer.addEventListener("click", (event) => {
      const line = this.pool.find(({ root }) => root.contains(event.target as Node))?.line;
      if (line !== undefined) this.selectLine(line);
    });
    new ResizeObserver(() => this.onResize()).observe(this.scroller);
  }

  /** The event at the top stays there, but for a selected one that was in view: it still is. */
  private onResize(): void {
    const top = this.topRow();
    const line = this.selectedLine();
    const wasInView = line >= 0 && offsetThatShows(this.extent(), this.offset, line) === this.offset;
    const oldRowHeight = this.rowHeight;
    this.measure();
    if (this.rowHeight !== oldRowHeight) this.goToTop(top);
    else this.moveTo(this.offset);
    if (wasInView) this.moveTo(offsetThatShows(this.extent(), this.offset, line));
  }

  private onScroll(): void {
    // A position that we have set comes back rounded; only what the reader did is news.
    if (Math.abs(this.scroller.scrollTop - scrollTopAt(this.extent(), this.offset)) < 1) return;
    this.offset = offsetAt(this.extent(), this.scroller.scrollTop);
    this.redraw();
  }

  /** In a list that scrolls in proportion, the wheel would skip events: move by what it says instead. */
  private onWheel(event: WheelEvent): void {
    if (!isScaled(this.extent()) || event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || event.ctrlKey) return;
    event.preventDefault();
    this.moveTo(this.offset + event.deltaY);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = this.lineAfter(event.key);
    if (line === undefined || this.rows.length === 0) return;
    event.preventDefault();
    this.selectLine(Math.min(Math.max(line, 0), this.rows.length - 1));
  }

  private lineAfter(key: string): number | undefined {
    const line = this.selectedLine();
    const page = Math.max(1, Math.floor(this.viewHeight / this.rowHeight) - 1);
    switch (key) {
      case "ArrowDown":
        return line + 1;
      case "ArrowUp":
        return line - 1;
      case "PageDown":
        return line + page;
      case "PageUp":
        return line - page;
      case "Home":
        return 0;
      case "End":
        return this.rows.length - 1;
      default:
        return undefined;
    }
  }

  /** The line of the selected row, or -1 if it is not listed. */
  private selectedLine(): number {
    if (this.selected === null) return -1;
    const line = lastAtMost(this.rows, this.selected);
    return this.rows[line] === this.selected ? line : -1;
  }

  private selectLine(line: number): void {
    const row = this.rows[line];
    if (row === undefined) return;
    this.moveTo(offsetThatShows(this.extent(), this.offset, line));
    this.select(row);
    this.events.onSelect(row);
  }

  private moveTo(offset: number): void {
    const extent = this.extent();
    this.offset = clampOffset(extent, offset);
    this.scroller.scrollTop = scrollTopAt(extent, this.offset);
    this.redraw();
  }

  private extent(): Extent {
    return { rows: this.rows.length, rowHeight: this.rowHeight, viewHeight: this.viewHeight };
  }

  /** Takes sizes from the style sheet, which gives a narrow page taller rows. */
  private measure(): void {
    this.rowHeight = parseFloat(getComputedStyle(this.root).getPropertyValue("--row-height")) || 22;
    this.viewHeight = this.scroller.clientHeight;
    this.spacer.style.height = `${scrollHeight(this.extent())}px`;
  }

  private draw(): void {
    const { model } = this;
    if (model === undefined) return;
    const { first, end } = rowsInView(this.extent(), this.offset);
    while (this.pool.length < end - first) {
      const row = new EventRow();
      this.pool.push(row);
      this.layer.append(row.root);
    }
    const selectedLine = this.selectedLine();
    // A line keeps its element while it is in view, so that little changes from frame to frame.
    for (const [index, row] of this.pool.entries()) {
      const line = first + ((((index - first) % this.pool.length) + this.pool.length) % this.pool.length);
      if (line >= end) row.hide();
      else
        row.show(model, {
          line,
          row: this.rows[line]!,
          top: line * this.rowHeight - this.offset,
          isSelected: line === selectedLine,
        });
    }
    const isInView = selectedLine >= first && selectedLine < end;
    if (isInView) this.root.setAttribute("aria-activedescendant", EventRow.idOf(this.rows[selectedLine]!));
    else this.root.removeAttribute("aria-activedescendant");
  }
}

function emptyText(model: TraceModel): string {
  return model.listedRows.length === 0 ? "Nothing happened in this trace." : "No event passes the filter.";
}
