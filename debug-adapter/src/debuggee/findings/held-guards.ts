import { type Nanoseconds, nanoseconds } from "../../base/brand";
import type { FindingList } from "../../analysis/finding";
import { shortestOf, ThresholdsOfTasks, type Thresholds } from "../../analysis/thresholds";
import type { TaskEvent } from "../../executor/task-events";
import type { FutureNode } from "../../futures/await-tree";
import { type GuardedLock, isBlocking } from "../../futures/guarded-lock";
import { locksHeldIn, mayContainGuard, mayContainListed } from "../../futures/guards";
import type { WaitKind } from "../../futures/wait";
import type { Program } from "../../symbols/program";
import type { Type } from "../../symbols/types/type";
import type { MemoryView, TracepointHit } from "../../target/target";
import {
  EventKind,
  type SuspensionIndex,
  type TaskIndex,
  UNKNOWN_SUSPENSION,
  unpackPollEnd,
} from "../../trace/event";
import type { TaskStateFold } from "../../trace/task-state";
import { oncePerType } from "../../values/once-per-type";
import { ValueReader } from "../../values/reader";
import { symbolsOf } from "../../values/symbol-lookup";
import type { Debuggee } from "../debuggee";
import { type InspectedTask, inspectTasksIn, poolOf } from "../inspect-tasks";
import { lockTenure } from "../why-not-running/lock-tenure";
import { KeptTask } from "./at-rest/kept-task";
import { OncePerShape } from "./at-rest/once-per-shape";
import type { RecordedReads } from "./at-rest/recorded-reads";
import { RestingTask } from "./at-rest/resting-futures";
import { GuardLooks } from "./guard-looks";
import type { HeldGuard, Holding, LockWaiter } from "./held-guard";
import { isAwaitOfGuarded } from "./guarded-await";
import { guardOccurrence } from "./guard-occurrence";

/** Types in types that are searched for futures that may keep a guard. */
const DEEPEST = 24;

export interface HeldGuardsOptions {
  readonly thresholds: Thresholds;
  /** Full names of types that the user calls guards of a blocking lock. */
  readonly guardTypes: readonly string[];
}

/** A guard, whenever it was taken. */
type FoundGuard = Omit<HeldGuard, "declared" | "takenAt">;

/** What a suspended task keeps. */
interface Kept {
  /** Guards of locks that nobody can wait for. */
  readonly blocking: readonly FoundGuard[];
  /** Whether there are guards of locks that tasks may wait for. */
  readonly hasWaitable: boolean;
}

const NOTHING: Kept = { blocking: [], hasWaitable: false };

/**
 * Guards that are kept across an await: seen in memory at the end of each poll, and only where drop flags and the lock's
 * own state leave no doubt that the guard is alive. Of a lock that tasks can wait for it is told only if what is awaited
 * has nothing to do with what the lock guards, and somebody has waited for the lock meanwhile: so memory is looked at
 * only when the holder goes on after somebody has.
 */
export class HeldGuards {
  private readonly candidates: ReadonlySet<TaskIndex>;
  private readonly holdings = new Map<TaskIndex, Holding>();
  /** By task: since when it is parked with a guard of a lock that tasks may wait for; NaN or undefined if it is not. */
  private readonly parkedSince: (number | undefined)[] = [];
  private readonly shapes = new OncePerShape<Kept>();
  private readonly copies = new Map<TaskIndex, KeptTask>();
  /** By suspension: whether a lock may be awaited there. */
  private readonly mayAwaitLock: (boolean | undefined)[] = [];
  private readonly thresholds: ThresholdsOfTasks;
  private readonly shortestWait: number;
  private readonly looks: GuardLooks;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly states: TaskStateFold,
    private readonly findings: FindingList,
    private readonly options: HeldGuardsOptions,
  ) {
    this.looks = new GuardLooks(options.guardTypes);
    this.thresholds = new ThresholdsOfTasks(options.thresholds, debuggee.trace);
    this.shortestWait = shortestOf(options.thresholds, "starvation");
    this.candidates = tasksThatMayHold(debuggee, options.guardTypes);
  }

  /** Follows the run. The states of tasks are those after the event. */
  add({ kind, task, payload }: TaskEvent, hit: TracepointHit): void {
    if (this.candidates.size === 0) return;
    if (kind === EventKind.PollBegin) this.beginPoll(task, hit);
    else if (kind === EventKind.PollEnd) this.endPoll(task, payload, hit);
  }

  /** Counts guards that are still held at an instant, as the run ends. */
  finish(time: Nanoseconds): void {
    const { memory } = this.debuggee.target;
    if (memory !== undefined)
      this.parkedSince.forEach((_, row) => this.tellWaitedFor(row as TaskIndex, time, memory));
    for (const task of [...this.holdings.keys()]) this.close(task, time);
  }

  /** The chip was reset: nobody keeps anything. */
  reset(): void {
    this.holdings.clear();
    this.parkedSince.length = 0;
  }

  private beginPoll(task: TaskIndex, hit: TracepointHit): void {
    if (hit.time - this.parkedSince[task]! > this.shortestWait)
      this.tellWaitedFor(task, hit.time, hit.memory);
    this.parkedSince[task] = NaN;
    if (this.holdings.size === 0) return;
    this.close(task, hit.time);
    for (const holding of this.holdings.values()) {
      holding.polls++;
      holding.others.add(task);
    }
  }

  private endPoll(task: TaskIndex, payload: number, hit: TracepointHit): void {
    // Another executor has broken into a poll: what that poll holds cannot be told from what tasks keep.
    if (!this.candidates.has(task) || this.debuggee.taskEvents.polledTask !== undefined) return;
    const { result, suspension } = unpackPollEnd(payload);
    if (result === "ready") return;
    const look = this.looks.at(task, suspension);
    if (look === "none") return;
    const { memory, time } = hit;
    const kept = look === "waitable" ? undefined : this.keptBy(task, suspension, memory);
    if (kept?.hasWaitable !== false) this.parkedSince[task] = time;
    if (kept !== undefined && kept.blocking.length > 0) this.hold(task, time, kept.blocking, memory);
  }

  private keptBy(task: TaskIndex, suspension: SuspensionIndex, memory: MemoryView): Kept {
    let copy = this.copies.get(task);
    if (copy === undefined) this.copies.set(task, (copy = new KeptTask(this.debuggee, task, memory)));
    copy.copy();
    return this.shapes.at(task, suspension, copy, (recorded) => {
      const future = new RestingTask(this.debuggee, task, recorded, "shape").tree();
      if (future === undefined) return NOTHING;
      this.looks.learn(task, suspension, future);
      const reader = this.readerOf(recorded);
      const taken = this.takenIn(future, reader);
      return {
        blocking: taken.filter(({ lock }) => isBlocking(lock) && this.isHeld(lock, reader, recorded)),
        hasWaitable: taken.some(({ lock }) => !isBlocking(lock)),
      };
    });
  }

  /** Tells of guards that nobody can wait for, up to the next poll of the task that has them. */
  private hold(task: TaskIndex, since: Nanoseconds, found: readonly FoundGuard[], memory: MemoryView): void {
    const future = new RestingTask(this.debuggee, task, memory).tree();
    if (future === undefined) return;
    const reader = this.readerOf(memory);
    const guards = found.map((guard) => this.withTenure(guard, task, future, reader));
    const holding = { since, guards, polls: 0, others: new Set<TaskIndex>() };
    this.holdings.set(task, holding);
    guards.forEach((guard, i) => {
      const told = guardOccurrence({ task, guard, holding, to: since, waiters: [] }, this.debuggee);
      this.findings.begin(occasionOf(task, i), told);
    });
  }

  /** Tells of the guards of a task whose memory is as its last poll has left it, if somebody has waited for them. */
  private tellWaitedFor(task: TaskIndex, time: Nanoseconds, memory: MemoryView): void {
    const since = nanoseconds(this.parkedSince[task]!);
    if (!(time - since > this.shortestWait) || !this.hasWaiter(task, since, time, memory)) return;
    const future = new RestingTask(this.debuggee, task, memory).tree();
    if (future === undefined) return;
    const reader = this.readerOf(memory);
    for (const found of this.takenIn(future, reader)) {
      const { node, local, lock } = found;
      if (isBlocking(lock) || isAwaitOfGuarded(node, local, lock, reader)) continue;
      const waiters = this.waitersAt(lock, since, time, memory);
      if (waiters.length === 0) continue;
      const guard = this.withTenure(found, task, future, reader);
      const holding = { since, guards: [guard], polls: 0, others: new Set<TaskIndex>() };
      this.findings.add(guardOccurrence({ task, guard, holding, to: time, waiters }, this.debuggee));
    }
  }

  /** Whether another task may have waited for a lock for as long as it may be kept waiting. */
  private hasWaiter(holder: TaskIndex, since: number, time: Nanoseconds, memory: MemoryView): boolean {
    return this.debuggee.trace.tasks.some((_, row) => {
      const task = row as TaskIndex;
      return task !== holder && this.hasWaited(task, since, time) && this.mayBeAtLock(task, memory);
    });
  }

  /** Whether a task is suspended for longer than one may be kept waiting, the time before an instant not counted. */
  private hasWaited(task: TaskIndex, since: number, time: Nanoseconds): boolean {
    const suspendedSince = this.states.suspendedSince(task);
    return time - Math.max(suspendedSince, since) > this.thresholds.of(task).starvation;
  }

  /** What is awaited in one chain is the same each time that a task is suspended there. */
  private mayBeAtLock(task: TaskIndex, memory: MemoryView): boolean {
    const suspension = this.states.suspensionOf(task);
    if (suspension === UNKNOWN_SUSPENSION) return true;
    const future = () => new RestingTask(this.debuggee, task, memory).tree();
    return (this.mayAwaitLock[suspension] ??= canAwaitLock(future()));
  }

  /** Live guards whose lock says that it is taken. */
  private takenIn(future: FutureNode, reader: ValueReader): FoundGuard[] {
    const found: FoundGuard[] = [];
    const visit = (node: FutureNode) => {
      for (const local of node.locals) {
        if (local.liveness !== "live") continue;
        for (const lock of locksHeldIn(local.value, reader, this.options.guardTypes))
          if (lock.isTaken === true) found.push({ node, local, lock });
      }
      node.children.forEach(visit);
    };
    visit(future);
    return found;
  }

  private withTenure(guard: FoundGuard, row: TaskIndex, future: FutureNode, reader: ValueReader): HeldGuard {
    const { program } = this.debuggee.firmware;
    const context = { program, trace: this.debuggee.trace, reader };
    const tenure = lockTenure(guard.lock.address, { row, future }, context);
    const text = `${guard.local.name ?? "the guard"} is declared here`;
    const declared = tenure?.place ? [{ place: tenure.place, text }] : [];
    return { ...guard, declared, takenAt: tenure?.since ?? null };
  }

  /** Whether a guard that seems to be alive is. */
  private isHeld(lock: GuardedLock, reader: ValueReader, recorded: RecordedReads): boolean {
    // The bytes of a guard that was given back may still be there: of two, one at least is none.
    if (!lock.isExclusive || lock.meeting === "fails") return true;
    recorded.dependOnMore();
    const states = this.states.states();
    const tasks = inspectTasksIn(this.debuggee, reader.memory, { states });
    return holdersOf(lock.address, tasks, reader, this.options.guardTypes) === 1;
  }

  private readerOf(memory: MemoryView): ValueReader {
    return new ValueReader(memory, symbolsOf(this.debuggee.firmware.program));
  }

  private close(task: TaskIndex, time: Nanoseconds): void {
    const holding = this.holdings.get(task);
    if (holding === undefined) return;
    this.holdings.delete(task);
    holding.guards.forEach((guard, i) => {
      const told = guardOccurrence({ task, guard, holding, to: time, waiters: [] }, this.debuggee);
      this.findings.add(told, occasionOf(task, i));
    });
  }

  /** The tasks that have waited for a lock for as long as a task may be kept waiting. */
  private waitersAt(
    { address }: GuardedLock,
    heldSince: Nanoseconds,
    to: Nanoseconds,
    memory: MemoryView,
  ): LockWaiter[] {
    return this.debuggee.trace.tasks.flatMap((_, row) => {
      const task = row as TaskIndex;
      if (!this.hasWaited(task, heldSince, to)) return [];
      const future = new RestingTask(this.debuggee, task, memory).tree();
      const since = nanoseconds(Math.max(this.states.suspendedSince(task), heldSince));
      return future !== undefined && awaits(future, address) ? [{ task, since }] : [];
    });
  }
}

/** Whether a task may wait for a lock where it is suspended: a chain of awaits always ends at the same one. */
function canAwaitLock(node: FutureNode | undefined): boolean {
  if (node === undefined || node.children.length > 1 || node.note !== null) return true;
  const [child] = node.children;
  return child === undefined ? node.wait === null || MAY_BE_LOCK.has(node.wait.kind) : canAwaitLock(child);
}

/** Waits for what a guard gives back, and those of which it is not known. */
const MAY_BE_LOCK: ReadonlySet<WaitKind> = new Set(["mutex", "rwlock", "semaphore", "unknown"]);

function awaits({ wait, children }: FutureNode, lock: number): boolean {
  return wait?.object?.address === lock || children.some((child) => awaits(child, lock));
}

/** How many values of suspended tasks seem to be guards of a lock. */
function holdersOf(
  lock: number,
  tasks: readonly InspectedTask[],
  reader: ValueReader,
  listed: readonly string[],
): number {
  let holders = 0;
  const visit = ({ locals, children }: FutureNode) => {
    for (const { liveness, value } of locals) {
      if (liveness !== "live") continue;
      holders += locksHeldIn(value, reader, listed).filter(({ address }) => address === lock).length;
    }
    children.forEach(visit);
  };
  for (const { future } of tasks) if (future !== undefined) visit(future);
  return holders;
}

/** What a task keeps from one poll to the next. */
function occasionOf(task: TaskIndex, guard: number): string {
  return `guard-across-await:${task}:${guard}`;
}

/** Tasks whose futures have room for such a guard. */
function tasksThatMayHold({ trace, embassy, firmware }: Debuggee, listed: readonly string[]): Set<TaskIndex> {
  const { program } = firmware;
  const mayKeep = oncePerType((type) => keepsGuard(type, { program, listed, seen: new Set() }, DEEPEST));
  return new Set(
    trace.tasks.flatMap(({ address }, row) => {
      const body = embassy && poolOf(embassy, address)?.body;
      return body !== undefined && mayKeep(body.coroutine.type) ? [row as TaskIndex] : [];
    }),
  );
}

interface GuardSearch {
  readonly program: Program;
  readonly listed: readonly string[];
  readonly seen: Set<number>;
}

function keepsGuard(type: Type, search: GuardSearch, depth: number): boolean {
  const { program, listed, seen } = search;
  if (seen.has(type.offset) || depth === 0) return false;
  seen.add(type.offset);
  if (mayContainGuard(type) || mayContainListed(type, listed)) return true;
  const keeps = (part: Type) => keepsGuard(part, search, depth - 1);
  const body = program.asyncFunctions.ofType(type);
  if (body !== undefined) {
    return body.coroutine.states.some(
      ({ locals, awaitee }) =>
        locals.some((local) => keeps(local.type)) || (awaitee !== undefined && keeps(awaitee.type)),
    );
  }
  switch (type.kind) {
    case "struct":
    case "union":
      return type.members.some((member) => keeps(member.type));
    case "enum":
      return type.variants.some(({ payload }) => keeps(payload.type));
    case "array":
      return keeps(type.element);
    case "pointer":
    case "alias":
      return keeps(type.target);
    case "base":
    case "plain-enum":
    case "subroutine":
    case "unknown":
      return false;
  }
}
