import { nanoseconds } from "../../base/brand";
import { formatInstant } from "../../base/duration";
import type { Occurrence } from "../../analysis/finding";
import { exceptionNumber, Register } from "../../target/architecture";
import type { Alarm, TracepointHit } from "../../target/target";
import type { TaskIndex } from "../../trace/event";
import type { Debuggee } from "../debuggee";
import { FrameNames } from "../stacks/frame-names";
import { CallWays } from "./call-ways";
import { type CoreAt, coreAt, countAt, type HotLine, hotLineWords, isAboutTime, isOwn } from "./hot-lines";

/** From one look to the next at first, on average, in nanoseconds. */
const FIRST_INTERVAL = 100e3;

/** By how much a look may be early or late, as a part of the interval: a loop must not be met at the same point again and again. */
const JITTER = 0.25;

/** The golden ratio's fraction: its multiples fall evenly between 0 and 1. */
const EVEN_STEP = 0.618034;

/** Looks into one poll that are kept: when there are so many, every second is dropped, and the rest are half as many. */
const MOST_LOOKS = 64;

/** Looks below which nothing is said. */
const FEWEST_LOOKS = 8;

/** A poll that is looked into. */
interface SampledPoll {
  readonly task: TaskIndex;
  /** When the looks began. */
  readonly from: number;
  /** Its end; Infinity while it goes on. */
  to: number;
  interval: number;
  /** Looks so far. */
  count: number;
  /** Undefined for a look that has met an interrupt, or no code of the user's. */
  looks: (CoreAt | undefined)[];
}

/**
 * Looks at what the core does in a poll that is long already, about evenly in the target's time, so that it is
 * known where the time goes while the run goes on. Polls that are soon over cost nothing.
 */
export class PollSamples {
  private readonly alarm: Alarm | undefined;
  private readonly core: CallWays<CoreAt | undefined>;
  private underWay: SampledPoll | undefined;
  /** The last one of each task that was looked into. */
  private readonly over = new Map<TaskIndex, SampledPoll>();

  constructor(private readonly debuggee: Debuggee) {
    const names = new FrameNames(debuggee.firmware.program);
    this.core = new CallWays<CoreAt | undefined>(
      debuggee,
      (frame) => frame.kind === "exception" || isOwn(frame),
      (frames) => coreAt(frames, names),
      undefined,
    );
    this.alarm = debuggee.target.addAlarm?.((hit) => {
      this.look(hit);
      return false;
    });
  }

  /** A poll of a task is long already: if it is under way, it is looked into from now on. */
  begin(task: TaskIndex, now: number): void {
    if (this.debuggee.taskEvents.polledTask !== task || this.underWay?.task === task) return;
    this.underWay = { task, from: now, to: Infinity, interval: FIRST_INTERVAL, count: 0, looks: [] };
    this.setAlarm(this.underWay, now);
  }

  /** A poll of a task is over. */
  end(task: TaskIndex, now: number): void {
    if (this.underWay?.task !== task) return;
    this.stop(now);
  }

  /** The program has failed, or starts anew. */
  stop(now: number): void {
    const { underWay } = this;
    if (underWay === undefined) return;
    underWay.to = now;
    this.over.set(underWay.task, underWay);
    this.underWay = undefined;
    this.alarm?.set(nanoseconds(Infinity));
  }

  /** Where the time of a finding about the core's time went, a line each. */
  wordsFor(occurrence: Pick<Occurrence, "kind" | "tasks" | "span">): readonly string[] {
    const { tasks, span } = occurrence;
    const [task] = tasks;
    if (!isAboutTime(occurrence) || task === undefined) return [];
    const poll = this.underWay?.task === task ? this.underWay : this.over.get(task);
    if (poll === undefined || poll.from > span.to || poll.to < span.from) return [];
    const { looks, from } = poll;
    if (looks.length < FEWEST_LOOKS) return [];
    const lines = new Map<string, HotLine>();
    for (const look of looks) if (look !== undefined) countAt(look, lines);
    return hotLineWords(lines, looks.length, `that poll from ${formatInstant(nanoseconds(from))} s on`);
  }

  private look(hit: TracepointHit): void {
    const { underWay } = this;
    if (underWay === undefined) return;
    const { looks } = underWay;
    const isInterrupted = exceptionNumber(hit.register(Register.xpsr)) !== 0;
    looks.push(isInterrupted ? undefined : this.core.at(hit));
    if (looks.length >= MOST_LOOKS) {
      underWay.looks = looks.filter((_, i) => i % 2 === 1);
      underWay.interval *= 2;
    }
    this.setAlarm(underWay, hit.time);
  }

  private setAlarm(poll: SampledPoll, now: number): void {
    const early = 2 * ((poll.count++ * EVEN_STEP) % 1) - 1;
    this.alarm?.set(nanoseconds(Math.round(now + poll.interval * (1 + JITTER * early))));
  }
}
