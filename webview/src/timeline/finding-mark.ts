import type { Finding, Severity } from "#adapter/analysis/finding";
import type { TrackInfo } from "#adapter/trace/timeline/questions";
import type { Theme } from "./theme";

/** A finding where the timeline shows it. */
export interface FindingMark {
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** The names of the tasks that it concerns. */
  readonly tasks: readonly string[];
  readonly evidence: readonly string[];
  readonly remedy: string;
  readonly place: Finding["place"];
  readonly count: number;
}

export function markOf(finding: Finding, nameOf: (task: number) => string): FindingMark {
  const { kind, severity, title, span, evidence, remedy, place, count } = finding;
  const tasks = finding.tasks.map(nameOf);
  return { kind, severity, title, from: span.from, to: span.to, tasks, evidence, remedy, place, count };
}

export function severityColor(theme: Theme, severity: Severity): string {
  return severity === "error" ? theme.error : severity === "warning" ? theme.warning : theme.note;
}

/** The tracks that a finding is marked on. */
export function tracksOf(mark: FindingMark, tracks: readonly TrackInfo[]): number[] {
  return tracks
    .filter(({ kind, name }) => kind === "task" && mark.tasks.includes(name))
    .map(({ track }) => track);
}
