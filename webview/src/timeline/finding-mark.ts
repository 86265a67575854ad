import type { Finding, Severity } from "#adapter/analysis/finding";
import type { FindingMark } from "../messages";
import type { TrackInfo } from "#adapter/trace/timeline/questions";
import type { Theme } from "./theme";

/** A finding of the analysis as it is shown. */
export function markOf(finding: Finding, nameOf: (task: number) => string): FindingMark {
  const { kind, severity, title, span, evidence, remedy, place, count } = finding;
  const tasks = finding.tasks.map(nameOf);
  return { kind, severity, title, from: span.from, to: span.to, tasks, evidence, remedy, place, count };
}

/** The colour of what is so grave. */
export function severityColor(theme: Theme, severity: Severity): string {
  return severity === "error" ? theme.error : severity === "warning" ? theme.warning : theme.note;
}

/** The tracks that a finding is marked on. */
export function tracksOf(mark: FindingMark, tracks: readonly TrackInfo[]): number[] {
  return tracks
    .filter(({ kind, name }) => kind === "task" && mark.tasks.includes(name))
    .map(({ track }) => track);
}
