import { type Nanoseconds, nanoseconds } from "../../base/brand";
import type { FutureNode } from "../../futures/await-tree";
import { findTimerEntry } from "../../executor/embassy/own-structures";
import { NEVER_DUE, timeUntil } from "../../futures/timer-ticks";
import { timerNow } from "../../futures/timer-now";
import { queuedTimer } from "../../futures/waker-holders/queued-timer";
import type { TaskIndex } from "../../trace/event";
import type { Inspection } from "../inspection";

/** An entry of the queue of timers: a task is in it at most once, with the soonest of what it waits for. */
export interface TimerEntryView {
  readonly task: TaskIndex;
  /** In virtual time, to a microsecond; null for one that is never due. */
  readonly dueAt: Nanoseconds | null;
  /**
   * Whether the task awaits a timer now: one of an earlier wait stays in the queue, and wakes the task all the same.
   * Null while the task is polled, and where its future is not known.
   */
  readonly isAwaited: boolean | null;
}

/** The queue of timers by due time. The reason why it is not known is a clause for a reader. */
export type TimerQueueView =
  | { readonly kind: "known"; readonly entries: readonly TimerEntryView[] }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Reads embassy-time's queue of timers, whose entries lie in the headers of the tasks. Entries that are due at the same
 * instant are in the order in which they are linked, which is the one they are woken in.
 */
export function timerQueue({ debuggee, tasks, reader }: Inspection): TimerQueueView {
  const { firmware, trace, target } = debuggee;
  const layout = findTimerEntry(firmware.program);
  if (layout === undefined) {
    return unknown("the program has no timers of embassy-time, or keeps them elsewhere than in its tasks");
  }
  const now = timerNow(reader.memory);
  if (now === undefined) return unknown("the timer's counter cannot be read");
  const entries: LinkedEntry[] = [];
  for (const [row, { address }] of trace.tasks.entries()) {
    const at = address + layout.offset;
    const entry = reader.at(layout.type, at);
    const timer = queuedTimer(entry, reader);
    if (timer === undefined) return unknown("its entries are not laid out as expected");
    if (timer.kind === "not-queued") continue;
    const dueAt =
      timer.due === NEVER_DUE ? null : nanoseconds(Math.round(target.now) + timeUntil(timer.due, now));
    const future = tasks[row]?.future;
    const isAwaited = future === undefined ? null : awaitsTimer(future);
    const next = reader.unsigned(reader.member(entry, "next"));
    entries.push({ task: row as TaskIndex, dueAt, isAwaited, at, next: Number(next ?? 0n) });
  }
  const places = linkedPlaces(entries);
  entries.sort(
    (a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || places.get(a.at)! - places.get(b.at)!,
  );
  return {
    kind: "known",
    entries: entries.map(({ task, dueAt, isAwaited }) => ({ task, dueAt, isAwaited })),
  };
}

function awaitsTimer({ wait, children }: FutureNode): boolean {
  return wait?.kind === "timer" || children.some(awaitsTimer);
}

interface LinkedEntry extends TimerEntryView {
  /** Where it lies, and which is linked behind it. */
  readonly at: number;
  readonly next: number;
}

/** How far each entry is from the head of the list; those that no link leads to come first. */
function linkedPlaces(entries: readonly LinkedEntry[]): Map<number, number> {
  const byAddress = new Map(entries.map((each) => [each.at, each]));
  const linked = new Set(entries.map(({ next }) => next));
  const places = new Map<number, number>();
  for (const first of entries.filter(({ at }) => !linked.has(at))) {
    for (let each: LinkedEntry | undefined = first; each !== undefined; each = byAddress.get(each.next)) {
      if (places.has(each.at)) break;
      places.set(each.at, places.size);
    }
  }
  // Only damaged links leave any.
  for (const { at } of entries) if (!places.has(at)) places.set(at, places.size);
  return places;
}

function unknown(reason: string): TimerQueueView {
  return { kind: "unknown", reason };
}
