import type { Nanoseconds } from "../base/brand";
import { EventKind, NO_TASK, type TaskIndex } from "../trace/event";
import type { Analysis, Fold, FoldedEvent } from "./analysis";

/** Polls that are remembered; a wait in which there were more is told by the latest. */
const REMEMBERED = 4096;

/** A poll that lies, in part at least, in a span of time. */
export interface PollShare {
  readonly task: TaskIndex;
  /** Of the span, without polls of other executors that broke in; interrupts included. */
  time: number;
  /** The payload of its end, or null if it has not ended. */
  readonly end: number | null;
  readonly began: number;
}

/** A poll that goes on. */
export interface PollUnderWay {
  readonly task: TaskIndex;
  readonly began: number;
  /** What it has taken so far without interrupts and other executors' polls. */
  readonly own: number;
}

/**
 * What the core did: polls, and interrupts and polls of interrupts' executors that broke into them.
 *
 *     a   |####    #####|       poll of a: 9 from begin to end, 9 of its own
 *     irq      |###|
 */
export class CoreUse implements Fold {
  /** What is under way, innermost last; interrupts are NO_TASK. */
  private readonly tasks: TaskIndex[] = [];
  private readonly begins: number[] = [];
  private readonly owns: number[] = [];
  private lastChange = 0;

  /** Polls that have ended, oldest overwritten: a ring in the order of their ends. */
  private readonly endedTasks = new Uint16Array(REMEMBERED);
  private readonly endedBegins = new Float64Array(REMEMBERED);
  private readonly endedEnds = new Float64Array(REMEMBERED);
  private readonly endedPayloads = new Uint32Array(REMEMBERED);
  private ended = 0;

  /** Of the poll that has ended last: what it took without interrupts and other executors' polls, and when it began. */
  lastOwnTime = 0;
  lastBegin = 0;

  private interrupts = 0;

  /** Time in interrupts so far. */
  get interruptTime(): number {
    return this.interrupts;
  }

  add({ time, kind, task, payload }: FoldedEvent): void {
    switch (kind) {
      case EventKind.PollBegin:
        // A task is not polled inside its own poll: one that never ended was cut off, as by a reset of the chip.
        this.drop(this.outermost(task));
        this.enter(time, task);
        break;
      case EventKind.IrqBegin:
        this.enter(time, NO_TASK);
        break;
      case EventKind.PollEnd:
        this.endPoll(time, task, payload);
        break;
      case EventKind.IrqEnd:
        this.leave(time, NO_TASK);
        break;
      default:
    }
  }

  finish(endTime: Nanoseconds): void {
    this.account(endTime);
  }

  /** The polls under way, outermost first. */
  underWay(now: number): PollUnderWay[] {
    this.account(now);
    return this.tasks.flatMap((task, i) =>
      task === NO_TASK ? [] : [{ task, began: this.begins[i]!, own: this.owns[i]! }],
    );
  }

  /** Whether a poll, or an interrupt, is under way. */
  get isBusy(): boolean {
    return this.tasks.length > 0;
  }

  /** Whether a task is being polled. */
  isPolled(task: TaskIndex): boolean {
    return this.outermost(task) >= 0;
  }

  /** The polls between two instants of which the later is now, the latest first. */
  between(from: number, to: number): PollShare[] {
    const shares: PollShare[] = [];
    for (let i = 0; i < this.tasks.length; i++) {
      if (this.tasks[i] === NO_TASK) continue;
      this.share(shares, { from, to }, { task: this.tasks[i]!, began: this.begins[i]!, over: to, end: null });
    }
    const oldest = Math.max(0, this.ended - REMEMBERED);
    for (let i = this.ended - 1; i >= oldest; i--) {
      const at = i % REMEMBERED;
      const over = this.endedEnds[at]!;
      if (over <= from) break;
      const task = this.endedTasks[at]! as TaskIndex;
      this.share(
        shares,
        { from, to },
        { task, began: this.endedBegins[at]!, over, end: this.endedPayloads[at]! },
      );
    }
    return shares;
  }

  /** Polls lie inside each other or apart; whatever lies inside another is met after it. */
  private share(
    shares: PollShare[],
    { from, to }: { readonly from: number; readonly to: number },
    poll: Pick<PollShare, "task" | "began" | "end"> & { readonly over: number },
  ): void {
    const time = Math.min(poll.over, to) - Math.max(poll.began, from);
    if (time <= 0) return;
    const outer = shares.findLast(({ began }) => began < poll.began);
    const { task, began, end } = poll;
    if (outer !== undefined) outer.time -= time;
    shares.push({ task, began, end, time });
  }

  private enter(time: number, task: TaskIndex): void {
    this.account(time);
    this.tasks.push(task);
    this.begins.push(time);
    this.owns.push(0);
  }

  private endPoll(time: number, task: TaskIndex, payload: number): void {
    if (!this.leave(time, task)) return;
    const at = this.ended++ % REMEMBERED;
    this.endedTasks[at] = task;
    this.endedBegins[at] = this.lastBegin;
    this.endedEnds[at] = time;
    this.endedPayloads[at] = payload;
  }

  /** Those inside it that never ended are dropped, as after a panic handler that starts over. */
  private leave(time: number, task: TaskIndex): boolean {
    this.account(time);
    let at = this.tasks.length - 1;
    while (at >= 0 && this.tasks[at] !== task) at--;
    if (at < 0) return false;
    this.lastOwnTime = this.owns[at]!;
    this.lastBegin = this.begins[at]!;
    this.drop(at);
    return true;
  }

  /** Where a task is among what is under way; negative if it is not. Most often there is next to nothing. */
  private outermost(task: TaskIndex): number {
    for (let at = 0; at < this.tasks.length; at++) if (this.tasks[at] === task) return at;
    return -1;
  }

  /** Forgets what is under way from `at` on; nothing if that is negative. */
  private drop(at: number): void {
    if (at < 0) return;
    while (this.tasks.length > at) {
      this.tasks.pop();
      this.begins.pop();
      this.owns.pop();
    }
  }

  /** Gives the time since the last change to whatever is innermost. */
  private account(time: number): void {
    const elapsed = time - this.lastChange;
    this.lastChange = time;
    const at = this.tasks.length - 1;
    if (at < 0) return;
    this.owns[at]! += elapsed;
    if (this.tasks[at] === NO_TASK) this.interrupts += elapsed;
  }
}

export const coreUse: Analysis<CoreUse> = {
  name: "core-use",
  requires: [],
  kinds: [EventKind.PollBegin, EventKind.IrqBegin, EventKind.PollEnd, EventKind.IrqEnd],
  create: () => new CoreUse(),
};
