import type { Nanoseconds } from "../../../base/brand";
import type { FindingList } from "../../../analysis/finding";
import type { FutureNode } from "../../../futures/await-tree";
import type { TaskEvent } from "../../../executor/task-events";
import type { AsyncFunction } from "../../../symbols/async-functions";
import type { TracepointHit } from "../../../target/target";
import { EventKind, type TaskIndex, unpackPollEnd } from "../../../trace/event";
import type { Debuggee } from "../../debuggee";
import { poolOf } from "../../inspect-tasks";
import { CoroutineCode } from "./coroutine-code";
import { type Fate, fateOf } from "./fate";
import { futurePlaces } from "./future-places";
import { origin } from "./moved-future";
import { OwnEffects } from "./own-effects";
import { reportMoved, reportNeverPolled } from "./report-contract";
import { isHalfDone, reportDrop } from "./report-drop";
import type { RestingFuture } from "./resting-futures";
import { type RestingFutures, type RestingMoment, RestingShapes } from "./resting-shapes";
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
  /** When it was seen last. */
  readonly moment: RestingMoment;
  /** Where it lay before somebody moved it after its first poll; undefined if nobody has. */
  readonly movedFrom: number | undefined;
}

/** What is known of a task between two of its polls. */
type AtRest = ReadonlyMap<string, TrackedFuture>;

const NOTHING: AtRest = new Map();
const NO_SHAPE: RestingFutures = new Map();

/**
 * Futures that a task drops although they have not ended. Seen from memory at the end of each poll: where a future was
 * suspended before, either it is still there and somebody refers to it, or it has written that it has ended, or it was
 * dropped. Dropping itself leaves no mark, and in optimised code has no code.
 */
export class DroppedFutures {
  private readonly tasks = new Map<TaskIndex, AtRest>();
  private readonly polled: TaskIndex[] = [];
  private readonly writes: StateWrites;
  private readonly shapes: RestingShapes;
  private readonly code: CoroutineCode;
  private readonly candidates: ReadonlySet<TaskIndex>;
  private readonly effects: OwnEffects | undefined;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly findings: FindingList,
  ) {
    this.code = new CoroutineCode(debuggee.firmware.program);
    this.writes = new StateWrites(debuggee.target, this.code);
    this.shapes = new RestingShapes(debuggee);
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
    const { memory, time } = hit;
    const at = this.polled.lastIndexOf(task);
    if (at < 0) return;
    this.polled.splice(at);
    const effects = this.effects!.end(memory);
    const before = this.tasks.get(task);
    const { result, suspension } = unpackPollEnd(payload);
    const moment = result === "ready" ? undefined : this.shapes.at(task, suspension, memory);
    const tracked = moment === undefined ? NOTHING : this.track(moment, before, effects, time);
    if (before !== undefined) this.judge(task, before, moment?.shape ?? NO_SHAPE, time);
    this.judgeContract(task, { before, tracked, time });
    this.tasks.set(task, tracked);
    if (this.polled.length > 0) this.effects!.begin();
  }

  private track(
    moment: RestingMoment,
    before: AtRest | undefined,
    effects: ReadonlySet<string>,
    time: Nanoseconds,
  ): AtRest {
    const now = moment.shape;
    const moved = this.moved(now, before);
    return new Map(
      [...now].map(([key, future]) => {
        const type = future.body.coroutine.type.name;
        const known = before?.get(key);
        const isSame = known !== undefined && this.fate(known) === "same";
        if (!isSame) {
          const movedFrom = before && origin(future, before, this.writes.at(stateByte(future)), this.code);
          return [key, { ...begun(future, effects.has(type), moment, time), movedFrom }];
        }
        const hasActed = effects.has(type);
        const isOther = hasActed && [...moved].some((each) => each !== key && each.endsWith(`:${type}`));
        return [key, goneOn(known, future, { hasActed, isOther, moment })];
      }),
    );
  }

  /** The futures that have begun, ended or come to another await: what their code did may have been for them. */
  private moved(now: RestingFutures, before: AtRest | undefined): ReadonlySet<string> {
    const moved = new Set([...now.keys()].filter((key) => before?.has(key) !== true));
    for (const [key, known] of before ?? []) {
      const { state } = known.future;
      if (this.fate(known) !== "same" || now.get(key)?.state !== state) moved.add(key);
    }
    return moved;
  }

  private fate({ future }: TrackedFuture): Fate {
    return fateOf(future.body, this.writes.at(stateByte(future)), this.code);
  }

  private judge(task: TaskIndex, before: AtRest, now: RestingFutures, time: Nanoseconds): void {
    for (const tracked of before.values()) {
      const { future } = tracked;
      if (future.root !== future.key || future.state.kind !== "suspended") continue;
      const parts = [...before.values()].filter((each) => each.future.root === future.key);
      // One that only waited has lost nothing, whatever has become of it.
      const half = parts.find((each) => isHalfDone(each, this.debuggee.firmware.program));
      const how = half && this.howDropped(tracked, now, time);
      if (half === undefined || how === undefined) continue;
      reportDrop({ task, root: tracked, half, how, time }, this.debuggee, this.findings);
    }
  }

  private judgeContract(
    task: TaskIndex,
    {
      before,
      tracked,
      time,
    }: { readonly before: AtRest | undefined; readonly tracked: AtRest; readonly time: Nanoseconds },
  ): void {
    for (const each of new Map([...(before ?? []), ...tracked]).values()) {
      if (each.movedFrom !== undefined && this.wasPolled(each))
        reportMoved(task, each, time, this.debuggee, this.findings);
    }
    for (const [key, { future, since }] of before ?? []) {
      const isGone = future.state.kind === "unresumed" && !tracked.has(key);
      if (isGone && this.code.isNowhere(future.body))
        reportNeverPolled(task, { future, since, time }, this.debuggee, this.findings);
    }
  }

  /** Whether its own code has run in this poll. */
  private wasPolled({ future }: TrackedFuture): boolean {
    const type = future.body.coroutine.type.name;
    return this.writes.at(stateByte(future))?.some(({ pc }) => this.code.isOf(pc, type)) === true;
  }

  /** How it is known that a future was dropped; undefined if it was not, or that cannot be told. */
  private howDropped(tracked: TrackedFuture, now: RestingFutures, time: Nanoseconds): string | undefined {
    const { future } = tracked;
    const fate = this.fate(tracked);
    if (fate === "ended") return undefined;
    if (fate === "same") {
      if (now.has(future.key) || isStillPolled(future, now)) return undefined;
      return "in memory it is still suspended there, and the task has gone on without it";
    }
    if (fate === "replaced")
      return "other values have taken its place, and it had not written that it has ended";
    const whole = tracked.moment.wholeOf(future.key);
    const earliest = whole && earliestOf(whole.node, time);
    return earliest !== undefined && earliest > time
      ? "other values have taken its place, and the timer that it waited for was not due"
      : undefined;
  }
}

/** Whether what polled a future is still there: such a one lets go of its branches when they have ended. */
function isStillPolled({ via }: RestingFuture, now: RestingFutures): boolean {
  if (via === null) return false;
  return [...now.values()].some(
    (each) => each.via !== null && each.via.address === via.address && each.via.type === via.type,
  );
}

function stateByte({ address, body }: { readonly address: number; readonly body: AsyncFunction }): number {
  return address + body.coroutine.discriminant.offset;
}

function begun(
  future: RestingFuture,
  hasEffects: boolean,
  moment: RestingMoment,
  time: Nanoseconds,
): TrackedFuture {
  return {
    future,
    since: time,
    polls: future.state.kind === "suspended" ? 1 : 0,
    hasPassed: false,
    hasEffects,
    moment,
    movedFrom: undefined,
  };
}

function goneOn(
  known: TrackedFuture,
  future: RestingFuture,
  /** Whether code of its kind has changed something, and that may have been for another future of its kind. */
  {
    hasActed,
    isOther,
    moment,
  }: {
    readonly hasActed: boolean;
    readonly isOther: boolean;
    readonly moment: RestingMoment;
  },
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
    moment,
    movedFrom: known.movedFrom,
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
