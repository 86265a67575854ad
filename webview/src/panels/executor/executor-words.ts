import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type { ProtocolExecutor, ProtocolQueueEntry, ProtocolTimer } from "#adapter/protocol/executor";

/** `EXECUTOR_HIGH, in SWI_IRQ_1`, `Executor in thread mode`. */
export function executorName({ name, interrupt }: ProtocolExecutor): string {
  const mode = interrupt === null ? "in thread mode" : `in ${interrupt}`;
  const last = name?.split("::").findLast((part) => !part.startsWith("{"));
  return last === undefined ? `Executor ${mode}` : `${last}, ${mode}`;
}

/** `woken by TIMER_IRQ_0, ready for 12.00 us`. */
export function entryWords({ wokenBy, since, isArriving }: ProtocolQueueEntry, time: number): string {
  const made = wokenBy === null ? "spawned" : `woken by ${wokenBy}`;
  if (isArriving) return `${made} at this instant`;
  // On a board nobody has seen by whom, or when.
  if (since === null) return "ready";
  return `${made}, ready for ${formatDuration(nanoseconds(Math.max(0, time - since)))}`;
}

/** `in 312.0 ms`, `12.00 us ago`, `never`. */
export function dueWords({ dueAt }: ProtocolTimer, time: number): string {
  if (dueAt === null) return "never";
  const rest = dueAt - time;
  const length = formatDuration(nanoseconds(Math.abs(rest)));
  return rest < 0 ? `${length} ago` : `in ${length}`;
}

/** What is to be said of a timer besides; null for one that is awaited. */
export function timerNote({ isAwaited }: ProtocolTimer): string | null {
  return isAwaited === false ? "of an earlier wait: it wakes the task all the same" : null;
}

/** The rounds of a run queue, in their order, each with what is polled in it. */
export function rounds(
  queue: readonly ProtocolQueueEntry[],
): readonly { readonly title: string; readonly entries: readonly ProtocolQueueEntry[] }[] {
  return (["now", "this", "next"] as const)
    .map((round) => ({ title: ROUND_TITLES[round], entries: queue.filter((each) => each.round === round) }))
    .filter(({ entries }) => entries.length > 0);
}

const ROUND_TITLES: Readonly<Record<ProtocolQueueEntry["round"], string>> = {
  now: "About to be polled",
  this: "In this round",
  next: "In the next round",
};
