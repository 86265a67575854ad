import type { Nanoseconds } from "../../../base/brand";
import type { FindingList } from "../../../analysis/finding";
import type { FutureNode } from "../../../futures/await-tree";
import type { TaskEvent } from "../../../executor/task-events";
import type { AsyncFunction } from "../../../symbols/async-functions";
import type { TracepointHit } from "../../../target/target";
import { EventKind, type SuspensionIndex, type TaskIndex, unpackPollEnd } from "../../../trace/event";
import type { Debuggee } from "../../debuggee";
import { poolOf } from "../../inspect-tasks";
import { KeptTask } from "../at-rest/kept-task";
import { OncePerShape } from "../at-rest/once-per-shape";
import { type RestingFuture, RestingTask } from "../at-rest/resting-futures";
import { RestingShape } from "../at-rest/resting-shape";
import { CoroutineCode } from "./coroutine-code";
import { type Fate, fateOf } from "./fate";
import { futurePlaces } from "./future-places";
import { origin } from "./moved-future";
import { OwnEffects } from "./own-effects";
import { reportMoved, reportNeverPolled } from "./report-contract";
import { isHalfDone, reportDrop } from "./report-drop";
import { StateWrites } from "./state-writes";

/** A future since it was first seen at rest. */
export interface TrackedFuture {
  readonly future: RestingFuture;
  /** When it came to rest there first. */
  readonly since: Nanoseconds;
  /** Polls of its task after which it was suspended. */
  readonly polls: number;
  /** Whether it was seen to go on from one await to a later one. */
  readonly hasPassed: boolean;
  /** Whether it has changed something in the poll in which it came to its await for the first time. */
  readonly hasEffects: boolean;
  /** Where it lay before somebody moved it after its first poll; undefined if nobody has. */
  readonly movedFrom: number | undefined;
  /** What has become of it in the poll that has just ended, once somebody has asked. */
  fate: Fate | undefined;
}

/** A future with which work is lost if it is dropped. */
interface AtRisk {
  readonly root: TrackedFuture;
  /** It or the first that it awaits, from the outside inwards, that has done something and has something left to do. */
  readonly half: TrackedFuture;
}

/** What is known of a task between two of its polls. */
interface AtRest {
  readonly shape: RestingShape;
  /** By row of the shape. */
  readonly tracked: readonly TrackedFuture[];
  readonly risks: readonly AtRisk[];
  /** All that it was then. */
  readonly kept: KeptTask | undefined;
}

const NO_SHAPE = new RestingShape([]);
const NO_RISKS: readonly AtRisk[] = [];
const NOTHING: AtRest = { shape: NO_SHAPE, tracked: [], risks: NO_RISKS, kept: undefined };

/**
 * Futures that a task drops although they have not ended. Seen from memory at the end of each poll: where a future was
 * suspended before, either it is still there and somebody refers to it, or it has written that it has ended, or it was
 * dropped. Dropping itself leaves no mark, and in optimised code has no code.
 */
export class DroppedFutures {
  private readonly tasks = new Map<TaskIndex, AtRest>();
  /** Two of each task: how it was before a poll, and how it is after. */
  private readonly copies = new Map<TaskIndex, readonly [KeptTask, KeptTask]>();
  private readonly polled: TaskIndex[] = [];
  private readonly writes: StateWrites;
  /** Without what leaves wait for, and with values of an earlier moment of the same shape. */
  private readonly shapes = new OncePerShape<RestingShape>();
  private readonly code: CoroutineCode;
  private readonly candidates: ReadonlySet<TaskIndex>;
  private readonly effects: OwnEffects | undefined;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly findings: FindingList,
  ) {
    this.code = new CoroutineCode(debuggee.firmware.program);
    this.writes = new StateWrites(debuggee.target, this.code);
    this.candidates = this.watchPlaces();
    if (this.candidates.size > 0) this.effects = new OwnEffects(debuggee, this.code);
  }

  /** Follows the run. */
  add({ kind, task, payload }: TaskEvent, hit: TracepointHit): void {
    if (!this.candidates.has(task)) return;
    if (kind === EventKind.PollBegin) this.beginPoll(task);
    else if (kind === EventKind.PollEnd) this.endPoll(task, hit, payload);
    else if (kind === EventKind.Spawn) this.tasks.delete(task);
  }

  /** The chip was reset: what was at rest is no more, and was not dropped. */
  reset(): void {
    this.tasks.clear();
    this.polled.length = 0;
  }

  /** The tasks that may keep a future that they could drop, once the states of all of those are watched. */
  private watchPlaces(): ReadonlySet<TaskIndex> {
    const { trace, embassy, firmware } = this.debuggee;
    const candidates = new Set<TaskIndex>();
    trace.tasks.forEach(({ address }, row) => {
      const pool = embassy && poolOf(embassy, address);
      if (pool?.body === undefined) return;
      const places = futurePlaces(pool.body, firmware.program);
      if (!places.some(({ isDroppable }) => isDroppable)) return;
      candidates.add(row as TaskIndex);
      for (const { offset, body } of places)
        this.writes.watch(address + pool.futureOffset + offset + body.coroutine.discriminant.offset);
    });
    return candidates;
  }

  private beginPoll(task: TaskIndex): void {
    // An interrupt's executor may break into a poll; what is written then is written all the same.
    if (this.polled.length === 0) {
      this.writes.clear();
      this.effects?.begin();
    }
    this.polled.push(task);
  }

  private endPoll(task: TaskIndex, hit: TracepointHit, payload: number): void {
    const { time } = hit;
    const at = this.polled.lastIndexOf(task);
    if (at < 0) return;
    while (this.polled.length > at) this.polled.pop();
    const effects = this.effects!.end(hit.memory);
    const before = this.tasks.get(task) ?? NOTHING;
    const { result, suspension } = unpackPollEnd(payload);
    const now = result === "ready" ? NOTHING : this.atRest(task, suspension, { before, effects, hit });
    for (const risk of before.risks) this.judge(task, risk, { before, now: now.shape, time });
    this.judgeContract(task, { before, now, time });
    this.tasks.set(task, now);
    if (this.polled.length > 0) this.effects!.begin();
  }

  private atRest(
    task: TaskIndex,
    suspension: SuspensionIndex,
    {
      before,
      effects,
      hit,
    }: { readonly before: AtRest; readonly effects: ReadonlySet<string>; readonly hit: TracepointHit },
  ): AtRest {
    let copies = this.copies.get(task);
    if (copies === undefined) {
      const copy = () => new KeptTask(this.debuggee, task, hit.memory);
      this.copies.set(task, (copies = [copy(), copy()]));
    }
    const kept = before.kept === copies[0] ? copies[1] : copies[0];
    kept.copy();
    const shape = this.shapes.at(
      task,
      suspension,
      kept,
      (memory) => new RestingShape(new RestingTask(this.debuggee, task, memory, "shape").futures()),
    );
    const tracked = this.track(shape, before, effects, hit.time);
    return { shape, tracked, risks: this.risksOf(shape, tracked), kept };
  }

  private track(
    shape: RestingShape,
    before: AtRest,
    effects: ReadonlySet<string>,
    time: Nanoseconds,
  ): readonly TrackedFuture[] {
    const links = shape.linksTo(before.shape);
    const moved = effects.size === 0 ? undefined : this.moved(shape, before);
    const tracked: TrackedFuture[] = [];
    for (let row = 0; row < links.length; row++) {
      const future = shape.futures[row]!;
      const { type } = future.body.coroutine;
      const link = links[row];
      const known = link === undefined ? undefined : before.tracked[link];
      const hasActed = effects.has(type.name);
      if (known !== undefined && this.fate(known) === "same") {
        const isOther = hasActed && moved!.some((each) => each.key !== future.key && isAlike(each, future));
        tracked.push(goneOn(known, future, hasActed, isOther));
      } else {
        const writes = this.writes.at(stateByte(future));
        tracked.push(begun(future, hasActed, time, origin(future, before.tracked, writes, this.code)));
      }
    }
    return tracked;
  }

  /** The futures that have begun, ended or come to another await: what their code did may have been for them. */
  private moved(now: RestingShape, before: AtRest): readonly RestingFuture[] {
    const linksBefore = now.linksTo(before.shape);
    const linksNow = before.shape.linksTo(now);
    const moved = now.futures.filter((_, row) => linksBefore[row] === undefined);
    before.tracked.forEach((known, row) => {
      const link = linksNow[row];
      const state = link === undefined ? undefined : now.futures[link]!.state;
      if (this.fate(known) !== "same" || state !== known.future.state) moved.push(known.future);
    });
    return moved;
  }

  private risksOf(shape: RestingShape, tracked: readonly TrackedFuture[]): readonly AtRisk[] {
    let risks: AtRisk[] | undefined;
    for (let row = 0; row < tracked.length; row++) {
      const root = tracked[row]!;
      if (root.future.state.kind !== "suspended") continue;
      // One that only waited has lost nothing, whatever becomes of it.
      for (const part of shape.parts[row]!) {
        const half = tracked[part]!;
        if (!isHalfDone(half, this.debuggee.firmware.program)) continue;
        (risks ??= []).push({ root, half });
        break;
      }
    }
    return risks ?? NO_RISKS;
  }

  private fate(known: TrackedFuture): Fate {
    const { body } = known.future;
    return (known.fate ??= fateOf(body, this.writes.at(stateByte(known.future)), this.code));
  }

  private judge(
    task: TaskIndex,
    { root, half }: AtRisk,
    {
      before,
      now,
      time,
    }: { readonly before: AtRest; readonly now: RestingShape; readonly time: Nanoseconds },
  ): void {
    const { kept } = before;
    const how = this.howDropped(root, kept, now, time);
    if (how !== undefined) reportDrop({ task, root, half, kept, how, time }, this.debuggee, this.findings);
  }

  private judgeContract(
    task: TaskIndex,
    { before, now, time }: { readonly before: AtRest; readonly now: AtRest; readonly time: Nanoseconds },
  ): void {
    for (const each of before.tracked)
      if (each.movedFrom !== undefined && !now.shape.has(each.future.key)) this.judgeMoved(task, each, time);
    for (const each of now.tracked) if (each.movedFrom !== undefined) this.judgeMoved(task, each, time);
    for (const row of before.shape.unresumed) {
      const { future, since } = before.tracked[row]!;
      if (!now.shape.has(future.key) && this.code.isNowhere(future.body))
        reportNeverPolled(task, { future, since, time }, this.debuggee, this.findings);
    }
  }

  private judgeMoved(task: TaskIndex, moved: TrackedFuture, time: Nanoseconds): void {
    if (this.wasPolled(moved)) reportMoved(task, moved, time, this.debuggee, this.findings);
  }

  /** Whether its own code has run in this poll. */
  private wasPolled({ future }: TrackedFuture): boolean {
    const type = future.body.coroutine.type.name;
    return this.writes.at(stateByte(future))?.some(({ pc }) => this.code.isOf(pc, type)) === true;
  }

  /** How it is known that a future was dropped; undefined if it was not, or that cannot be told. */
  private howDropped(
    tracked: TrackedFuture,
    kept: KeptTask | undefined,
    now: RestingShape,
    time: Nanoseconds,
  ): string | undefined {
    const { future } = tracked;
    const fate = this.fate(tracked);
    if (fate === "ended") return undefined;
    if (fate === "same") {
      if (now.has(future.key) || isStillPolled(future, now)) return undefined;
      return "in memory it is still suspended there, and the task has gone on without it";
    }
    if (fate === "replaced")
      return "other values have taken its place, and it had not written that it has ended";
    const whole = kept?.future(future.key);
    const earliest = whole && earliestOf(whole.node, time);
    return earliest !== undefined && earliest > time
      ? "other values have taken its place, and the timer that it waited for was not due"
      : undefined;
  }
}

/** Whether what polled a future is still there: such a one lets go of its branches when they have ended. */
function isStillPolled({ via }: RestingFuture, now: RestingShape): boolean {
  if (via === null) return false;
  return now.futures.some(
    (each) => each.via !== null && each.via.address === via.address && each.via.type === via.type,
  );
}

/** Whether two futures are of one kind. */
function isAlike(one: RestingFuture, other: RestingFuture): boolean {
  return one.body.coroutine.type.name === other.body.coroutine.type.name;
}

function stateByte({ address, body }: { readonly address: number; readonly body: AsyncFunction }): number {
  return address + body.coroutine.discriminant.offset;
}

function begun(
  future: RestingFuture,
  hasEffects: boolean,
  time: Nanoseconds,
  movedFrom: number | undefined,
): TrackedFuture {
  return {
    future,
    since: time,
    polls: future.state.kind === "suspended" ? 1 : 0,
    hasPassed: false,
    hasEffects,
    movedFrom,
    fate: undefined,
  };
}

/**
 * @param hasActed whether code of its kind has changed something
 * @param isOther  whether that may have been for another future of its kind
 */
function goneOn(
  known: TrackedFuture,
  future: RestingFuture,
  hasActed: boolean,
  isOther: boolean,
): TrackedFuture {
  const before = known.future.state;
  const [from, to] = [before.suspendPoint ?? -1, future.state.suspendPoint ?? -1];
  return {
    future,
    since: known.since,
    polls: known.polls + (future.state.kind === "suspended" ? 1 : 0),
    hasPassed: known.hasPassed || (before.kind === "suspended" && to > from),
    // Back at the same await after it has done something: a loop, in which it waits for its next round.
    hasEffects:
      to === from ? known.hasEffects && (isOther || !hasActed) : before.kind === "unresumed" && hasActed,
    movedFrom: known.movedFrom,
    fate: undefined,
  };
}

/** When the first of the timers is due that alone can make a future go on, by what they say at an instant. */
function earliestOf(node: FutureNode, time: Nanoseconds): Nanoseconds | undefined {
  const { wait, children } = node;
  if (wait !== null) return wait.dueIn === null ? undefined : ((time + wait.dueIn) as Nanoseconds);
  if (children.length === 0) return undefined;
  const dues = children
    .filter(({ state }) => state !== "done" && state !== "gone")
    .map((child) => earliestOf(child, time));
  return dues.some((due) => due === undefined) ? undefined : (Math.min(...(dues as number[])) as Nanoseconds);
}
