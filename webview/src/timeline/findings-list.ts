import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { SourcePlace } from "#adapter/trace/trace";
import { formatPlace, formatShortPlace } from "../format";
import { element } from "../view/dom";
import type { FindingMark } from "../messages";

export interface FindingsListEvents {
  onShow(finding: FindingMark): void;
  onOpen(place: SourcePlace): void;
}

/** What was found to be wrong, with its evidence and what to do. */
export class FindingsList {
  readonly root = element("section", { className: "findings-panel" });

  constructor(private readonly events: FindingsListEvents) {
    this.show([], false);
  }

  show(findings: readonly FindingMark[], isDone: boolean): void {
    if (findings.length === 0) {
      const text = isDone ? "Nothing was found to be wrong in the events of this trace." : "Looking …";
      this.root.replaceChildren(element("p", { className: "empty" }, text));
      return;
    }
    this.root.replaceChildren(element("ul", {}, ...findings.map((finding) => this.item(finding))));
  }

  private item(finding: FindingMark): HTMLElement {
    const { severity, title, kind, from, evidence, remedy, place, count } = finding;
    const go = element("button", { className: "link finding-title" }, title);
    go.type = "button";
    go.addEventListener("click", () => this.events.onShow(finding));
    const times = count > 1 ? `, ${count} times` : "";
    const about = `${kind} · ${severity} · at ${formatInstant(nanoseconds(from))} s${times}`;
    const head = element("p", {}, go, element("span", { className: "aside" }, about));
    if (place !== null) {
      const link = element(
        "button",
        { className: "link", title: `Open ${formatPlace(place)}` },
        formatShortPlace(place),
      );
      link.type = "button";
      link.addEventListener("click", () => this.events.onOpen(place));
      head.append(link);
    }
    const item = element(
      "li",
      { className: `finding ${severity}` },
      head,
      ...evidence.map((line) => element("p", { className: "evidence" }, line)),
      element("p", { className: "remedy" }, remedy),
    );
    return item;
  }
}
