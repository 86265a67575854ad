import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatDuration, formatInstant } from "../base/duration";
import { EventKind, NO_TASK, type TaskIndex, unpackPollEnd } from "../trace/event";
import type { SourcePlace } from "../trace/trace";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { coreUse, type CoreUse } from "./core-use";
import type { Occurrence } from "./finding";
import { LONG_POLL_REMEDY, longPollKey } from "./long-poll";
import { leftPlace, placeKey, shortPlace, taskName } from "./task-places";

/** Who has had the core while a task was ready. */
interface Culprit {
  readonly task: TaskIndex;
  /** The await at which its polls have ended; while one goes on, that at which it was suspended before. */
  readonly place: SourcePlace | null;
  readonly ended: "suspended" | "returned" | "goes-on" | "first-goes-on";
  time: number;
  polls: number;
}

/** Culprits that are named: so many, if they took at least this part of the wait. */
const MOST_NAMED = 4;
const LEAST_SHARE = 0.01;

/** What a culprit's place is, before the place. */
const BORDERS: Readonly<Record<Culprit["ended"], string>> = {
  suspended: "up to the await of",
  returned: "and ended; it is declared at",
  "goes-on": "that still goes on, since the await of",
  "first-goes-on": "that still goes on, its first; it is declared at",
};

/** What a culprit's place is while its poll goes on. */
const BEFORE: Readonly<Partial<Record<Culprit["ended"], string>>> = {
  "goes-on": "was suspended here before this poll",
  "first-goes-on": "is declared here; this is its first poll",
};

/**
 * Tasks that are ready and are not polled. Only tasks whose spawn was seen count: of an executor that is written by
 * hand it is not known what it makes of a wake.
 */
class Starvation implements Fold {
  private readonly core: CoreUse;
  /** By task: since when it is ready, or NaN. What a task keeps itself from does not count. */
  private readonly readySince: number[] = [];
  /** By task: time in interrupts when it became ready. */
  private readonly interruptsBefore: number[] = [];
  private readonly isAlive: boolean[] = [];
  private readonly occasions: (string | undefined)[] = [];
  /** Tasks that are ready. */
  private ready = 0;
  /** By task: the payload of its last poll's end. */
  private readonly lastEnd: (number | undefined)[] = [];

  constructor(private readonly context: AnalysisContext) {
    this.core = context.of(coreUse);
  }

  add({ time, kind, task, payload }: FoldedEvent): void {
    switch (kind) {
      case EventKind.Spawn:
        this.isAlive[task] = true;
        this.lastEnd[task] = undefined;
        this.markReady(task, time);
        break;
      case EventKind.Wake:
        if (!(this.readySince[task]! >= 0)) this.markReady(task, time);
        break;
      case EventKind.PollBegin:
        this.judge(task, time);
        this.forget(task);
        break;
      case EventKind.PollEnd:
        this.lastEnd[task] = payload;
        // Woken in its own poll: it waits for others only from now on.
        if (this.readySince[task]! >= 0) this.markReady(task, time);
        break;
      case EventKind.TaskEnd:
        this.isAlive[task] = false;
        this.forget(task);
        break;
      default:
    }
  }

  finish(endTime: Nanoseconds): void {
    for (let task = 0; task < this.readySince.length; task++) this.judge(task as TaskIndex, endTime);
  }

  probe(now: Nanoseconds): void {
    for (let row = 0; row < this.readySince.length; row++) {
      const task = row as TaskIndex;
      const from = this.readySince[row];
      if (!(from! >= 0) || this.isAlive[row] !== true || this.core.isPolled(task)) continue;
      const occasion = occasionOf(task);
      if (now - from! <= this.limitOf(task)) this.context.probeAt(from! + this.limitOf(task) + 1);
      else if (!this.context.findings.isUnderWay(occasion))
        this.context.findings.begin(occasion, this.underWay(task, nanoseconds(from!), now));
    }
  }

  isAtRest(): boolean {
    return this.ready === 0;
  }

  /** A wait that goes on, most often for one poll that goes on as well. */
  private underWay(task: TaskIndex, from: Nanoseconds, now: Nanoseconds): Occurrence {
    const { trace } = this.context;
    const soFar = this.occurrence(task, from, now);
    const [worst] = this.culprits(task, from, now);
    const name = taskName(trace, task);
    const wait = formatDuration(nanoseconds(now - from));
    const goesOn = worst !== undefined && BEFORE[worst.ended] !== undefined && worst.time * 2 >= now - from;
    if (!goesOn) return { ...soFar, title: `${name} is ready for ${wait} already, and is not polled` };
    const culprit = taskName(trace, worst.task);
    return {
      ...soFar,
      title: `${culprit} keeps the core, and ${name} is ready for ${wait} already`,
      placeBefore: `${culprit} ${BEFORE[worst.ended]!}`,
    };
  }

  private limitOf(task: TaskIndex): number {
    return this.context.thresholdsOf(task).starvation;
  }

  private markReady(task: TaskIndex, time: number): void {
    if (!(this.readySince[task]! >= 0)) this.ready++;
    this.readySince[task] = time;
    this.interruptsBefore[task] = this.core.interruptTime;
    this.context.probeAt(time + this.limitOf(task) + 1);
  }

  private forget(task: TaskIndex): void {
    if (this.readySince[task]! >= 0) this.ready--;
    this.readySince[task] = NaN;
    this.context.findings.end((this.occasions[task] ??= occasionOf(task)));
  }

  private judge(task: TaskIndex, to: Nanoseconds): void {
    const from = this.readySince[task];
    if (from === undefined || !(to - from > this.limitOf(task)) || this.isAlive[task] !== true) return;
    this.context.findings.add(this.occurrence(task, nanoseconds(from), to), occasionOf(task));
  }

  private occurrence(task: TaskIndex, from: Nanoseconds, to: Nanoseconds): Occurrence {
    const { trace } = this.context;
    const culprits = this.culprits(task, from, to);
    const wait = to - from;
    const [worst] = culprits;
    // Half of the time is enough to say whose fault it is; else it is everybody's.
    const main = worst !== undefined && worst.time * 2 >= wait ? worst : undefined;
    const name = taskName(trace, task);
    const place = main === undefined ? (trace.tasks[task]?.place ?? null) : main.place;
    const title =
      main === undefined
        ? `${name} was ready for ${formatDuration(nanoseconds(wait))} before it was polled`
        : `${taskName(trace, main.task)} kept the core for ${formatDuration(nanoseconds(main.time))} while ${name} was ready`;
    const victim = trace.tasks[task]?.place;
    return {
      key: `starvation:${main?.task ?? "all"}:${main === undefined ? task : placeKey(place)}`,
      weight: wait,
      kind: "starvation",
      severity: "warning",
      title,
      tasks: main === undefined ? [task] : [main.task, task],
      span: { from, to },
      place,
      related: victim ? [{ place: victim, text: `${name}, which waited` }] : [],
      evidence: this.evidence(task, { from, to }, culprits),
      remedy: LONG_POLL_REMEDY,
      covers: culprits.map((each) => longPollKey(each.task, each.place)),
    };
  }

  private evidence(
    task: TaskIndex,
    { from, to }: { readonly from: Nanoseconds; readonly to: Nanoseconds },
    culprits: readonly Culprit[],
  ): string[] {
    const { trace } = this.context;
    const wait = to - from;
    const named = culprits.filter((each) => each.time >= LEAST_SHARE * wait).slice(0, MOST_NAMED);
    const polls = named.map((each) => {
      const times = each.polls === 1 ? "one poll" : `${each.polls} polls`;
      const where = each.place === null ? "" : ` ${BORDERS[each.ended]} ${shortPlace(each.place)}`;
      return `${taskName(trace, each.task)} ran for ${share(each.time, wait)} in ${times}${where}`;
    });
    const interrupts = this.core.interruptTime - this.interruptsBefore[task]!;
    return [
      `${taskName(trace, task)} became ready at ${formatInstant(from)} s and waited ${formatDuration(nanoseconds(wait))}`,
      ...polls,
      ...(interrupts * 20 > wait ? [`interrupts took ${share(interrupts, wait)} of it`] : []),
    ];
  }

  /** Whoever ran while the task waited, the longest first. */
  private culprits(task: TaskIndex, from: number, to: number): Culprit[] {
    const { trace } = this.context;
    const found = new Map<string, Culprit>();
    for (const poll of this.core.between(from, to)) {
      if (poll.task === task || poll.task === NO_TASK) continue;
      const place = leftPlace(trace, poll.task, poll.end ?? this.lastEnd[poll.task]);
      const key = `${poll.task}:${placeKey(place)}`;
      const culprit = found.get(key) ?? {
        task: poll.task,
        place,
        ended: howEnded(poll.end, this.lastEnd[poll.task]),
        time: 0,
        polls: 0,
      };
      culprit.time += poll.time;
      culprit.polls++;
      found.set(key, culprit);
    }
    return [...found.values()].sort((a, b) => b.time - a.time);
  }
}

/** A task waits once at a time. */
function occasionOf(task: TaskIndex): string {
  return `starvation:${task}`;
}

function howEnded(end: number | null, before: number | undefined): Culprit["ended"] {
  if (end === null) return before === undefined ? "first-goes-on" : "goes-on";
  return unpackPollEnd(end).result === "ready" ? "returned" : "suspended";
}

function share(time: number, whole: number): string {
  return `${formatDuration(nanoseconds(time))} (${Math.round((100 * time) / whole)} %)`;
}

export const starvation: Analysis = {
  name: "starvation",
  requires: [coreUse],
  kinds: [EventKind.Spawn, EventKind.Wake, EventKind.PollBegin, EventKind.PollEnd, EventKind.TaskEnd],
  create: (context) => new Starvation(context),
};
