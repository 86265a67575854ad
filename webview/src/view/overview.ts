import { formatDuration } from "#adapter/base/duration";
import { nanoseconds } from "#adapter/base/brand";
import { formatAmount, formatCount, formatShare } from "../format";
import type { TraceModel } from "../model/trace-model";
import { element } from "./dom";

/** The first line of the page: how long, how many. */
export function overview(model: TraceModel): HTMLElement {
  const { core, tasks, trace } = model;
  const facts = element(
    "dl",
    { className: "facts" },
    fact("Duration", formatDuration(core.duration)),
    fact("Tasks", formatCount(tasks.length)),
    fact("Events", formatCount(trace.events.length)),
    fact("Core asleep", formatShare(core.timeAsleep, core.duration)),
  );
  return element("header", { className: "overview" }, facts);
}

function fact(name: string, value: string): HTMLElement {
  return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}

/** How the core spent the time, as a bar and in words. */
export function coreShares({ core, timeInTasks }: TraceModel): HTMLElement {
  const { timeAsleep, timeInInterrupts, duration } = core;
  const rest = nanoseconds(Math.max(0, duration - timeAsleep - timeInInterrupts - timeInTasks));
  const shares = [
    { name: "tasks", time: timeInTasks, className: "share-tasks" },
    { name: "interrupts", time: timeInInterrupts, className: "share-interrupts" },
    { name: "executor and start-up", time: rest, className: "share-rest" },
    { name: "asleep", time: timeAsleep, className: "share-asleep" },
  ];
  const bar = element("div", { className: "core-bar" });
  bar.ariaHidden = "true";
  const legend = element("ul", { className: "core-legend", label: "How the core spent the time" });
  for (const { name, time, className } of shares) {
    if (time <= 0) continue;
    const part = element("span", { className });
    part.style.flexGrow = String(time / duration);
    bar.append(part);
    const mark = element("span", { className: `mark ${className}` });
    const text = `${name} ${formatShare(time, duration)}`;
    legend.append(element("li", { title: formatDuration(time) }, mark, text));
  }
  return element("div", { className: "core" }, bar, legend);
}

/** A sentence about task slots that have no row of their own; empty if all have. */
export function silentTasksNote({ silentTasks: count, problems }: TraceModel): string {
  if (count === 0) return "";
  const slots = formatAmount(count, "more task slot");
  // Of an incomplete trace nobody knows what happened in the rest.
  if (problems.length > 0) return `${slots} ${count === 1 ? "has" : "have"} no events in what could be read.`;
  return `${slots} ${count === 1 ? "was" : "were"} never spawned.`;
}
