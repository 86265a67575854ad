import { type Nanoseconds, nanoseconds } from "../base/brand";
import { EVENT_NAMES, type EventKind, NO_TASK } from "../trace/event";
import type { Trace } from "../trace/trace";
import { type Analysis, type AnalysisContext, type Fold, type FoldedEvent, inOrder } from "./analysis";
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

/** A fold with its `add`, which is looked up once: calls of so many classes' methods are slow to find. */
interface Told {
  readonly fold: Fold;
  readonly add: (this: Fold, event: FoldedEvent) => void;
}

/** Looks for findings in a trace, live or from a file. */
export class Analyses {
  readonly findings = new FindingList();
  readonly thresholds: Thresholds;
  /** Each after those that it requires. */
  private readonly wanted: readonly Analysis[];
  private running: readonly Running[] = [];
  /** By kind of event: those that want it. */
  private byKind: readonly (readonly Told[])[] = [];
  private rowsRead = 0;
  /** The row that is told now. Its time is none at first, so that V8 keeps room for a double. */
  private readonly event = { time: nanoseconds(NaN), kind: 0 as EventKind, task: NO_TASK, payload: 0 };
  private nextProbe = Infinity;
  private readonly failed = new Set<Analysis>();
  private readonly failures: string[] = [];

  constructor(
    private readonly trace: Trace,
    { thresholds = {}, analyses = TRACE_ANALYSES }: AnalysesOptions = {},
  ) {
    this.thresholds = { ...DEFAULT_THRESHOLDS, ...thresholds };
    this.wanted = inOrder(analyses);
    this.setRunning(this.makeFolds());
  }

  /**
   * Reads what has been added to the trace since it was called last, at most `limit` events.
   * @returns whether all has been read
   */
  catchUp(limit = Infinity): boolean {
    const { event, trace } = this;
    const { events } = trace;
    const end = Math.min(events.length, this.rowsRead + limit);
    for (; this.rowsRead < end; this.rowsRead++) {
      const row = this.rowsRead;
      event.kind = events.kind(row);
      const folds = this.byKind[event.kind]!;
      if (folds.length === 0) continue;
      event.time = events.time(row);
      event.task = events.task(row);
      event.payload = events.payload(row);
      this.tell(folds);
    }
    return end === events.length;
  }

  /** Reads what there is, and counts what is under way up to the end of the trace. */
  finish(): void {
    this.finishAt(this.trace.endTime);
  }

  /** The program has failed: what is under way counts up to now, and nothing of what follows, until it starts anew. */
  fail(now: Nanoseconds): void {
    this.finishAt(now);
    this.nextProbe = Infinity;
    this.setRunning([]);
  }

  /** The program starts anew: nothing of what was under way is. Analyses that have failed find nothing more. */
  restart(): void {
    this.catchUp();
    this.nextProbe = Infinity;
    this.setRunning(this.makeFolds().filter(({ analysis }) => !this.failed.has(analysis)));
  }

  private finishAt(endTime: Nanoseconds): void {
    this.catchUp();
    for (const { analysis, fold } of this.running) {
      try {
        fold.finish?.(endTime);
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

  /** The core sleeps: no probe is wanted any more, unless something is under way all the same. */
  rest(): void {
    for (const { fold } of this.running) if (fold.isAtRest?.() === false) return;
    this.nextProbe = Infinity;
  }

  /** Analyses that have failed, a sentence each: the others are not concerned. */
  get problems(): readonly string[] {
    return this.failures;
  }

  private makeFolds(): Running[] {
    const folds = new Map<Analysis, Fold>();
    const ofTasks = new ThresholdsOfTasks(this.thresholds, this.trace);
    const context: AnalysisContext = {
      trace: this.trace,
      thresholds: this.thresholds,
      thresholdsOf: (task) => ofTasks.of(task),
      findings: this.findings,
      probeAt: (time) => {
        if (time < this.nextProbe) this.nextProbe = time;
      },
      // A fold is kept under the analysis that made it, so it has that analysis' type.
      of: <Required extends Fold>(analysis: Analysis<Required>) => folds.get(analysis) as Required,
    };
    for (const analysis of this.wanted) folds.set(analysis, analysis.create(context));
    return [...folds].map(([analysis, fold]) => ({ analysis, fold }));
  }

  private setRunning(running: readonly Running[]): void {
    this.running = running;
    this.byKind = EVENT_NAMES.map((_, kind) =>
      running
        .filter(({ analysis: { kinds } }) => kinds?.includes(kind as EventKind) !== false)
        .map(({ fold }) => toldOf(fold)),
    );
  }

  private tell(folds: readonly Told[]): void {
    for (let at = 0; at < folds.length; at++) {
      // One that fails leaves the loop; the others are told all the same.
      try {
        for (; at < folds.length; at++) {
          const { fold, add } = folds[at]!;
          add.call(fold, this.event);
        }
      } catch (error) {
        this.drop(this.running.find(({ fold }) => fold === folds[at]?.fold)!.analysis, error);
      }
    }
  }

  private drop(failed: Analysis, error: unknown): void {
    this.failed.add(failed);
    this.setRunning(this.running.filter(({ analysis }) => analysis !== failed));
    const reason = error instanceof Error ? error.message : String(error);
    this.failures.push(`${failed.name} has failed and finds nothing more (${reason})`);
  }
}

function toldOf(fold: Fold): Told {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its fold
  return { fold, add: fold.add };
}
