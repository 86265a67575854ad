import type { Nanoseconds } from "../base/brand";
import { Listeners } from "../base/listeners";
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
  "cancelled-mid-way",
  "never-polled",
  "moved-after-poll",
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
  /** What makes it the same finding as another of the run: kind, tasks and place. */
  readonly key: string;
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
  /** The greater, the worse; compared within one key only. */
  readonly weight: number;
  /** More evidence, which is worked out only if somebody wants it; possible only while the occurrence is being added. */
  readonly lateEvidence?: (() => readonly string[]) | undefined;
  /** Keys of findings that are the same fault seen from another side, and are told of only here. */
  readonly covers?: readonly string[];
  /** Of one about the poll that goes on: where the core is right now is the better place, and this is what `place` is. */
  readonly placeBefore?: string;
}

/** Told of each occurrence in the middle of a run, as soon as it is known. */
export interface FindingNews {
  readonly occurrence: Occurrence;
  /** `begun`: it is under way, and what is told of it is told once more when it is over. */
  readonly stage: "begun" | "over";
  /** Of one that is over: the key that it had when it was told to begin; undefined if it was not. */
  readonly begunAs: string | undefined;
}

/** Gathers findings while a program runs. */
export class FindingList {
  private readonly worst = new Map<string, { occurrence: Occurrence; count: number }>();
  private readonly covered = new Set<string>();
  /** What is under way, by what will end it. */
  private readonly open = new Map<string, Occurrence>();
  readonly onNews = new Listeners<FindingNews>();
  /** What else is known of an occurrence that is kept, a line of evidence each. */
  moreEvidence: (occurrence: Occurrence) => readonly string[] = () => [];

  /** @param occasion of one that may have been begun: it ends with this */
  add(occurrence: Occurrence, occasion?: string): void {
    const begunAs = occasion === undefined ? undefined : this.open.get(occasion)?.key;
    if (occasion !== undefined) this.open.delete(occasion);
    for (const key of occurrence.covers ?? []) this.covered.add(key);
    const known = this.worst.get(occurrence.key);
    if (known === undefined) {
      this.worst.set(occurrence.key, { occurrence: this.kept(occurrence), count: 1 });
    } else {
      known.count++;
      if (occurrence.weight > known.occurrence.weight) known.occurrence = this.kept(occurrence);
    }
    this.onNews.tell({ occurrence, stage: "over", begunAs });
  }

  /** With all that is known of it now. */
  private kept(occurrence: Occurrence): Occurrence {
    const more = this.moreEvidence(occurrence);
    if (more.length === 0 && occurrence.lateEvidence === undefined) return occurrence;
    const evidence = [...allEvidence(occurrence), ...more];
    return { ...occurrence, evidence, lateEvidence: undefined };
  }

  /** Something is a finding already, and goes on. Of one occasion it is told once. */
  begin(occasion: string, occurrence: Occurrence): void {
    if (this.open.has(occasion)) return;
    this.open.set(occasion, occurrence);
    this.onNews.tell({ occurrence, stage: "begun", begunAs: undefined });
  }

  /** Whether something is a finding already. */
  isUnderWay(occasion: string): boolean {
    return this.open.has(occasion);
  }

  /** Something is over; what it came to is added, if it was anything. */
  end(occasion: string): void {
    if (this.open.size > 0) this.open.delete(occasion);
  }

  /** Nothing is under way any more. */
  endAll(): void {
    this.open.clear();
  }

  /** Tells more of what is under way. */
  refine(told: Occurrence, occurrence: Occurrence): void {
    for (const [occasion, each] of this.open) if (each === told) this.open.set(occasion, occurrence);
  }

  /** Whether a finding is told of as part of another. */
  isCovered(key: string): boolean {
    return this.covered.has(key);
  }

  /** Takes a finding back that has turned out not to hold. */
  remove(key: string): void {
    this.worst.delete(key);
  }

  /**
   * Errors first, and of one severity those that came first.
   * @param isLive whether what is under way counts as well
   */
  list({ isLive = false }: { readonly isLive?: boolean } = {}): Finding[] {
    const known = new Map(this.worst);
    for (const occurrence of isLive ? this.open.values() : []) {
      const before = known.get(occurrence.key);
      const isWorse = before === undefined || occurrence.weight > before.occurrence.weight;
      const count = (before?.count ?? 0) + 1;
      known.set(occurrence.key, { occurrence: isWorse ? occurrence : before.occurrence, count });
    }
    const covered = new Set(this.covered);
    for (const { occurrence } of known.values()) for (const key of occurrence.covers ?? []) covered.add(key);
    const shown = [...known.values()].filter(({ occurrence }) => !covered.has(occurrence.key));
    const findings = shown.map(({ occurrence, count }) => findingOf(occurrence, count));
    return findings.sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.span.from - b.span.from);
  }
}

/** What a finding tells of an occurrence that was met so often. */
export function findingOf(occurrence: Occurrence, count: number): Finding {
  const { key, kind, severity, title, tasks, span, place, related, evidence, remedy } = occurrence;
  return { key, kind, severity, title, tasks, span, place, related, evidence, remedy, count };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Whether a severity is at least as grave as another. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return RANK[severity] <= RANK[limit];
}

/** An occurrence's evidence, with what is worked out for it. To be called while the occurrence is being added. */
export function allEvidence({ evidence, lateEvidence }: Occurrence): readonly string[] {
  return lateEvidence === undefined ? evidence : [...evidence, ...lateEvidence()];
}
