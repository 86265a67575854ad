import { type Nanoseconds, nanoseconds } from "../../base/brand";
import { formatDuration, formatInstant } from "../../base/duration";
import type { FindingList, RelatedPlace } from "../../analysis/finding";
import type { Thresholds } from "../../analysis/thresholds";
import type { TaskEvent } from "../../executor/task-events";
import { findTimerEntry, type TimerEntry } from "../../executor/embassy/own-structures";
import type { FutureNode } from "../../futures/await-tree";
import { timerNow } from "../../futures/timer-now";
import { NEVER_DUE, timeUntil } from "../../futures/timer-ticks";
import { queuedTimer } from "../../futures/waker-holders/queued-timer";
import { isWakerInStatic } from "../../futures/waker-holders/waker-holders";
import { EventKind, type SuspensionIndex, type TaskIndex, unpackPollEnd } from "../../trace/event";
import { withoutGenerics } from "../../symbols/types/type-name";
import type { TracepointHit } from "../../target/target";
import { ValueReader } from "../../values/reader";
import { symbolsOf } from "../../values/symbol-lookup";
import type { Debuggee } from "../debuggee";
import { inspectTasksIn } from "../inspect-tasks";
import type { StillMachine } from "../still-machine";
import { EXECUTOR_TYPES } from "../why-not-running/search-wakers";
import { whyNotRunningIn } from "../why-not-running/why-not-running";
import type { Why, WhyStep } from "../why-not-running/why";

/** A future that is meant never to wake anybody. */
const NEVER = "core::future::pending::Pending";

/** Notes of a search that are told as evidence. */
const MOST_STEPS = 12;

/** Waits of one task at one await that are looked at as soon as the core sleeps, whatever is known of the others. */
const FIRST_LOOKS = 2;

/** Looks at once that have found nothing, after which waits at that await are looked at only if they are long. */
const MOST_LOOKS = 16;

/** Locks that are awaited, as `awaitedName` calls them. */
const LOCK = /(?:^|::)(?:Mutex::lock|RwLock::(?:read|write))\b/;

/** What earlier waits of a task at the same await have shown. */
interface KnownWaits {
  looks: number;
  /** Addresses of the words that held its waker then, or may have been it. While one of them does, it need not be searched for. */
  readonly holders: number[];
  /** Where it was found last, in words, and when. */
  seen: { readonly text: string; readonly time: Nanoseconds } | undefined;
}

/** A task since the end of its last poll. Each task has one, which is used again and again. */
interface Parked {
  /** Whether it is suspended now. */
  isSuspended: boolean;
  since: number;
  known: KnownWaits;
  isAtLock: boolean;
  /** Whether memory has been searched in this wait, and in which way. */
  searched: "not" | "for-locks" | "all";
  /** When a timer wakes it at the latest; 0 if that is not known. Until then there is nothing to search for. */
  wokenBy: number;
}

/** A task whose turn to be looked at has come. */
interface DueTask {
  readonly task: TaskIndex;
  readonly parked: Parked;
}

/**
 * Looks for tasks that can never run again: nobody holds their waker, or they wait for each other. What is found is a
 * proof for the instant at which memory is searched, and stays true: only a waker that somebody holds, or a lock that is
 * given back, could change it. So a task is searched for once per wait, while the core sleeps: at once if its waker is
 * not where it was in earlier waits, else when it has waited for long; and again if its waker is gone from where it was.
 * Waits for locks are looked at as they begin.
 */
export class StuckTasks {
  private readonly parked: (Parked | undefined)[] = [];
  /** By task, then by suspension. */
  private readonly known: (Map<SuspensionIndex, KnownWaits> | undefined)[] = [];
  /** By suspension: whether a lock is awaited there. */
  private readonly atLock: (boolean | undefined)[] = [];
  private readonly wokenInPoll: boolean[] = [];
  private isAsleep = false;
  private readonly timerEntry: TimerEntry | undefined;
  /** When a wait for a lock has begun that may have closed a circle; Infinity if none has. */
  lockedAt = Infinity;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly thresholds: Thresholds,
    private readonly findings: FindingList,
  ) {
    if (debuggee.embassy === undefined) return;
    this.timerEntry = findTimerEntry(debuggee.firmware.program);
    debuggee.target.observe({
      onSleep: () => void (this.isAsleep = true),
      onWake: () => void (this.isAsleep = false),
      onReset: () => void (this.parked.length = 0),
    });
  }

  /** Follows the run. */
  add({ kind, task, payload }: TaskEvent, hit: TracepointHit): void {
    if (this.debuggee.embassy === undefined) return;
    const parked = this.parked[task];
    if (parked !== undefined) parked.isSuspended = false;
    if (kind === EventKind.PollEnd) this.park(task, hit.time, payload);
    else this.wokenInPoll[task] = kind === EventKind.Wake;
  }

  /** The instant from which on there is something to look at; Infinity if there is nothing. */
  nextLook(): number {
    let next = this.lockedAt;
    if (!this.isAsleep) return next;
    for (let task = 0; task < this.parked.length; task++) {
      const parked = this.parked[task];
      if (parked?.isSuspended !== true || this.isSettled(task, parked)) continue;
      next = Math.min(next, this.dueAt(task, parked));
    }
    return next;
  }

  /**
   * Looks at the machine as it is now.
   * @param isForGood whether the core sleeps and nothing is to come that could wake it
   */
  look(still: StillMachine, now: Nanoseconds, isForGood: boolean): void {
    this.lockedAt = Infinity;
    if (this.debuggee.embassy === undefined) return;
    const isAsleep = isForGood || this.isAsleep;
    const due = this.parked.flatMap((parked, row) => {
      if (parked?.isSuspended !== true || this.isSettled(row, parked)) return [];
      const isDue = isAsleep
        ? isForGood || this.dueAt(row, parked) <= now
        : parked.isAtLock && parked.searched === "not";
      return isDue ? [{ task: row as TaskIndex, parked }] : [];
    });
    const searched = isForGood || !isAsleep ? due : due.filter((each) => !this.isPlain(each, still, now));
    if (searched.length === 0) return;
    const tasks = inspectTasksIn(this.debuggee, still.memory, still);
    const whyOf = whyNotRunningIn(this.debuggee, still, tasks, { tellsPast: false });
    for (const { task, parked } of searched) {
      const why = whyOf(task);
      const future = tasks[task]?.future;
      parked.searched = isAsleep ? "all" : "for-locks";
      if (isAsleep) note(parked.known, why, now);
      if (isAsleep && why.verdict.kind === "lost" && future !== undefined && !waitsForNothing(future))
        this.reportLost(task, future, why, parked.known);
      if (why.verdict.kind === "deadlock") this.reportDeadlock(task, whyOf);
    }
  }

  private park(task: TaskIndex, since: number, payload: number): void {
    const { result, suspension } = unpackPollEnd(payload);
    if (result === "ready" || this.wokenInPoll[task] === true) return;
    const { trace } = this.debuggee;
    const isAtLock = (this.atLock[suspension] ??= LOCK.test(trace.suspension(suspension)?.awaiting ?? ""));
    const waits = (this.known[task] ??= new Map<SuspensionIndex, KnownWaits>());
    let known = waits.get(suspension);
    if (known === undefined) waits.set(suspension, (known = { looks: 0, holders: [], seen: undefined }));
    const parked = (this.parked[task] ??= freshlyParked(known));
    parked.isSuspended = true;
    parked.since = since;
    parked.known = known;
    parked.isAtLock = isAtLock;
    parked.searched = "not";
    parked.wokenBy = 0;
    if (isAtLock && this.mayBeLocked(task, known)) this.lockedAt = since;
  }

  /** Whether nothing can have become of a wait since it was looked at: its waker is where it was. */
  private isSettled(task: number, { searched, known }: Parked): boolean {
    if (searched !== "all") return false;
    return known.holders.length === 0 || known.looks >= MOST_LOOKS || this.isHeld(task, known);
  }

  private dueAt(task: number, parked: Parked): number {
    return Math.max(this.lookAt(task, parked), parked.wokenBy);
  }

  private lookAt(task: number, { since, known }: Parked): number {
    const isAtOnce =
      known.looks < FIRST_LOOKS ||
      (known.looks < MOST_LOOKS && known.holders.length > 0 && !this.isHeld(task, known));
    return isAtOnce ? since : since + this.thresholds.stuck;
  }

  /** Whether it is plain that somebody is still to wake a task. The first waits at an await are searched all the same. */
  private isPlain({ task, parked }: DueTask, { memory }: StillMachine, now: Nanoseconds): boolean {
    if (parked.isAtLock || parked.known.looks < FIRST_LOOKS) return false;
    const reader = new ValueReader(memory, symbolsOf(this.debuggee.firmware.program));
    parked.wokenBy = this.timerOf(task, reader, now);
    if (parked.wokenBy > now) return true;
    const { address } = this.debuggee.trace.tasks[task]!;
    const isKept = parked.known.holders.some(
      (holder) => memory.readUint(holder, 4) === address && isWakerInStatic(holder, EXECUTOR_TYPES, reader),
    );
    if (isKept) parked.searched = "all";
    return isKept;
  }

  /** When a timer wakes a task, whatever else it waits for; 0 if none does. */
  private timerOf(task: TaskIndex, reader: ValueReader, now: Nanoseconds): number {
    if (this.timerEntry === undefined) return 0;
    const { type, offset } = this.timerEntry;
    const timer = queuedTimer(reader.at(type, this.debuggee.trace.tasks[task]!.address + offset), reader);
    const ticks = timerNow(reader.memory);
    if (timer?.kind !== "queued" || timer.due === NEVER_DUE || ticks === undefined) return 0;
    // A tick more: what is due within one is due at its end.
    return timer.due > ticks ? now + timeUntil(timer.due + 1n, ticks) : 0;
  }

  /** Whether a word that has held the waker of a task does so now. */
  private isHeld(task: number, { holders }: KnownWaits): boolean {
    const { memory } = this.debuggee.target;
    const { address } = this.debuggee.trace.tasks[task]!;
    for (const holder of holders) if (memory?.readUint(holder, 4) === address) return true;
    return false;
  }

  /** Whether a circle is possible: with another task that waits for a lock, or, in a wait that is new, with itself. */
  private mayBeLocked(task: TaskIndex, { looks }: KnownWaits): boolean {
    return (
      looks < FIRST_LOOKS ||
      this.parked.some((other, row) => row !== task && other?.isSuspended === true && other.isAtLock)
    );
  }

  private reportLost(
    row: TaskIndex,
    future: FutureNode,
    { task, since, steps }: Why,
    { seen }: KnownWaits,
  ): void {
    const { target, trace } = this.debuggee;
    const innermost = steps.findLast(
      ({ kind, place, depth }) => kind === "await" && place !== null && depth >= 0,
    )?.place;
    const place = ownAwait(future) ?? innermost ?? trace.tasks[row]?.place ?? null;
    const isInside = innermost && (innermost.file !== place?.file || innermost.line !== place.line);
    const asleep = formatDuration(nanoseconds(target.now - since));
    this.findings.add({
      key: `lost-wake:${row}`,
      weight: 0,
      kind: "lost-wake",
      severity: "error",
      title: `${task} can never run again: nobody holds its waker`,
      tasks: [row],
      span: { from: since, to: target.now },
      place,
      related: isInside ? [{ place: innermost, text: `in it, ${task} is parked here` }] : [],
      evidence: [
        `it is suspended since ${formatInstant(since)} s, and memory was searched ${asleep} later, with the core asleep`,
        ...(seen === undefined ? [] : [seenWords(seen, since)]),
        ...words(steps.filter(({ kind }) => kind === "search" || kind === "wait" || kind === "note")),
      ],
      remedy:
        "a future that returns Pending must have left `cx.waker().clone()` with whoever makes it ready, before it looked: in an AtomicWaker, WakerRegistration or a Signal",
    });
  }

  /** One finding for the whole circle, at the await that has closed it. */
  private reportDeadlock(row: TaskIndex, whyOf: WhyOf): void {
    const circle = this.circleOf(row, whyOf);
    if (!circle?.every((each) => waitsForLock(whyOf(each)))) return;
    const [last, ...others] = [...circle].sort((a, b) => whyOf(b).since - whyOf(a).since);
    const { verdict, since } = whyOf(last!);
    const key = `deadlock:${[...circle].sort((a, b) => a - b).join(":")}`;
    this.findings.remove(key);
    this.findings.add({
      key,
      weight: 0,
      kind: "deadlock",
      severity: "error",
      title:
        others.length === 0
          ? `${whyOf(row).task} waits for what it holds itself`
          : `${circle.map((each) => whyOf(each).task).join(" and ")} wait for each other, and none can ever go on`,
      tasks: [last!, ...others],
      span: { from: since, to: this.debuggee.target.now },
      place: parkedAt(whyOf(last!)),
      related: circle.flatMap((each) => relatedOf(whyOf(each), each === last)),
      evidence: [
        verdict.text,
        `the circle: ${circleWords(circle.map((each) => whyOf(each)))}`,
        ...heldWords(circle.map((each) => whyOf(each))),
      ],
      remedy: others.length === 0 ? FUTURELOCK_REMEDY : CIRCLE_REMEDY,
    });
  }
  /** The tasks that wait for each other, from `row` on; undefined if `row` only waits for such a circle. */
  private circleOf(row: TaskIndex, whyOf: WhyOf): TaskIndex[] | undefined {
    const circle: TaskIndex[] = [];
    for (let at = row; !circle.includes(at);) {
      circle.push(at);
      const holder = holderStep(whyOf(at))?.task;
      const next = this.debuggee.trace.tasks.findIndex(({ name }) => name === holder);
      if (next < 0) return undefined;
      if (next === row) return circle;
      at = next as TaskIndex;
    }
    return undefined;
  }
}

/** Why each task is not running. */
type WhyOf = (task: TaskIndex) => Why;

const CIRCLE_REMEDY =
  "take several locks in the same order everywhere, or hold one at a time: give the first back before the second is awaited";

const FUTURELOCK_REMEDY =
  "await the future that holds the lock to its end, or drop it, before the lock is awaited outside of it; a future that is kept and not polled gives nothing back";

function freshlyParked(known: KnownWaits): Parked {
  return { isSuspended: false, since: 0, known, isAtLock: false, searched: "not", wokenBy: 0 };
}

/** Where the waker was in this wait. */
function note(known: KnownWaits, { steps }: Why, time: Nanoseconds): void {
  known.looks++;
  for (const { holder } of steps) {
    if (holder === undefined || holder.address === null || holder.isOwn) continue;
    if (!known.holders.includes(holder.address)) known.holders.push(holder.address);
    known.seen = { text: holder.text, time };
  }
}

function seenWords({ text, time }: NonNullable<KnownWaits["seen"]>, since: Nanoseconds): string {
  const wait = time < since ? ", in an earlier wait at this await" : "";
  return `its waker was last seen at ${formatInstant(time)} s in ${text}${wait}`;
}

/** The first holder of a lock is that of what the task itself waits for; those below it belong to others. */
function holderStep({ steps }: Why): WhyStep | undefined {
  return steps.find(({ kind }) => kind === "lock-holder");
}

/** What is told of the task itself: all before the holder of what it waits for. */
function ownSteps({ steps }: Why): readonly WhyStep[] {
  const holder = steps.findIndex(({ kind }) => kind === "lock-holder");
  return holder < 0 ? steps : steps.slice(0, holder);
}

/** Whether only the holder can give back what a task waits for: permits of a semaphore anybody may add. */
function waitsForLock(why: Why): boolean {
  const kind = ownSteps(why).findLast((step) => step.kind === "wait")?.wait?.kind;
  return kind === "mutex" || kind === "rwlock";
}

/** The innermost await of the task itself. */
function parkedAt(why: Why): WhyStep["place"] {
  return ownSteps(why).findLast(({ kind, place }) => kind === "await" && place !== null)?.place ?? null;
}

function relatedOf(why: Why, isLast: boolean): RelatedPlace[] {
  const place = parkedAt(why);
  const holder = holderStep(why);
  const waits = place === null || isLast ? [] : [{ place, text: `${why.task} waits here` }];
  return holder?.place
    ? [...waits, { place: holder.place, text: `what ${why.task} waits for is ${holder.text}` }]
    : waits;
}

/** As `a -> mutex LOG -> b -> mutex BUS -> a`: who waits for what, and who holds it. */
function circleWords(circle: readonly Why[]): string {
  const words = circle.flatMap((why) => {
    const wait = ownSteps(why).findLast(({ kind }) => kind === "wait");
    return [why.task, wait?.text.replace(/^.*: | held by .*$/g, "") ?? "a lock"];
  });
  return [...words, circle[0]!.task].join(" -> ");
}

function heldWords(circle: readonly Why[]): string[] {
  return circle.flatMap((why) => {
    const holder = holderStep(why);
    return holder === undefined ? [] : [`what ${why.task} waits for is ${holder.text}`];
  });
}

function words(all: readonly WhyStep[]): string[] {
  const steps = all.filter(({ text }) => !text.endsWith(DEAD));
  const dead = all.length - steps.length;
  const below = `${dead} ${dead === 1 ? "word lies" : "words lie"} below the stack pointer, where nobody reads them again`;
  return [...told(steps), ...(dead === 0 ? [] : [below])];
}

/** What a search says of a word in a part of the stack that has been left. */
const DEAD = ": below the stack pointer";

function told(steps: readonly WhyStep[]): string[] {
  return steps.slice(0, MOST_STEPS).map(({ kind, text }) => (kind === "wait" ? `it awaits ${text}` : text));
}

/** The innermost await that the program's own source has: what it calls may await in a library. */
function ownAwait({ isOwn, state, place, children }: FutureNode): RelatedPlace["place"] | null {
  const inner = children.map(ownAwait).findLast((each) => each !== null);
  return inner ?? (isOwn && state === "suspended" ? place : null);
}

function waitsForNothing(node: FutureNode): boolean {
  return withoutGenerics(node.type) === NEVER || node.children.some(waitsForNothing);
}
