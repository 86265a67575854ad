import { nanoseconds, type Nanoseconds } from "../base/brand";
import { formatInstant } from "../base/duration";
import { EventKind, type SuspensionIndex, type TaskIndex, unpackPollEnd } from "../trace/event";
import type { Analysis, AnalysisContext, Fold, FoldedEvent } from "./analysis";
import { GrowingOccurrence, inWords } from "./growing-occurrence";

/** Rounds below which nothing is said. */
const FEWEST_ROUNDS = 8;

/** What a round takes longer than its timer, as a part of it: below, nobody would notice; above, it is a pause. */
const LEAST_EXCESS = 0.01;
const MOST_EXCESS = 0.1;

/** In nanoseconds: less than this is the cost of a poll. */
const SHORTEST_EXCESS = 100e3;

/** By how much lengths of the timer may differ, and excesses, to be called the same. */
const TIMER_SPREAD = 0.01;
const EXCESS_SPREAD = 0.25;

/** What is known of the loop around one `Timer` of one task. */
interface Loop {
  armedAt: number;
  /** From the end of the poll that armed it to the wake. */
  length: number;
  /** Whether since then the task has waited for timers only: else somebody else sets its pace. */
  isOwnPace: boolean;
  rounds: number;
  first: number;
  shortest: number;
  longest: number;
  leastExcess: number;
  mostExcess: number;
  totalExcess: number;
  /** What it has come to, once it is enough to tell. */
  drift: Drift | undefined;
}

/**
 * Loops that wait with a relative timer and are a little late in every round, always by about as much: the work between
 * two waits is added to the period. Where the work is not short beside the timer, that is a pause and meant.
 */
class TimerDrift implements Fold {
  /** By task, then by suspension. */
  private readonly loops: (Map<SuspensionIndex, Loop> | undefined)[] = [];
  /** By task: the loop whose timer is armed. */
  private readonly armed: (Loop | undefined)[] = [];
  /** By suspension: whether a `Timer` is awaited there. */
  private readonly isTimer: (boolean | undefined)[] = [];

  constructor(private readonly context: AnalysisContext) {}

  add({ time, kind, task, payload }: FoldedEvent): void {
    switch (kind) {
      case EventKind.PollEnd:
        this.suspend(task, time, payload);
        break;
      case EventKind.Wake:
        this.wake(task, time);
        break;
      case EventKind.Spawn:
        this.loops[task] = undefined;
        this.armed[task] = undefined;
        break;
      default:
    }
  }

  private wake(task: TaskIndex, time: number): void {
    const loop = this.armed[task];
    if (loop === undefined) return;
    loop.length = time - loop.armedAt;
    this.armed[task] = undefined;
  }

  private suspend(task: TaskIndex, time: Nanoseconds, payload: number): void {
    const { suspension } = unpackPollEnd(payload);
    const loops = (this.loops[task] ??= new Map<SuspensionIndex, Loop>());
    if (!(this.isTimer[suspension] ??= this.awaitsTimer(suspension))) {
      if (loops.size > 0) for (const loop of loops.values()) loop.isOwnPace = false;
      return;
    }
    const loop = loops.get(suspension);
    if (loop === undefined) {
      const fresh = freshLoop(time);
      loops.set(suspension, fresh);
      this.armed[task] = fresh;
      return;
    }
    this.armed[task] = loop;
    // Polled again before its timer has run out: still the same wait.
    if (Number.isNaN(loop.length)) return;
    this.closeRound(loop, time);
    if (loop.rounds >= FEWEST_ROUNDS) this.judge(loop, task, suspension, time);
  }

  private closeRound(loop: Loop, time: number): void {
    const { length, armedAt } = loop;
    const excess = time - armedAt - length;
    if (loop.isOwnPace) {
      loop.rounds++;
      loop.shortest = Math.min(loop.shortest, length);
      loop.longest = Math.max(loop.longest, length);
      loop.leastExcess = Math.min(loop.leastExcess, excess);
      loop.mostExcess = Math.max(loop.mostExcess, excess);
      loop.totalExcess += excess;
    } else {
      Object.assign(loop, freshLoop(time));
    }
    loop.armedAt = time;
    loop.length = NaN;
    loop.isOwnPace = true;
  }

  private judge(loop: Loop, task: TaskIndex, suspension: SuspensionIndex, to: Nanoseconds): void {
    const excess = loop.totalExcess / loop.rounds;
    const { shortest, longest } = loop;
    if (longest - shortest > TIMER_SPREAD * longest) return;
    if (excess < Math.max(SHORTEST_EXCESS, LEAST_EXCESS * longest) || excess > MOST_EXCESS * longest) return;
    if (loop.mostExcess - loop.leastExcess > EXCESS_SPREAD * excess) return;
    const { trace, findings } = this.context;
    if (loop.drift === undefined) {
      const place = trace.suspension(suspension)?.place ?? null;
      loop.drift = new Drift(`timer-drift:${task}:${suspension}`, task, place, trace);
    }
    loop.drift.take(loop, to);
    findings.add(loop.drift);
  }

  private awaitsTimer(suspension: SuspensionIndex): boolean {
    return this.context.trace.suspension(suspension)?.awaiting === "Timer";
  }
}

/** What a loop has come to: its weight is the count of its rounds. */
class Drift extends GrowingOccurrence {
  readonly kind = "timer-drift";
  readonly remedy =
    "if it is to happen in a fixed period, use a `Ticker`: it counts from its own last tick; if a pause is meant, all is well";
  private timer = 0;
  private leastExcess = 0;
  private mostExcess = 0;
  private totalExcess = 0;

  /** Takes in a round that has just ended. */
  take({ rounds, first, longest, leastExcess, mostExcess, totalExcess }: Loop, to: number): void {
    this.grow(rounds, first, to);
    this.timer = longest;
    this.leastExcess = leastExcess;
    this.mostExcess = mostExcess;
    this.totalExcess = totalExcess;
  }

  get title(): string {
    const { timer, totalExcess, weight: rounds } = this;
    const late = totalExcess / rounds;
    return `each round of ${this.taskName} takes ${inWords(timer + late)}, ${inWords(late)} more than its timer of ${inWords(timer)}`;
  }

  get evidence(): readonly string[] {
    const { timer, weight: rounds, from, totalExcess, leastExcess, mostExcess } = this;
    const since = formatInstant(nanoseconds(from));
    return [
      `in ${rounds} rounds since ${since} s it has come to be ${inWords(totalExcess)} late against a period of ${inWords(timer)}`,
      `each time the timer was started only after the work of the round, which took ${inWords(leastExcess)} to ${inWords(mostExcess)}`,
    ];
  }
}

function freshLoop(time: number): Loop {
  return {
    armedAt: time,
    length: NaN,
    isOwnPace: true,
    rounds: 0,
    first: time,
    shortest: Infinity,
    longest: 0,
    leastExcess: Infinity,
    mostExcess: 0,
    totalExcess: 0,
    drift: undefined,
  };
}

export const timerDrift: Analysis = {
  name: "timer-drift",
  requires: [],
  kinds: [EventKind.PollEnd, EventKind.Wake, EventKind.Spawn],
  create: (context) => new TimerDrift(context),
};
