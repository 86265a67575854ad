import type { Nanoseconds } from "../base/brand";
import { EVENT_NAMES, type EventKind, type TaskIndex } from "../trace/event";
import type { Trace } from "../trace/trace";
import { type Analysis, type AnalysisContext, type Fold, inOrder } from "./analysis";
import { backpressure } from "./backpressure";
import { busyWakes } from "./busy-wakes";
import { FindingList } from "./finding";
import { longPoll } from "./long-poll";
import { pollAfterEnd } from "./poll-after-end";
import { starvation } from "./starvation";
import { DEFAULT_THRESHOLDS, type Thresholds, ThresholdsOfTasks } from "./thresholds";
import { timerDrift } from "./timer-drift";

/** All that find something in the events of a trace alone. */
export const TRACE_ANALYSES: readonly Analysis[] = [
  starvation,
  longPoll,
  busyWakes,
  timerDrift,
  backpressure,
  pollAfterEnd,
];

export interface AnalysesOptions {
  readonly thresholds?: Partial<Thresholds>;
  readonly analyses?: readonly Analysis[];
}

interface Running {
  readonly analysis: Analysis;
  readonly fold: Fold;
}

/** Looks for findings in a trace, live or from a file. */
export class Analyses {
  readonly findings = new FindingList();
  readonly thresholds: Thresholds;
  private running: readonly Running[] = [];
  /** By kind of event: those that want it. */
  private byKind: readonly (readonly Running[])[] = [];
  private rowsRead = 0;
  private nextProbe = Infinity;
  private readonly failures: string[] = [];

  constructor(
    private readonly trace: Trace,
    { thresholds = {}, analyses = TRACE_ANALYSES }: AnalysesOptions = {},
  ) {
    this.thresholds = { ...DEFAULT_THRESHOLDS, ...thresholds };
    const folds = new Map<Analysis, Fold>();
    const ofTasks = new ThresholdsOfTasks(this.thresholds, trace);
    const context: AnalysisContext = {
      trace,
      thresholds: this.thresholds,
      thresholdsOf: (task) => ofTasks.of(task),
      findings: this.findings,
      probeAt: (time) => {
        if (time < this.nextProbe) this.nextProbe = time;
      },
      // A fold is kept under the analysis that made it, so it has that analysis' type.
      of: <Required extends Fold>(analysis: Analysis<Required>) => folds.get(analysis) as Required,
    };
    for (const analysis of inOrder(analyses)) folds.set(analysis, analysis.create(context));
    this.setRunning([...folds].map(([analysis, fold]) => ({ analysis, fold })));
  }

  /**
   * Reads what has been added to the trace since it was called last, at most `limit` events.
   * @returns whether all has been read
   */
  catchUp(limit = Infinity): boolean {
    const { events } = this.trace;
    const end = Math.min(events.length, this.rowsRead + limit);
    for (; this.rowsRead < end; this.rowsRead++) {
      const row = this.rowsRead;
      const kind = events.kind(row);
      const wanting = this.byKind[kind]!;
      if (wanting.length > 0)
        this.tell(wanting, events.time(row), kind, events.task(row), events.payload(row));
    }
    return end === events.length;
  }

  /** The same, and counts what is under way up to the end of the trace. */
  finish(): void {
    this.catchUp();
    for (const { analysis, fold } of this.running) {
      try {
        fold.finish?.(this.trace.endTime);
      } catch (error) {
        this.drop(analysis, error);
      }
    }
  }

  /** The instant at which `probe` wants to be called; Infinity if it does not. */
  get probeDue(): number {
    return this.nextProbe;
  }

  /** In the middle of a run: looks at what is under way. */
  probe(now: Nanoseconds): void {
    this.catchUp();
    this.nextProbe = Infinity;
    for (const { analysis, fold } of this.running) {
      try {
        fold.probe?.(now);
      } catch (error) {
        this.drop(analysis, error);
      }
    }
  }

  /** Analyses that have failed, a sentence each: the others are not concerned. */
  get problems(): readonly string[] {
    return this.failures;
  }

  private setRunning(running: readonly Running[]): void {
    this.running = running;
    this.byKind = EVENT_NAMES.map((_, kind) =>
      running.filter(({ analysis: { kinds } }) => kinds?.includes(kind as EventKind) !== false),
    );
  }

  private tell(
    wanting: readonly Running[],
    time: Nanoseconds,
    kind: EventKind,
    task: TaskIndex,
    payload: number,
  ): void {
    for (const { analysis, fold } of wanting) {
      try {
        fold.add(time, kind, task, payload);
      } catch (error) {
        this.drop(analysis, error);
      }
    }
  }

  private drop(failed: Analysis, error: unknown): void {
    this.setRunning(this.running.filter(({ analysis }) => analysis !== failed));
    const reason = error instanceof Error ? error.message : String(error);
    this.failures.push(`${failed.name} has failed and finds nothing more (${reason})`);
  }
}
