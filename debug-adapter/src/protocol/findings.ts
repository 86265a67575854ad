import { FINDING_KINDS, type FindingKind, type Severity } from "../analysis/finding";
import { KIND_WORDS } from "../analysis/finding-words";
import { TASK_THRESHOLDS, THRESHOLD_UNITS } from "../analysis/thresholds";
import type { ProtocolPlace } from "./custom-requests";

export { FINDING_KINDS, type FindingKind, KIND_WORDS, type Severity, TASK_THRESHOLDS, THRESHOLD_UNITS };

/** Lengths of virtual time are written `5ms`, `1s`. */
export interface Thresholds extends ThresholdsOfTask {
  /** Tasks that wake tasks, and keep the core from sleeping, for this long. */
  readonly busy?: string;
  /** A task that has waited for this long is looked at in any case. */
  readonly stuck?: string;
  /** A sender that full channels have held back for this long in all. */
  readonly backpressure?: string;
  /** A future that takes this many bytes. */
  readonly futureBytes?: number;
  /** What is different for some tasks, by their names. */
  readonly tasks?: Readonly<Record<string, ThresholdsOfTask>>;
}

/** Thresholds that a task may have of its own. */
export interface ThresholdsOfTask {
  /** A ready task that waits longer starves. */
  readonly starvation?: string;
  /** A poll that takes longer blocks the others. */
  readonly longPoll?: string;
}

/** How grave findings of a kind are, where it is not as their pages say. */
export type SeveritySettings = Readonly<Partial<Record<FindingKind, Severity | "off">>>;

/** Something that is wrong with the program, as its run has shown so far. Texts have no full stop. */
export interface ProtocolFinding {
  /** What makes it the same finding as another of the run. */
  readonly key: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** What it is, in one sentence. */
  readonly title: string;
  /** The tasks that it concerns, the one that has to change first. */
  readonly tasks: readonly { readonly threadId: number; readonly name: string }[];
  /** The worst time that it was met, since power-on. */
  readonly from: number;
  readonly to: number;
  readonly place: ProtocolPlace | null;
  readonly related: readonly { readonly place: ProtocolPlace; readonly text: string }[];
  /** How it is known, a line each. */
  readonly evidence: readonly string[];
  readonly remedy: string;
  /** How often it was met. */
  readonly count: number;
  /** The path of the page about findings of its kind, on this machine. */
  readonly page: string;
}

export interface FindingsBody {
  /** The instant up to which they were looked for. */
  readonly time: number;
  /** The gravest first. */
  readonly findings: readonly ProtocolFinding[];
}
