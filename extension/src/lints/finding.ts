import type { FoundFunction } from "./semantics/workspace";

/** Rules, in the order of the documentation; each has a page `docs/lints/CODE.md`. */
export const LINT_CODES = [
  "guard-across-await",
  "async-guard-over-unrelated-await",
  "blocking-call-in-async",
  "block-on-inside-async",
  "loop-without-await",
  "unawaited-future",
  "pending-without-waker",
  "poll-ignores-waker-change",
  "cancel-unsafe-select",
  "select-in-loop-recreates-future",
  "needless-self-wake",
  "timer-loop-drift",
  "large-local-across-await",
  "spawn-api",
  "std-mutex-in-embassy",
] as const;
export type LintCode = (typeof LINT_CODES)[number];

/** `error`: the program is wrong. `warning`: likely wrong. `note`: worth knowing, and may be meant. */
export type LintSeverity = "error" | "warning" | "note";

/** A piece of a file, in UTF-16 code units from its beginning. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Another place that belongs to a finding: where the guard is dropped, the await that it spans. */
export interface RelatedRange extends TextRange {
  readonly file: string;
  readonly message: string;
}

export interface TextEdit extends TextRange {
  readonly text: string;
}

/** A change that mends what was found, and means the same otherwise. */
export interface LintFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Whether it can be made without a person's look at it. */
  readonly isSafe: boolean;
}

/** What a build can confirm or refute: which coroutine to look at, and what it would keep where. */
export interface LintFacts {
  /** The function whose coroutine it is: `Meter::read`. */
  readonly function: string;
  /** Offsets of the `.await`s that the finding is about. */
  readonly awaits: readonly number[];
  /** The variable that would be saved there; undefined for a temporary. */
  readonly variable?: string | undefined;
  /** Its size, where types tell. */
  readonly bytes?: number | undefined;
}

/** Something that a rule has found. Messages are English without a full stop. */
export interface LintFinding extends TextRange {
  readonly code: LintCode;
  readonly severity: LintSeverity;
  readonly message: string;
  readonly related: readonly RelatedRange[];
  readonly fixes: readonly LintFix[];
  readonly facts: LintFacts | undefined;
}

/** As a rule reports it: offsets count from the beginning of its item, which moves when the file is edited. */
export interface ItemFinding extends TextRange {
  readonly code: LintCode;
  readonly message: string;
  readonly related: readonly ItemRelated[];
  readonly fixes: readonly LintFix[];
  readonly facts: LintFacts | undefined;
}

export interface ItemRelated extends TextRange {
  readonly message: string;
  /** The function in another item that the offsets count from; this item if undefined. */
  readonly within?: FoundFunction | undefined;
}
