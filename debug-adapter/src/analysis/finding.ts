import type { Nanoseconds } from "../base/brand";
import type { TaskIndex } from "../trace/event";
import type { SourcePlace } from "../trace/trace";

/** Every kind of finding; each has a page `docs/findings/KIND.md`. */
export const FINDING_KINDS = [
  "starvation",
  "long-poll",
  "busy-self-wake",
  "wake-storm",
  "timer-drift",
  "backpressure",
  "poll-after-end",
  "guard-across-await",
  "lost-wake",
  "deadlock",
  "oversized-future",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** `error`: the program is wrong. `warning`: likely wrong. `note`: worth knowing, and may be meant. */
export type Severity = "error" | "warning" | "note";

/** A place that belongs to a finding: who held, who waited. */
export interface RelatedPlace {
  readonly place: SourcePlace;
  /** A clause for a reader. */
  readonly text: string;
}

/** From when to when it was so. */
export interface TimeSpan {
  readonly from: Nanoseconds;
  readonly to: Nanoseconds;
}

/** Something that is wrong with the program, as its run has shown. All texts are English without a full stop. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** What it is, in one sentence. */
  readonly title: string;
  /** The tasks that it concerns, the one that has to change first. */
  readonly tasks: readonly TaskIndex[];
  /** Of the worst time that it was met. */
  readonly span: TimeSpan;
  /** The line to look at first, or null if it is not known. */
  readonly place: SourcePlace | null;
  readonly related: readonly RelatedPlace[];
  /** How it is known: a line each. */
  readonly evidence: readonly string[];
  /** What to do about it. */
  readonly remedy: string;
  /** How often it was met. */
  readonly count: number;
}

/** One time that something was met. Those of one key are one finding, told by the worst. */
export interface Occurrence extends Omit<Finding, "count"> {
  /** What makes it the same finding as another: kind, tasks and place. */
  readonly key: string;
  /** The greater, the worse; compared within one key only. */
  readonly weight: number;
  /** Keys of findings that are the same fault seen from another side, and are told of only here. */
  readonly covers?: readonly string[];
}

/** Gathers findings while a program runs. */
export class FindingList {
  private readonly worst = new Map<string, { occurrence: Occurrence; count: number }>();
  private readonly covered = new Set<string>();

  add(occurrence: Occurrence): void {
    for (const key of occurrence.covers ?? []) this.covered.add(key);
    const known = this.worst.get(occurrence.key);
    if (known === undefined) {
      this.worst.set(occurrence.key, { occurrence, count: 1 });
      return;
    }
    known.count++;
    if (occurrence.weight > known.occurrence.weight) known.occurrence = occurrence;
  }

  /** Takes a finding back that has turned out not to hold. */
  remove(key: string): void {
    this.worst.delete(key);
  }

  /** Errors first, and of one severity those that came first. */
  list(): Finding[] {
    const shown = [...this.worst.values()].filter(({ occurrence }) => !this.covered.has(occurrence.key));
    const findings = shown.map(({ occurrence, count }) => findingOf(occurrence, count));
    return findings.sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.span.from - b.span.from);
  }
}

function findingOf(occurrence: Occurrence, count: number): Finding {
  const { kind, severity, title, tasks, span, place, related, evidence, remedy } = occurrence;
  return { kind, severity, title, tasks, span, place, related, evidence, remedy, count };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Whether a severity is at least as grave as another. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return RANK[severity] <= RANK[limit];
}
