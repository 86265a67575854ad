import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatDuration, formatInstant } from "../base/duration";
import { EventKind, type TaskIndex, unpackWakeSource } from "../trace/event";
import type { SourcePlace } from "../trace/trace";
import type { Analysis, AnalysisContext, Fold } from "./analysis";
import { type CoreUse, coreUse } from "./core-use";
import { endPlace, taskName } from "./task-places";

/** Polls below which nothing is said of how a task is woken. */
const FEWEST_POLLS = 100;

/** Of a task's wakes, how many must come from one source. */
const SHARE = 0.95;

/** A poll that takes longer than this on average, in nanoseconds, does some work: a computation in pieces is meant. */
const LONGEST_IDLE_POLL = 100e3;

/** How a task was woken since the core slept last, or since it was judged last. */
interface Wakes {
  polls: number;
  time: number;
  bySelf: number;
  readonly byTask: Map<TaskIndex, number>;
  place: SourcePlace | null;
}

/**
 * Tasks that keep the core awake: one that wakes itself in every poll, or two that wake each other, and do next to
 * nothing in each. As long as the core sleeps now and then it is no finding; nor is a task that computes in pieces.
 */
class BusyWakes implements Fold {
  private readonly wakes: (Wakes | undefined)[] = [];
  private awakeSince: number | undefined;
  private readonly core: CoreUse;

  constructor(private readonly context: AnalysisContext) {
    this.core = context.of(coreUse);
  }

  add(time: Nanoseconds, kind: EventKind, task: TaskIndex, payload: number): void {
    switch (kind) {
      case EventKind.SleepBegin:
        this.wakes.length = 0;
        this.awakeSince = undefined;
        break;
      case EventKind.Wake:
        this.countWake(task, payload);
        break;
      case EventKind.PollEnd:
        this.countPoll(task, payload);
        this.judge(time);
        break;
      case EventKind.PollBegin:
        this.awakeSince ??= time;
        break;
      default:
    }
  }

  private of(task: TaskIndex): Wakes {
    return (this.wakes[task] ??= { polls: 0, time: 0, bySelf: 0, byTask: new Map(), place: null });
  }

  private countWake(task: TaskIndex, payload: number): void {
    const source = unpackWakeSource(payload);
    const wakes = this.of(task);
    if (source.kind === "self") wakes.bySelf++;
    if (source.kind === "task") wakes.byTask.set(source.task, (wakes.byTask.get(source.task) ?? 0) + 1);
  }

  private countPoll(task: TaskIndex, payload: number): void {
    const wakes = this.of(task);
    wakes.polls++;
    wakes.time += this.core.lastOwnTime;
    wakes.place = endPlace(this.context.trace, payload);
  }

  private judge(time: Nanoseconds): void {
    const { awakeSince } = this;
    if (awakeSince === undefined || time - awakeSince < this.context.thresholds.busy) return;
    const span = { from: nanoseconds(awakeSince), to: time };
    this.wakes.forEach((wakes, row) => {
      if (wakes === undefined || !isIdle(wakes)) return;
      const task = row as TaskIndex;
      if (wakes.bySelf >= SHARE * wakes.polls) this.reportSelf(task, wakes, span);
      const partner = [...wakes.byTask].find(([, count]) => count >= SHARE * wakes.polls)?.[0];
      const back = partner === undefined ? undefined : this.wakes[partner];
      if (partner === undefined || back === undefined || partner < task || !isIdle(back)) return;
      if ((back.byTask.get(task) ?? 0) >= SHARE * back.polls)
        this.reportPair([task, partner], [wakes, back], span);
    });
    // The next piece of time is judged by itself: what came before, as main's setting up, may have hidden it.
    this.wakes.length = 0;
    this.awakeSince = time;
  }

  private reportSelf(task: TaskIndex, wakes: Wakes, span: Span): void {
    const { trace, findings } = this.context;
    const name = taskName(trace, task);
    const length = formatDuration(nanoseconds(span.to - span.from));
    findings.add({
      key: `busy-self-wake:${task}`,
      weight: 0,
      kind: "busy-self-wake",
      severity: "warning",
      title: `${name} wakes itself in every poll, so that the core never sleeps`,
      tasks: [task],
      span,
      place: wakes.place ?? trace.tasks[task]?.place ?? null,
      related: [],
      evidence: [
        `from ${formatInstant(span.from)} s on the core did not sleep for ${length}`,
        `in that time ${name} was polled ${wakes.polls} times, and woke itself in ${wakes.bySelf} of them; a poll took ${formatDuration(nanoseconds(wakes.time / wakes.polls))} on average`,
      ],
      remedy:
        "wait for what is to happen instead of asking again and again: an interrupt, a signal, or at least a timer between two looks",
    });
  }

  private reportPair(
    tasks: readonly [TaskIndex, TaskIndex],
    wakes: readonly [Wakes, Wakes],
    span: Span,
  ): void {
    const { trace, findings } = this.context;
    const [one, other] = [taskName(trace, tasks[0]), taskName(trace, tasks[1])];
    const length = formatDuration(nanoseconds(span.to - span.from));
    const place = wakes[0].place ?? trace.tasks[tasks[0]]?.place ?? null;
    const otherPlace = wakes[1].place ?? trace.tasks[tasks[1]]?.place;
    findings.add({
      key: `wake-storm:${tasks.join(":")}`,
      weight: 0,
      kind: "wake-storm",
      severity: "warning",
      title: `${one} and ${other} keep waking each other, so that the core never sleeps`,
      tasks,
      span,
      place,
      related: otherPlace ? [{ place: otherPlace, text: other }] : [],
      evidence: [
        `from ${formatInstant(span.from)} s on the core did not sleep for ${length}`,
        `${other} woke ${one} in ${wakes[0].byTask.get(tasks[1]) ?? 0} of its ${wakes[0].polls} polls`,
        `${one} woke ${other} in ${wakes[1].byTask.get(tasks[0]) ?? 0} of its ${wakes[1].polls} polls`,
      ],
      remedy: "let one of them wait for an event from outside, or put a timer between two rounds",
    });
  }
}

/** Whether a task was polled often, and did next to nothing each time. */
function isIdle({ polls, time }: Wakes): boolean {
  return polls >= FEWEST_POLLS && time <= LONGEST_IDLE_POLL * polls;
}

interface Span {
  readonly from: Nanoseconds;
  readonly to: Nanoseconds;
}

export const busyWakes: Analysis = {
  name: "busy-wakes",
  requires: [coreUse],
  kinds: [EventKind.SleepBegin, EventKind.Wake, EventKind.PollEnd, EventKind.PollBegin],
  create: (context) => new BusyWakes(context),
};
