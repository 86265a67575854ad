import { formatInstant } from "../../base/duration";
import type { Nanoseconds } from "../../base/brand";
import type { FutureNode } from "../../futures/await-tree";
import { locksHeldIn } from "../../futures/guards";
import { mayBeAlive, type SavedValue } from "../../futures/saved-values";
import { type Place, placeOf } from "../../futures/suspension";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { CoroutineState } from "../../symbols/types/coroutine";
import { EventKind, type TaskIndex, unpackPollEnd } from "../../trace/event";
import type { Trace } from "../../trace/trace";
import type { ValueReader } from "../../values/reader";

/** How a task has come to hold a lock, as far as it is known. */
export interface LockTenure {
  /** The variable that keeps the guard, or null for a value without a name. */
  readonly variable: string | null;
  /** Where that variable is declared; null if several have its name. */
  readonly place: Place | null;
  /** When the poll began that took the lock; null if that is not known. */
  readonly since: Nanoseconds | null;
  /** Whether `since` is only the latest it can be: it may have been held before. */
  readonly isAtLeast: boolean;
  /** The future of the holder's that keeps it, if nobody polls that one now: its name, and where it is parked. */
  readonly unpolled: { readonly name: string; readonly place: Place | null } | null;
}

/** Looks for the guard of the lock at an address in what a suspended task keeps. Undefined if there is none. */
export function lockTenure(
  lock: number,
  holder: { readonly row: TaskIndex; readonly future: FutureNode },
  {
    program,
    trace,
    reader,
  }: { readonly program: Program; readonly trace: Trace; readonly reader: ValueReader },
): LockTenure | undefined {
  const found = findGuard(holder.future, 0, lock, reader);
  const body = found && program.asyncFunctions.ofType(found.node.value.type);
  if (found === undefined || body === undefined) return undefined;
  const { local, node, depth, unpolled } = found;
  const places = local.name === null ? [] : (body.body?.declarationsOf(local.name) ?? []);
  const holding = statesWith(body, local, node);
  const begun = depth === null ? undefined : firstPoll(holder.row, { body, depth, holding }, trace);
  return {
    variable: local.name,
    place: places.length === 1 ? placeOf(places[0]) : null,
    since: begun?.since ?? null,
    isAtLeast: begun?.isAtLeast ?? false,
    unpolled: unpolled === null ? null : { name: unpolled.name, place: unpolled.place },
  };
}

/** As words that follow the holder's name: ` as bus since its poll at 0.898 s`. */
export function tenureWords({ variable, since, isAtLeast, unpolled }: LockTenure): string {
  const whose = unpolled === null ? "" : ` of ${unpolled.name}, which nobody polls now`;
  const as = variable === null ? whose : ` as ${variable}${whose}`;
  if (since === null) return as;
  return `${as} since ${isAtLeast ? "at least " : ""}its poll at ${formatInstant(since)} s`;
}

interface FoundGuard {
  readonly node: FutureNode;
  readonly local: SavedValue;
  /** How many awaits from the task's own function; null beside the chain that the trace tells of. */
  readonly depth: number | null;
  /** The future around it that a variable keeps and nobody polls now. */
  readonly unpolled: FutureNode | null;
}

function findGuard(
  node: FutureNode,
  depth: number | null,
  lock: number,
  reader: ValueReader,
): FoundGuard | undefined {
  const local = node.locals.find(
    ({ value, liveness }) =>
      mayBeAlive(liveness) && locksHeldIn(value, reader).some(({ address }) => address === lock),
  );
  if (local !== undefined) return { node, local, depth, unpolled: null };
  const below = depth === null || node.state !== "suspended" ? null : depth + 1;
  for (const child of node.children) {
    const found = findGuard(child, below, lock, reader);
    if (found !== undefined) return found;
  }
  for (const kept of node.kept) {
    const found = findGuard(kept, null, lock, reader);
    if (found !== undefined) return { ...found, unpolled: kept };
  }
  return undefined;
}

/** The suspend points at which the guard is kept. */
function statesWith({ coroutine }: AsyncFunction, local: SavedValue, node: FutureNode): CoroutineState[] {
  const offset = local.address - (node.address ?? 0);
  return coroutine.states.filter(
    ({ kind, locals }) =>
      kind === "suspended" && locals.some((each) => each.offset === offset && each.type.name === local.type),
  );
}

interface Chain {
  readonly body: AsyncFunction;
  readonly depth: number;
  readonly holding: readonly CoroutineState[];
}

/**
 * Goes back through the polls for as long as each ended at a suspend point where the guard is kept, and nearer to the
 * function's begin than the next: a function that has come to one of them again may have let go in between.
 */
function firstPoll(
  task: TaskIndex,
  chain: Chain,
  trace: Trace,
): { readonly since: Nanoseconds; readonly isAtLeast: boolean } | undefined {
  const { events } = trace;
  let since: Nanoseconds | undefined;
  let next = Infinity;
  for (let row = events.length - 1; row >= 0; row--) {
    if (events.task(row) !== task) continue;
    const kind = events.kind(row);
    if (kind === EventKind.Spawn) break;
    if (kind === EventKind.PollEnd) {
      const { result, suspension: index } = unpackPollEnd(events.payload(row));
      const end = result === "ready" ? "none" : stateAt(trace.suspension(index)?.frames[chain.depth], chain);
      if (end === "none") break;
      if (end === "unknown" || (end.suspendPoint ?? 0) >= next) {
        return since === undefined ? undefined : { since, isAtLeast: true };
      }
      next = end.suspendPoint ?? 0;
    } else if (kind === EventKind.PollBegin && next < Infinity) {
      since = events.time(row);
    }
  }
  return since === undefined ? undefined : { since, isAtLeast: false };
}

/** The suspend point that a poll ended at, if the guard is kept there; two on one line cannot be told apart. */
function stateAt(
  frame: { readonly function: string; readonly place: Place | null } | undefined,
  { body, holding }: Chain,
): CoroutineState | "none" | "unknown" {
  if (frame?.function !== body.name) return "none";
  if (frame.place === null) return "unknown";
  const { line } = frame.place;
  const here = body.coroutine.states.filter(
    ({ kind, place }) => kind === "suspended" && place?.line === line,
  );
  const [state, other] = here;
  if (state === undefined) return "unknown";
  if (other !== undefined) return here.some((each) => holding.includes(each)) ? "unknown" : "none";
  return holding.includes(state) ? state : "none";
}
