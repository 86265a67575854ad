import { nanoseconds, type Nanoseconds } from "../../base/brand";
import { formatDuration, formatInstant } from "../../base/duration";
import type { Occurrence } from "../../analysis/finding";
import { placeKey } from "../../analysis/task-places";
import { type GuardedLock, isBlocking } from "../../futures/guarded-lock";
import type { TaskIndex } from "../../trace/event";
import { symbolsOf } from "../../values/symbol-lookup";
import { shortName } from "../../values/type-words";
import type { Debuggee } from "../debuggee";
import type { HeldGuard, Holding, LockWaiter } from "./held-guard";

/** Tasks that ran meanwhile and are named. */
const MOST_NAMED = 4;

/** A guard that was kept, up to an instant. */
export interface KeptGuard {
  readonly task: TaskIndex;
  readonly guard: HeldGuard;
  readonly holding: Holding;
  readonly to: Nanoseconds;
  /** The tasks that are suspended until the lock is free. */
  readonly waiters: readonly LockWaiter[];
}

/** A finding of a guard that is kept across an await. */
export function guardOccurrence(kept: KeptGuard, { trace, firmware }: Debuggee): Occurrence {
  const { task, guard, holding, to, waiters } = kept;
  const { node, local, lock, declared, takenAt } = guard;
  const { since, others } = holding;
  const { place } = node;
  const name = (each: TaskIndex) => trace.tasks[each]!.name;
  const variable = local.name ?? "a value without a name";
  const time = to === since ? "" : ` for ${formatDuration(nanoseconds(to - since))}`;
  const lockName = symbolsOf(firmware.program).staticAt(lock.address)?.name;
  const where = lockName === undefined ? "" : ` (in ${lockName})`;
  const taken =
    takenAt === null ? [] : [`it was taken in the poll that began at ${formatInstant(takenAt)} s`];
  const met = isBlocking(lock) ? metWords(kept, name) : waiters.map((each) => waiterWords(each, to, name));
  return {
    key: `guard-across-await:${task}:${placeKey(place)}:${local.name ?? local.address}`,
    weight: to - since,
    kind: "guard-across-await",
    severity: isBlocking(lock) ? "error" : "note",
    title: `${name(task)} keeps ${variable}, a guard of ${article(lock)}, across this await`,
    tasks: [task, ...(isBlocking(lock) ? others : waiters.map((each) => each.task))],
    span: { from: since, to },
    place: place ?? trace.tasks[task]!.place,
    related: declared,
    evidence: [
      `suspended at ${formatInstant(since)} s${time} with ${variable}: ${shortName(local.value.type) || local.type} alive; ${stateWords(lock)}${where}`,
      ...taken,
      ...met,
    ],
    remedy: isBlocking(lock) ? BLOCKING_REMEDY : WAITING_REMEDY,
  };
}

function article({ lockWords }: GuardedLock): string {
  return `${/^[aeiou]/.test(lockWords) ? "an" : "a"} ${lockWords}`;
}

/** What the lock itself says. */
function stateWords({ meeting }: GuardedLock): string {
  return meeting === "fails"
    ? "the cell's own count says that it is borrowed"
    : "the lock's own state says that it is taken";
}

function metWords({ guard: { lock }, holding, to }: KeptGuard, name: (task: TaskIndex) => string): string[] {
  const { since, polls, others } = holding;
  if (to === since) return [];
  if (polls === 0) return ["no other task was polled meanwhile"];
  const named = [...others].slice(0, MOST_NAMED).map(name);
  const more = others.size > MOST_NAMED ? ` and ${others.size - MOST_NAMED} more` : "";
  const times = `${polls} ${polls === 1 ? "poll" : "polls"}`;
  return [`meanwhile ${named.join(", ")}${more} ran in ${times}: ${consequence(lock)}`];
}

function consequence({ meeting, isExclusive }: GuardedLock): string {
  if (meeting === "fails")
    return `${isExclusive ? "any borrow" : "a borrow_mut"} in them panics, and its try_ form fails`;
  return `${isExclusive ? "a lock of it" : "a write lock of it"} in them waits for ever, and keeps the core`;
}

function waiterWords(
  { task, since }: LockWaiter,
  to: Nanoseconds,
  name: (task: TaskIndex) => string,
): string {
  return `${name(task)} waited for it for ${formatDuration(nanoseconds(to - since))}, while what is awaited has nothing to do with what it guards`;
}

const BLOCKING_REMEDY =
  "end the guard's scope before the await: copy what is needed out of a block, or `drop` it; to keep it, use an async Mutex, which others can wait for";

const WAITING_REMEDY =
  "give the lock back before an await that does not need it, and take it again after; if others are meant to wait, all is well";
