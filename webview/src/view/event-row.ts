import { formatInstant } from "#adapter/base/duration";
import type { TraceModel } from "../model/trace-model";
import { element } from "./dom";

/** Which line of the list a row shows, and where. */
interface Placement {
  readonly line: number;
  /** Its row in the trace. */
  readonly row: number;
  /** Px below the top of the view. */
  readonly top: number;
  readonly isSelected: boolean;
}

/** One row of the event list; shows one line after the other as the list scrolls. */
export class EventRow {
  readonly root: HTMLElement;
  private readonly wholePart = document.createTextNode("");
  private readonly finePart = element("span", { className: "fine" });
  private readonly event = element("span", { className: "kind", role: "gridcell" });
  private readonly subject = element("span", { className: "subject", role: "gridcell" });
  private readonly detail = element("span", { className: "detail", role: "gridcell" });
  private shown: { readonly model: TraceModel; readonly row: number } | undefined;
  line = -1;

  constructor() {
    const time = element("span", { className: "time", role: "gridcell" }, this.wholePart, this.finePart);
    this.root = element(
      "div",
      { className: "event", role: "row" },
      time,
      this.event,
      this.subject,
      this.detail,
    );
  }

  /** The id of the element that shows a row of the trace. */
  static idOf(row: number): string {
    return `event-${row}`;
  }

  hide(): void {
    this.root.hidden = true;
    this.root.removeAttribute("id");
    this.line = -1;
  }

  show(model: TraceModel, { line, row, top, isSelected }: Placement): void {
    const { root } = this;
    this.line = line;
    root.hidden = false;
    root.style.transform = `translateY(${top}px)`;
    root.ariaSelected = String(isSelected);
    root.ariaRowIndex = String(line + 2);
    root.id = EventRow.idOf(row);
    if (this.shown?.model !== model || this.shown.row !== row) this.write(model, row);
  }

  private write(model: TraceModel, row: number): void {
    this.shown = { model, row };
    const { event, subject, detail } = model.texts.text(row);
    // Seconds and milliseconds are what one reads first; the rest is set fainter.
    const [whole, ...fine] = formatInstant(model.trace.events.time(row)).split(" ");
    this.wholePart.data = whole!;
    this.finePart.textContent = ` ${fine.join(" ")}`;
    this.event.textContent = event;
    this.event.dataset["event"] = event;
    this.subject.textContent = subject;
    this.detail.textContent = detail;
  }
}
