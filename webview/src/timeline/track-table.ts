import { nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import type { SegmentList } from "#adapter/trace/timeline/segment-list";
import { formatShortPlace } from "../format";
import { formatAmount } from "../format";
import { element } from "../view/dom";

/** The segments of one track as a table: the same that its lane draws, for the keyboard and for screen readers. */
export class TrackTable {
  readonly root = element("section", { className: "track-panel" });

  constructor(private readonly onSelect: (segment: number) => void) {}

  showNothing(): void {
    this.root.replaceChildren(
      element("p", { className: "empty" }, "Choose a track by its name to read it as a table."),
    );
  }

  show(name: string, { segments, total }: SegmentList): void {
    const shown = segments.length < total ? `first ${segments.length} of ` : "";
    const about = `${name}: ${shown}${formatAmount(total, "segment")} in view`;
    const head = ["From (s)", "Duration", "What", "Detail"].map((heading, i) =>
      element("th", { className: i < 2 ? "number" : "" }, heading),
    );
    const rows = segments.map((facts) => {
      const go = element("button", { className: "link" }, formatInstant(nanoseconds(facts.from)));
      go.type = "button";
      go.addEventListener("click", () => this.onSelect(facts.segment));
      const details = facts.details.filter(
        ({ name: each }) => !["duration", "from", "to", "at"].includes(each),
      );
      const words = details.map(({ name: each, text }) => `${each} ${text}`);
      if (facts.place !== null) words.push(formatShortPlace(facts.place));
      return element(
        "tr",
        {},
        element("td", { className: "number" }, go),
        element(
          "td",
          { className: "number" },
          facts.to === facts.from ? "–" : formatDuration(nanoseconds(facts.to - facts.from)),
        ),
        element("td", {}, facts.title),
        element("td", {}, words.join(" · ")),
      );
    });
    this.root.replaceChildren(
      element("p", { className: "note" }, about),
      element(
        "table",
        { className: "plain-table", label: `Track ${name}` },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...rows),
      ),
    );
  }
}
