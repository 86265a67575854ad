import { EventKind, unpackPollEnd } from "#adapter/trace/event";
import type { AwaitFrame } from "#adapter/trace/trace";
import { formatInstant } from "#adapter/base/duration";
import { formatPlace } from "../format";
import type { TraceModel } from "../model/trace-model";
import { element } from "./dom";

/** The selected event in full, with the await chain of a poll that ended pending. */
export class EventDetail {
  readonly root = element("section", { className: "event-detail", label: "Selected event" });

  constructor() {
    this.root.hidden = true;
  }

  show(model: TraceModel, row: number | null): void {
    const { events } = model.trace;
    this.root.hidden = row === null || row >= events.length;
    if (row === null || row >= events.length) return;
    const { event, subject, detail } = model.fullTexts.text(row);
    const kind = element("span", { className: "kind" }, event);
    kind.dataset["event"] = event;
    const time = element("span", { className: "time" }, `${formatInstant(events.time(row))} s`);
    const title = element("p", { className: "title" }, time, kind, element("strong", {}, subject));
    const words = detail === "" ? [] : [element("p", {}, detail)];
    this.root.replaceChildren(title, ...words, ...chain(framesOf(model, row)));
  }
}

function framesOf({ trace }: TraceModel, row: number): readonly AwaitFrame[] {
  if (trace.events.kind(row) !== EventKind.PollEnd) return [];
  const { result, suspension } = unpackPollEnd(trace.events.payload(row));
  return result === "ready" ? [] : (trace.suspension(suspension)?.frames ?? []);
}

/** The await chain from the task's own function inwards; of one frame there is nothing to add. */
function chain(frames: readonly AwaitFrame[]): HTMLElement[] {
  if (frames.length < 2) return [];
  const items = frames.map(({ function: name, place }) =>
    element(
      "li",
      {},
      element("span", { className: "function" }, name),
      element("span", { className: "aside" }, place === null ? "" : formatPlace(place)),
    ),
  );
  return [element("ol", { className: "chain", label: "Await chain" }, ...items)];
}
