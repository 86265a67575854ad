import { nanoseconds, type Nanoseconds } from "../../base/brand";
import { formatDuration, formatInstant } from "../../base/duration";
import type { FindingList, RelatedPlace } from "../../analysis/finding";
import type { FutureNode } from "../../futures/await-tree";
import { locksHeldIn, mayContainBlockingGuard } from "../../futures/guards";
import type { SavedValue } from "../../futures/saved-values";
import type { Program } from "../../symbols/program";
import type { Type } from "../../symbols/types/type";
import type { MemoryView, TracepointHit } from "../../target/target";
import { EventKind, type TaskIndex } from "../../trace/event";
import { ValueReader } from "../../values/reader";
import { symbolsOf } from "../../values/symbol-lookup";
import { oncePerType } from "../../values/once-per-type";
import { shortName } from "../../values/type-words";
import type { Debuggee } from "../debuggee";
import { inspectTasksIn, poolOf } from "../inspect-tasks";
import type { TaskHistory } from "../task-history";
import { lockTenure } from "../why-not-running/lock-tenure";

/** Types in types that are searched for futures that may keep a guard. */
const DEEPEST = 24;

/** Tasks that ran meanwhile and are named. */
const MOST_NAMED = 4;

/** A guard that a suspended task keeps, since it was suspended. */
interface HeldGuard {
  readonly node: FutureNode;
  readonly local: SavedValue;
  readonly lock: number;
  readonly isExclusive: boolean;
  readonly declared: RelatedPlace[];
}

/** What is kept by a task from the end of one poll to the begin of its next. */
interface Holding {
  readonly since: Nanoseconds;
  readonly guards: readonly HeldGuard[];
  /** Polls of other tasks in the meantime. */
  polls: number;
  readonly others: Set<TaskIndex>;
}

/**
 * Guards of locks that nobody can wait for, kept across an await: seen in memory at the end of each poll, and only where
 * drop flags and the lock's own state leave no doubt that the guard is alive.
 */
export class HeldGuards {
  private readonly candidates: ReadonlySet<TaskIndex>;
  private readonly holdings = new Map<TaskIndex, Holding>();

  constructor(
    private readonly debuggee: Debuggee,
    private readonly history: TaskHistory,
    private readonly findings: FindingList,
  ) {
    this.candidates = tasksThatMayHold(debuggee);
    if (this.candidates.size === 0) return;
    debuggee.taskEvents.listen(({ kind, task }, hit) => {
      if (kind === EventKind.PollBegin) this.beginPoll(task, hit.time);
      else if (kind === EventKind.PollEnd) this.endPoll(task, hit);
      return false;
    });
  }

  /** Counts guards that are still held at an instant, as the run ends. */
  finish(endTime: Nanoseconds): void {
    for (const task of [...this.holdings.keys()]) this.close(task, endTime);
  }

  private beginPoll(task: TaskIndex, time: Nanoseconds): void {
    this.close(task, time);
    for (const holding of this.holdings.values()) {
      holding.polls++;
      holding.others.add(task);
    }
  }

  private endPoll(task: TaskIndex, { memory, time }: TracepointHit): void {
    // Another executor has broken into a poll: what that poll holds cannot be told from what tasks keep.
    if (!this.candidates.has(task) || this.history.polledTasks().length > 0) return;
    const guards = this.guardsOf(task, memory);
    if (guards.length > 0) this.holdings.set(task, { since: time, guards, polls: 0, others: new Set() });
  }

  private guardsOf(task: TaskIndex, memory: MemoryView): HeldGuard[] {
    const { program } = this.debuggee.firmware;
    const states = this.history.states();
    const future = inspectTasksIn(this.debuggee, memory, { states })[task]?.future;
    if (future === undefined) return [];
    const reader = new ValueReader(memory, symbolsOf(program));
    const found: HeldGuard[] = [];
    const visit = (node: FutureNode) => {
      for (const local of node.locals) {
        if (local.liveness !== "live") continue;
        for (const { address: lock, isBlocking, isTaken, isExclusive } of locksHeldIn(local.value, reader)) {
          if (!isBlocking || isTaken !== true) continue;
          const context = { program, trace: this.debuggee.trace, reader };
          const place = lockTenure(lock, { row: task, future }, context)?.place ?? null;
          const text = `${local.name ?? "the guard"} is declared here`;
          found.push({ node, local, lock, isExclusive, declared: place === null ? [] : [{ place, text }] });
        }
      }
      node.children.forEach(visit);
    };
    visit(future);
    return found;
  }

  private close(task: TaskIndex, to: Nanoseconds): void {
    const holding = this.holdings.get(task);
    if (holding === undefined) return;
    this.holdings.delete(task);
    for (const guard of holding.guards) this.report(task, guard, holding, to);
  }

  private report(
    task: TaskIndex,
    { node, local, lock, isExclusive, declared }: HeldGuard,
    { since, polls, others }: Holding,
    to: Nanoseconds,
  ): void {
    const { trace, firmware } = this.debuggee;
    const time = formatDuration(nanoseconds(to - since));
    const { place } = node;
    const variable = local.name ?? "a value without a name";
    const lockName = symbolsOf(firmware.program).staticAt(lock)?.name;
    const named = [...others].slice(0, MOST_NAMED).map((each) => trace.tasks[each]!.name);
    const more = others.size > MOST_NAMED ? ` and ${others.size - MOST_NAMED} more` : "";
    const names = named.join(", ") + more;
    const met =
      polls === 0
        ? "no other task was polled meanwhile"
        : `meanwhile ${names} ran in ${polls} ${polls === 1 ? "poll" : "polls"}: ${isExclusive ? "any borrow" : "a borrow_mut"} in them panics, and its try_ form fails`;
    this.findings.add({
      key: `guard-across-await:${task}:${place === null ? "?" : `${place.file}:${place.line}`}:${local.name ?? local.address}`,
      weight: to - since,
      kind: "guard-across-await",
      severity: "error",
      title: `${trace.tasks[task]!.name} keeps ${variable}, a guard of a RefCell, across this await`,
      tasks: [task, ...others],
      span: { from: since, to },
      place: place ?? trace.tasks[task]!.place,
      related: declared,
      evidence: [
        `suspended at ${formatInstant(since)} s for ${time} with ${variable}: ${shortName(local.value.type)} alive; the cell's own count says that it is borrowed${lockName === undefined ? "" : ` (in ${lockName})`}`,
        met,
      ],
      remedy:
        "end the guard's scope before the await: copy what is needed out of a block, or `drop` it; to keep it, use an async Mutex, which others can wait for",
    });
  }
}

/** Tasks whose futures have room for such a guard. */
function tasksThatMayHold({ trace, embassy, firmware }: Debuggee): Set<TaskIndex> {
  const { program } = firmware;
  const mayKeep = oncePerType((type) => keepsGuard(type, program, new Set(), DEEPEST));
  return new Set(
    trace.tasks.flatMap(({ address }, row) => {
      const body = embassy && poolOf(embassy, address)?.body;
      return body !== undefined && mayKeep(body.coroutine.type) ? [row as TaskIndex] : [];
    }),
  );
}

function keepsGuard(type: Type, program: Program, seen: Set<number>, depth: number): boolean {
  if (seen.has(type.offset) || depth === 0) return false;
  seen.add(type.offset);
  if (mayContainBlockingGuard(type)) return true;
  const keeps = (part: Type) => keepsGuard(part, program, seen, depth - 1);
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
