import type { Finding } from "#adapter/analysis/finding";
import type { Trace } from "#adapter/trace/trace";
import { placeText, type ShowPath } from "./event-json";

/** A finding as `pollscope check --json` prints it. What is not known is null. */
export function findingJson(finding: Finding, trace: Trace, showPath: ShowPath): Record<string, unknown> {
  const { kind, severity, title, tasks, span, place, related, evidence, remedy, count } = finding;
  return {
    kind,
    severity,
    title,
    tasks: tasks.map((task) => trace.tasks[task]?.name ?? null),
    from_ns: span.from,
    to_ns: span.to,
    at: place === null ? null : placeText(place, showPath),
    related: related.map((each) => ({ at: placeText(each.place, showPath), text: each.text })),
    evidence,
    remedy,
    count,
  };
}
