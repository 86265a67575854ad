import type { Nanoseconds } from "../../base/brand";
import { formatInstant } from "../../base/duration";
import type { TaskEvent } from "../../executor/task-events";
import { EventKind } from "../../trace/event";
import { eventWords, sourceWords } from "../../trace/event-words";
import type { Trace } from "../../trace/trace";

/**
 * What has happened to a task, for the one who looks at the stop: `poll 14 of blink_task begins, woken by TIMER_IRQ_0
 * at 3.250 034 s`. The event is the last of its task in the trace.
 */
export function taskEventWords({ kind, task, payload }: TaskEvent, trace: Trace): string {
  const name = trace.tasks[task]?.name ?? "a task";
  const by = () =>
    `by ${sourceWords(trace, payload)} at ${formatInstant(trace.events.time(trace.events.length - 1))} s`;
  switch (kind) {
    case EventKind.Spawn:
      return `${name} spawned ${by()}`;
    case EventKind.Wake:
      return `${name} woken ${by()}`;
    case EventKind.PollBegin:
      return `poll ${countOf(trace, kind, task)} of ${name} begins${readiedBy(trace, task)}`;
    case EventKind.PollEnd:
      return `poll ${countOf(trace, EventKind.PollBegin, task)} of ${name} ends: ${lastDetail(trace)}`;
    case EventKind.TaskEnd:
      return `${name} ends`;
    default:
      return name;
  }
}

/** How often something has happened to a task so far. */
function countOf({ events }: Trace, kind: EventKind, task: number): number {
  let count = 0;
  for (let row = 0; row < events.length; row++) {
    if (events.kind(row) === kind && events.task(row) === task) count++;
  }
  return count;
}

/** What has made the task ready for the poll that begins: the first wake, or the spawn, since its last poll. */
function readiedBy(trace: Trace, task: number): string {
  const { events } = trace;
  let found: { readonly verb: string; readonly row: number } | undefined;
  for (let row = events.length - 2; row >= 0; row--) {
    if (events.task(row) !== task) continue;
    const kind = events.kind(row);
    if (kind === EventKind.PollBegin) break;
    if (kind === EventKind.Wake) found = { verb: "woken", row };
    if (kind !== EventKind.Spawn) continue;
    found = { verb: "spawned", row };
    break;
  }
  if (found === undefined) return "";
  const time: Nanoseconds = events.time(found.row);
  return `, ${found.verb} by ${sourceWords(trace, events.payload(found.row))} at ${formatInstant(time)} s`;
}

function lastDetail(trace: Trace): string {
  const placeText = ({ file, line }: { file: string; line: number }) =>
    `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
  return eventWords(trace, trace.events.length - 1, { placeText }).detail;
}
