import type { SegmentFacts } from "#adapter/trace/timeline/segment-facts";
import { element } from "../view/dom";
import { formatShortPlace } from "../format";

/** The facts of what the pointer rests on, beside the pointer. */
export class HoverCard {
  readonly root = element("div", { className: "hover-card" });
  private shown: SegmentFacts | null = null;

  constructor() {
    this.root.hidden = true;
    this.root.ariaHidden = "true";
  }

  /** Shows facts at a place of the timeline, in px, and how much room there is. */
  show(
    facts: SegmentFacts,
    {
      x,
      y,
      width,
      height,
    }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  ): void {
    if (
      facts.segment !== this.shown?.segment ||
      facts.track !== this.shown.track ||
      facts.to !== this.shown.to
    )
      this.write(facts);
    this.root.hidden = false;
    const { offsetWidth, offsetHeight } = this.root;
    const left = x + 16 + offsetWidth > width ? x - 12 - offsetWidth : x + 16;
    const top = y + 18 + offsetHeight > height ? y - 12 - offsetHeight : y + 18;
    this.root.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  hide(): void {
    this.root.hidden = true;
  }

  private write(facts: SegmentFacts): void {
    this.shown = facts;
    const title = element(
      "p",
      { className: "hover-title" },
      element("span", { className: "track-word" }, facts.trackName),
      element("strong", {}, facts.title),
    );
    const place = facts.place === null ? [] : [{ name: "line", text: formatShortPlace(facts.place) }];
    const list = element(
      "dl",
      {},
      ...[...facts.details, ...place].flatMap(({ name, text }) => [
        element("dt", {}, name),
        element("dd", {}, text),
      ]),
    );
    this.root.replaceChildren(title, list);
  }
}
