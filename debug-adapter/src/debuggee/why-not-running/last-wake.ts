import { formatInstant } from "../../base/duration";
import { eventWords } from "../../trace/event-words";
import { EventKind, type TaskIndex } from "../../trace/event";
import type { Trace } from "../../trace/trace";

/** What made a task ready last, in words: `woken by TIMER_IRQ_0 at 1.500 012 345 s`. Undefined if nothing has. */
export function lastWake(trace: Trace, task: TaskIndex): string | undefined {
  const { events } = trace;
  for (let row = events.length - 1; row >= 0; row--) {
    if (events.task(row) !== task) continue;
    const kind = events.kind(row);
    if (kind !== EventKind.Wake && kind !== EventKind.Spawn) continue;
    const { detail } = eventWords(trace, row, { placeText: () => "" });
    const verb = kind === EventKind.Wake ? "woken" : "spawned";
    return `${verb} ${detail} at ${formatInstant(events.time(row))} s`;
  }
  return undefined;
}
