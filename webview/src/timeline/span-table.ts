import { nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import type { SpanRow } from "#adapter/trace/timeline/span-statistics";
import { formatCount, formatShare } from "../format";
import { element } from "../view/dom";
import type { Span } from "./time-scale";

const HEADINGS = ["Track", "What", "Count", "Total", "Share", "Mean", "95th percentile", "Longest"];

/** What happened within a span, as a table. */
export class SpanTable {
  readonly root = element("section", { className: "span-panel" });

  /** @param span what was selected, or null for what is in view */
  show(rows: readonly SpanRow[], span: Span, isSelected: boolean): void {
    const length = span.to - span.from;
    const about = `${isSelected ? "Selected" : "In view"}: ${text(length)} from ${formatInstant(nanoseconds(Math.max(0, span.from)))} s`;
    const hint = isSelected ? "" : " · drag in the ruler, or with Shift, to select a span";
    const head = element("tr", {}, ...HEADINGS.map((heading, i) => cell("th", heading, i > 1)));
    const body = rows.map((row) =>
      element(
        "tr",
        {},
        cell("th", row.trackName, false),
        cell("td", row.what, false),
        cell("td", formatCount(row.count), true),
        cell("td", optional(row.total), true),
        cell("td", row.total === null ? "–" : formatShare(row.total, length), true),
        cell("td", optional(row.mean), true),
        cell("td", optional(row.p95), true),
        cell("td", optional(row.longest), true),
      ),
    );
    this.root.replaceChildren(
      element("p", { className: "note" }, about, element("span", { className: "aside" }, hint)),
      element(
        "table",
        { className: "plain-table", label: "Statistics of the span" },
        element("thead", {}, head),
        element("tbody", {}, ...body),
      ),
    );
  }
}

function cell(tag: "th" | "td", words: string, isNumeric: boolean): HTMLElement {
  return element(tag, { className: isNumeric ? "number" : "" }, words);
}

function optional(time: number | null): string {
  return time === null ? "–" : text(time);
}

function text(time: number): string {
  return formatDuration(nanoseconds(Math.max(0, time)));
}
