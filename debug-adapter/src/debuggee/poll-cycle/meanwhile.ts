import { EventKind, type TaskIndex } from "../../trace/event";
import type { Trace } from "../../trace/trace";

/** More rows than this are not read: who waits that long is told the first of it. */
const MOST_ROWS = 20_000;

/** So many polls are told by name. */
const MOST_NAMES = 3;

/**
 * What the core did between two rows of a trace, while a task was ready: `handled TIMER_IRQ_0, polled heartbeat_task`.
 * Empty if it did nothing else.
 */
export function meanwhile(
  trace: Trace,
  task: TaskIndex,
  { after, before }: { readonly after: number; readonly before: number },
): string {
  const { events } = trace;
  const polls = new Set<string>();
  const interrupts = new Set<string>();
  let wokeUp = false;
  for (let row = after + 1; row < Math.min(before, after + MOST_ROWS); row++) {
    const kind = events.kind(row);
    if (kind === EventKind.SleepEnd) wokeUp = true;
    else if (kind === EventKind.IrqBegin) interrupts.add(trace.exceptionName(events.payload(row)));
    else if (kind === EventKind.PollBegin && events.task(row) !== task)
      polls.add(trace.tasks[events.task(row)]?.name ?? "another task");
  }
  return [
    ...(wokeUp ? ["ended its sleep"] : []),
    ...(interrupts.size > 0 ? [`handled ${listed([...interrupts])}`] : []),
    ...(polls.size > 0 ? [`polled ${listed([...polls])}`] : []),
  ].join(", ");
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES);
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
