import type { Nanoseconds } from "../base/brand";
import type { EventKind, TaskIndex } from "../trace/event";
import type { Trace } from "../trace/trace";
import type { FindingList } from "./finding";
import type { TaskThresholds, Thresholds } from "./thresholds";

/** A row of a trace. One object is used for all rows: a number that is no small integer would be allocated for each call. */
export interface FoldedEvent {
  readonly time: Nanoseconds;
  readonly kind: EventKind;
  readonly task: TaskIndex;
  readonly payload: number;
}

/** Follows a trace row by row. Called once per event: nothing is allocated where nothing is found. */
export interface Fold {
  add(event: FoldedEvent): void;
  /** The trace ends here; what is still under way counts up to now. Rows may follow all the same. */
  finish?(endTime: Nanoseconds): void;
  /** In the middle of a run: begins findings of what is under way, and asks to be called again for what may become one. */
  probe?(now: Nanoseconds): void;
  /** Whether nothing is under way that a probe could make a finding of. */
  isAtRest?(): boolean;
}

/** What a fold is made of. */
export interface AnalysisContext {
  readonly trace: Trace;
  readonly thresholds: Thresholds;
  /** The same, with what is different for some tasks. */
  readonly thresholdsOf: (task: TaskIndex) => Required<TaskThresholds>;
  readonly findings: FindingList;
  /** Asks for a `probe` at an instant, where there is somebody who can do that. */
  probeAt(time: number): void;
  /** The running fold of an analysis that is among `requires`. */
  of<Required extends Fold>(analysis: Analysis<Required>): Required;
}

/** A kind of fold, and which others it looks at: those have seen a row before it does. */
export interface Analysis<Made extends Fold = Fold> {
  readonly name: string;
  readonly requires: readonly Analysis[];
  /** The kinds of events that are added; all if absent. Most events of a run concern few of the folds. */
  readonly kinds?: readonly EventKind[];
  create(context: AnalysisContext): Made;
}

/** The analyses with all they require, each after those. */
export function inOrder(analyses: readonly Analysis[]): Analysis[] {
  const ordered: Analysis[] = [];
  const visit = (analysis: Analysis) => {
    if (ordered.includes(analysis)) return;
    for (const required of analysis.requires) visit(required);
    ordered.push(analysis);
  };
  for (const analysis of analyses) visit(analysis);
  return ordered;
}
