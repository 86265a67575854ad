import {
  EVENT_NAMES,
  EventKind,
  LockChange,
  NO_TASK,
  type TaskIndex,
  unpackDisplay,
  unpackLock,
  unpackPin,
  unpackPollEnd,
  unpackUart,
  unpackWakeSource,
} from "#adapter/trace/event";
import type { SourcePlace, Trace } from "#adapter/trace/trace";

/** One event as `pollscope trace --json` prints it; README.md describes the fields. */
export type EventJson = Readonly<Record<string, unknown>> & {
  readonly time_ns: number;
  readonly event: string;
};

/** How a source path is shown to the user. */
export type ShowPath = (path: string) => string;

/** Row `row` of a trace as an object with only the fields that its kind of event has. */
export function eventJson(trace: Trace, row: number, showPath: ShowPath): EventJson {
  const { events } = trace;
  const kind = events.kind(row);
  const task = events.task(row);
  return {
    time_ns: events.time(row),
    event: EVENT_NAMES[kind],
    ...(task === NO_TASK ? {} : { task: taskName(trace, task) }),
    ...detail(trace, kind, events.payload(row), showPath),
  };
}

/** A place as `file:line`. */
export function placeText({ file, line }: SourcePlace, showPath: ShowPath): string {
  return `${showPath(file)}:${line}`;
}

function taskName(trace: Trace, task: TaskIndex): string {
  return trace.tasks[task]?.name ?? `task ${task}`;
}

function detail(trace: Trace, kind: EventKind, payload: number, showPath: ShowPath): Record<string, unknown> {
  switch (kind) {
    case EventKind.Spawn:
    case EventKind.Wake:
      return { source: sourceJson(trace, payload) };
    case EventKind.PollEnd:
      return pollEndJson(trace, payload, showPath);
    case EventKind.IrqBegin:
    case EventKind.IrqEnd:
      return { irq: trace.exceptionName(payload) };
    case EventKind.Pin: {
      const { pin, isHigh } = unpackPin(payload);
      return { pin, level: isHigh ? 1 : 0 };
    }
    case EventKind.Uart: {
      const { uart, byte, direction } = unpackUart(payload);
      return { uart, direction, byte, text: String.fromCharCode(byte) };
    }
    case EventKind.Display: {
      const { part, text } = unpackDisplay(payload);
      return { part: trace.string(part), text: trace.string(text) };
    }
    case EventKind.Lock:
      return lockJson(trace, payload);
    case EventKind.PollBegin:
    case EventKind.TaskEnd:
    case EventKind.SleepBegin:
    case EventKind.SleepEnd:
      return {};
  }
}

/** Whose change it is stands under `task`. */
function lockJson(trace: Trace, payload: number): Record<string, unknown> {
  const { change, lock, holder } = unpackLock(payload);
  return {
    lock: trace.string(lock),
    change: change === LockChange.Taken ? "taken" : change === LockChange.Awaited ? "awaited" : "free",
    holder: holder === NO_TASK ? null : taskName(trace, holder),
  };
}

function sourceJson(trace: Trace, payload: number): { kind: string; name: string } {
  const source = unpackWakeSource(payload);
  switch (source.kind) {
    case "irq":
      return { kind: source.kind, name: trace.exceptionName(source.exception) };
    case "task":
      return { kind: source.kind, name: taskName(trace, source.task) };
    case "self":
    case "main":
      return { kind: source.kind, name: source.kind };
  }
}

function pollEndJson(trace: Trace, payload: number, showPath: ShowPath): Record<string, unknown> {
  const { result, suspension } = unpackPollEnd(payload);
  const known = trace.suspension(suspension);
  if (result === "ready" || known === undefined) return { result };
  return {
    result,
    at: known.place === null ? null : placeText(known.place, showPath),
    awaiting: known.awaiting,
    chain: known.frames.map((frame) => ({
      function: frame.function,
      at: frame.place === null ? null : placeText(frame.place, showPath),
    })),
  };
}
