import type { QuestionKind, TimelineQuestions } from "#adapter/trace/timeline/questions";

/** How far a timeline goes, and whether more comes. */
export interface SourceState {
  /** Nothing is missing up to this instant. */
  readonly head: number;
  /** How many tracks there are. */
  readonly tracks: number;
  readonly isRunning: boolean;
  /** Where the run stands; null while it runs, and for a file. */
  readonly cursor: number | null;
  /** Changes whenever there is more than before. */
  readonly revision: number;
  /** How much of a file has been read, from 0 to 1. */
  readonly progress: number;
}

/** Where a timeline comes from: a file in this page, or a run in another process. */
export interface TimelineSource {
  readonly state: SourceState;
  /** Told of every change of `state`. */
  onDidChange: () => void;
  /** Answers at once or later; `fail` is called instead if there is no answer. */
  ask<Kind extends QuestionKind>(
    kind: Kind,
    args: TimelineQuestions[Kind]["arguments"],
    deliver: (answer: TimelineQuestions[Kind]["answer"]) => void,
    fail?: () => void,
  ): void;
}
