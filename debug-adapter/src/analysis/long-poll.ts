import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatDuration, formatInstant } from "../base/duration";
import { EventKind, type TaskIndex } from "../trace/event";
import type { SourcePlace } from "../trace/trace";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { coreUse, type CoreUse, type PollUnderWay } from "./core-use";
import { leftPlace, placeKey, shortPlace, taskName } from "./task-places";

/** The key under which long polls of a task that end at a place are gathered. */
export function longPollKey(task: TaskIndex, place: SourcePlace | null): string {
  return `long-poll:${task}:${placeKey(place)}`;
}

/**
 * Polls that run for too long. Time in interrupts and in polls of other executors does not count; nor does what a task
 * does while no other lives, as `main` does before it spawns: it keeps nobody waiting.
 */
class LongPoll implements Fold {
  private readonly core: CoreUse;
  private readonly alive = new Set<TaskIndex>();
  /** Since when there has been more than one task. */
  private severalSince = Infinity;
  /** By task: the payload of its last poll's end. */
  private readonly lastEnd: (number | undefined)[] = [];
  private readonly occasions: (string | undefined)[] = [];

  constructor(private readonly context: AnalysisContext) {
    this.core = context.of(coreUse);
  }

  add({ time, kind, task, payload }: FoldedEvent): void {
    switch (kind) {
      case EventKind.Spawn:
        this.alive.add(task);
        if (this.alive.size > 1) this.severalSince = Math.min(this.severalSince, time);
        break;
      case EventKind.TaskEnd:
        this.alive.delete(task);
        break;
      case EventKind.PollBegin:
        this.context.probeAt(time + this.limitOf(task) + 1);
        break;
      case EventKind.PollEnd:
        this.judge(task, time, payload);
        this.context.findings.end((this.occasions[task] ??= occasionOf(task)));
        this.lastEnd[task] = payload;
        break;
      default:
    }
  }

  probe(now: Nanoseconds): void {
    for (const poll of this.core.underWay(now)) this.judgeUnderWay(poll, now);
  }

  isAtRest(): boolean {
    return !this.core.isBusy;
  }

  private judgeUnderWay({ task, began, own }: PollUnderWay, now: Nanoseconds): void {
    const limit = this.limitOf(task);
    const counted = Math.max(0, Math.min(own, now - Math.max(began, this.severalSince)));
    if (counted <= limit) {
      this.context.probeAt(now + limit - counted + 1);
      return;
    }
    const occasion = occasionOf(task);
    if (this.alive.size < 2 || this.context.findings.isUnderWay(occasion)) return;
    const { trace } = this.context;
    const name = taskName(trace, task);
    const end = this.lastEnd[task];
    const place = leftPlace(trace, task, end);
    this.context.findings.begin(occasion, {
      key: longPollKey(task, place),
      placeBefore:
        end === undefined
          ? `${name} is declared here; this is its first poll`
          : `${name} was suspended here before this poll`,
      weight: own,
      kind: "long-poll",
      severity: "warning",
      title: `one poll of ${name} runs for ${formatDuration(nanoseconds(own))} already: no other task can run meanwhile`,
      tasks: [task],
      span: { from: nanoseconds(began), to: now },
      place,
      related: [],
      evidence: [
        `the poll began at ${formatInstant(nanoseconds(began))} s, and at ${formatInstant(now)} s it still goes on`,
      ],
      remedy: LONG_POLL_REMEDY,
    });
  }

  private limitOf(task: TaskIndex): number {
    return this.context.thresholdsOf(task).longPoll;
  }

  private judge(task: TaskIndex, to: Nanoseconds, payload: number): void {
    const { lastBegin: from, lastOwnTime: own } = this.core;
    const limit = this.limitOf(task);
    if (own <= limit) return;
    // A task that has ended in this very poll is no longer among those alive.
    if (this.alive.size <= (this.alive.has(task) ? 1 : 0)) return;
    if (to - Math.max(from, this.severalSince) <= limit) return;
    const { trace, findings } = this.context;
    const place = leftPlace(trace, task, payload);
    const name = taskName(trace, task);
    const interrupted = to - from - own;
    const broken =
      interrupted > 0
        ? `, and ${formatDuration(nanoseconds(interrupted))} of interrupts and other executors in between`
        : "";
    findings.add(
      {
        key: longPollKey(task, place),
        weight: own,
        kind: "long-poll",
        severity: "warning",
        title: `one poll of ${name} ran for ${formatDuration(nanoseconds(own))}: no other task can run meanwhile`,
        tasks: [task],
        span: { from: nanoseconds(from), to },
        place,
        related: [],
        evidence: [
          `the poll began at ${formatInstant(nanoseconds(from))} s and ended${place === null ? "" : ` at the await of ${shortPlace(place)}`} at ${formatInstant(to)} s${broken}`,
        ],
        remedy: LONG_POLL_REMEDY,
      },
      occasionOf(task),
    );
  }
}

/** A task is polled once at a time. */
function occasionOf(task: TaskIndex): string {
  return `long-poll:${task}`;
}

export const LONG_POLL_REMEDY =
  "split the work between two awaits: `yield_now().await` after each piece, an async call instead of a blocking one, or an executor of lower priority for the long work";

export const longPoll: Analysis = {
  name: "long-poll",
  requires: [coreUse],
  kinds: [EventKind.Spawn, EventKind.TaskEnd, EventKind.PollBegin, EventKind.PollEnd],
  create: (context) => new LongPoll(context),
};
