import type { SegmentFacts } from "#adapter/trace/timeline/segment-facts";
import type { SourcePlace } from "#adapter/trace/trace";
import { formatPlace, formatShortPlace } from "../format";
import { element } from "../view/dom";

export interface SegmentDetailEvents {
  onOpen(place: SourcePlace): void;
  /** To the event that has led here. */
  onGoToRow(row: number): void;
  onZoom(facts: SegmentFacts): void;
}

/** The selected segment in full. */
export class SegmentDetail {
  readonly root = element("section", { className: "segment-detail", label: "Selected in the timeline" });

  constructor(private readonly events: SegmentDetailEvents) {
    this.show(null);
  }

  show(facts: SegmentFacts | null): void {
    if (facts === null) {
      this.root.replaceChildren(
        element("p", { className: "empty" }, "Click something in the timeline to see what is known of it."),
      );
      return;
    }
    const title = element(
      "p",
      { className: "title" },
      element("span", { className: "track-word" }, facts.trackName),
      element("strong", {}, facts.title),
    );
    const list = element(
      "dl",
      { className: "segment-facts" },
      ...facts.details.flatMap(({ name, text }) => [element("dt", {}, name), element("dd", {}, text)]),
      ...this.placeLine(facts.place),
    );
    const actions = element(
      "p",
      { className: "segment-actions" },
      this.button("Zoom to it", () => this.events.onZoom(facts)),
    );
    const { wakeRow } = facts;
    if (wakeRow !== null) actions.append(this.button("Go to its wake", () => this.events.onGoToRow(wakeRow)));
    this.root.replaceChildren(title, list, ...this.chain(facts), actions);
  }

  private placeLine(place: SourcePlace | null): HTMLElement[] {
    if (place === null) return [];
    return [element("dt", {}, "line"), element("dd", {}, this.link(place))];
  }

  private chain({ chain }: SegmentFacts): HTMLElement[] {
    if (chain.length < 2) return [];
    const items = chain.map(({ function: name, place }) =>
      element(
        "li",
        {},
        element("span", { className: "function" }, name),
        place === null ? "" : this.link(place),
      ),
    );
    return [element("ol", { className: "chain", label: "Await chain" }, ...items)];
  }

  private link(place: SourcePlace): HTMLElement {
    const link = this.button(formatShortPlace(place), () => this.events.onOpen(place));
    link.title = `Open ${formatPlace(place)}`;
    return link;
  }

  private button(text: string, act: () => void): HTMLButtonElement {
    const button = element("button", { className: "link" }, text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }
}
