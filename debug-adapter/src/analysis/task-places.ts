import { NO_TASK, type TaskIndex, unpackPollEnd } from "../trace/event";
import type { SourcePlace, Trace } from "../trace/trace";

/** A task's name for a reader. */
export function taskName(trace: Trace, task: TaskIndex): string {
  return task === NO_TASK ? "code outside any task" : (trace.tasks[task]?.name ?? `task ${task}`);
}

/** Where a poll has ended, from the payload of its end: its await, or null where that is not known. */
export function endPlace(trace: Trace, payload: number): SourcePlace | null {
  return trace.suspension(unpackPollEnd(payload).suspension)?.place ?? null;
}

/** Where a task was left by the poll whose end's payload is given; of one that has ended no poll, where it is declared. */
export function leftPlace(trace: Trace, task: TaskIndex, end: number | undefined): SourcePlace | null {
  const ended = end === undefined ? null : endPlace(trace, end);
  return ended ?? trace.tasks[task]?.place ?? null;
}

/** What a task awaits since a poll has ended so, as `Timer`; null where that is not known. */
export function endAwaiting(trace: Trace, payload: number): string | null {
  return trace.suspension(unpackPollEnd(payload).suspension)?.awaiting ?? null;
}

/** The last part of a path, with the line: `hog.rs:31`. */
export function shortPlace({ file, line }: SourcePlace): string {
  return `${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}

/** A place as part of a key. */
export function placeKey(place: SourcePlace | null): string {
  return place === null ? "?" : `${place.file}:${place.line}`;
}
