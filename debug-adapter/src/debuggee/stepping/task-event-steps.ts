import { formatInstant } from "../../base/duration";
import type { TaskEvent } from "../../executor/task-events";
import { EventKind, type TaskIndex } from "../../trace/event";
import { eventWords, sourceWords } from "../../trace/event-words";
import type { Trace } from "../../trace/trace";
import type { Movement } from "../run-control/movement";
import { stepped } from "./run-to-goals";
import type { StepSource } from "./step-origin";

/** To the beginning of the next poll, of whichever task. */
export function toNextPoll(source: StepSource): Movement {
  return toEvent(source, ({ kind }) => kind === EventKind.PollBegin);
}

/** To the next wake, of whichever task. */
export function toNextWake(source: StepSource): Movement {
  return toEvent(source, ({ kind }) => kind === EventKind.Wake);
}

/** To the end of the poll that is under way; if there is none, of the next. */
export function toPollEnd(source: StepSource): Movement {
  return (runner) => {
    const { polledTask } = source.taskEvents;
    const isEnd = ({ kind, task }: TaskEvent) =>
      kind === EventKind.PollEnd && (polledTask === undefined || task === polledTask);
    return toEvent(source, isEnd)(runner);
  };
}

/** To whatever a task does next, or is done to it: spawn, wake, poll, end. */
export function toNextEventOf(task: TaskIndex, source: StepSource): Movement {
  return toEvent(source, (event) => event.task === task);
}

function toEvent({ trace }: StepSource, isWanted: (event: TaskEvent) => boolean): Movement {
  return async (runner) => {
    const end = await runner.runTo([], { onTaskEvent: isWanted });
    switch (end.kind) {
      case "task-event":
        return stepped(textOf(trace, end.event));
      case "reached":
        return stepped(undefined);
      case "stopped":
        return end.cause;
    }
  };
}

/** What has happened: the event is the last row of its task in the trace. */
function textOf(trace: Trace, { kind, task, payload }: TaskEvent): string {
  const { events } = trace;
  const name = trace.tasks[task]?.name ?? "a task";
  const row = lastRow(trace, task, (other) => other === kind);
  const at = `at ${formatInstant(events.time(row))} s`;
  switch (kind) {
    case EventKind.PollBegin:
      return `poll ${pollCount(trace, task)} of ${name} begins${causeOf(trace, task)}`;
    case EventKind.PollEnd: {
      const placeText = ({ file, line }: { file: string; line: number }) => `${fileName(file)}:${line}`;
      const { detail } = eventWords(trace, row, { placeText });
      return `poll ${pollCount(trace, task)} of ${name} ends: ${detail}`;
    }
    case EventKind.Wake:
      return `${name} woken by ${sourceWords(trace, payload)} ${at}`;
    case EventKind.Spawn:
      return `${name} spawned by ${sourceWords(trace, payload)} ${at}`;
    default:
      return `${name} has ended`;
  }
}

/** By what and when the task was woken, or spawned, for the poll that begins. */
function causeOf(trace: Trace, task: TaskIndex): string {
  const row = lastRow(trace, task, (kind) => kind === EventKind.Wake || kind === EventKind.Spawn);
  if (row < 0) return "";
  const verb = trace.events.kind(row) === EventKind.Wake ? "woken" : "spawned";
  const source = sourceWords(trace, trace.events.payload(row));
  return `, ${verb} by ${source} at ${formatInstant(trace.events.time(row))} s`;
}

/** The last row of a task of a kind, or -1. */
function lastRow({ events }: Trace, task: TaskIndex, isWanted: (kind: EventKind) => boolean): number {
  let row = events.length - 1;
  while (row >= 0 && !(events.task(row) === task && isWanted(events.kind(row)))) row--;
  return row;
}

/** Polls since the last spawn: a slot may have been used by others before. */
function pollCount({ events }: Trace, task: TaskIndex): number {
  let count = 0;
  for (let row = events.length - 1; row >= 0; row--) {
    if (events.task(row) !== task) continue;
    const kind = events.kind(row);
    if (kind === EventKind.Spawn) break;
    if (kind === EventKind.PollBegin) count++;
  }
  return count;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
