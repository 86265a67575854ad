import type { Nanoseconds } from "../base/brand";
import { formatDuration } from "../base/duration";
import {
  EventKind,
  LockChange,
  NO_TASK,
  unpackDisplay,
  unpackLock,
  unpackPin,
  unpackPollEnd,
  unpackUart,
  unpackWakeSource,
  type TaskIndex,
  type WakeSource,
} from "./event";
import type { SourcePlace, Trace } from "./trace";

/** An event as a person reads it, wherever it is shown. */
export interface EventWords {
  /** The task it concerns; or the interrupt, pin, UART or part. */
  readonly subject: string;
  /** What there is to say of it beyond its name, or "". */
  readonly detail: string;
}

export interface EventWordsOptions {
  /** How a place in the source is written. */
  readonly placeText: (place: SourcePlace) => string;
  /** For a poll-end: how long the poll took, if that is to be told. */
  readonly pollTime?: Nanoseconds | undefined;
}

/** Row `row` of a trace in words. A UART's row is one byte; messages are for the caller to put together. */
export function eventWords(trace: Trace, row: number, options: EventWordsOptions): EventWords {
  const { events } = trace;
  const payload = events.payload(row);
  const subject = trace.tasks[events.task(row)]?.name ?? "";
  switch (events.kind(row)) {
    case EventKind.Spawn:
    case EventKind.Wake:
      return { subject, detail: `by ${sourceWords(trace, payload)}` };
    case EventKind.PollEnd:
      return { subject, detail: pollEndWords(trace, payload, options) };
    case EventKind.IrqBegin:
    case EventKind.IrqEnd:
      return { subject: trace.exceptionName(payload), detail: "" };
    case EventKind.Pin: {
      const { pin, isHigh } = unpackPin(payload);
      return { subject: `GP${pin}`, detail: isHigh ? "high" : "low" };
    }
    case EventKind.Uart: {
      const { uart, byte, direction } = unpackUart(payload);
      const verb = direction === "transmit" ? "sends" : "gets";
      return { subject: `UART${uart} ${verb}`, detail: JSON.stringify(String.fromCharCode(byte)) };
    }
    case EventKind.Display: {
      const { part, text } = unpackDisplay(payload);
      return { subject: trace.string(part), detail: `shows ${JSON.stringify(trace.string(text))}` };
    }
    case EventKind.Lock:
      return { subject: trace.string(unpackLock(payload).lock), detail: lockWords(trace, row) };
    case EventKind.PollBegin:
    case EventKind.TaskEnd:
    case EventKind.SleepBegin:
    case EventKind.SleepEnd:
      return { subject, detail: "" };
  }
}

/** What has happened to a lock: `taken by log_task`, `awaited by log_task, held by main`, `free, given back by log_task`. */
export function lockWords(trace: Trace, row: number): string {
  const { change, holder } = unpackLock(trace.events.payload(row));
  const name = (task: TaskIndex) =>
    task === NO_TASK ? "code outside any task" : (trace.tasks[task]?.name ?? "a task");
  const actor = name(trace.events.task(row));
  switch (change) {
    case LockChange.Taken:
      return `taken by ${actor}`;
    case LockChange.Awaited:
      return `awaited by ${actor}, held by ${name(holder)}`;
    default:
      return `free, given back by ${actor}`;
  }
}

/** The code that woke or spawned a task, from the payload of such an event. */
export function sourceWords(trace: Trace, payload: number): string {
  return wakeSourceWords(trace, unpackWakeSource(payload));
}

/** The code that woke or spawned a task: `TIMER_IRQ_0`, `producer_task`, `itself`, `code outside any task`. */
export function wakeSourceWords(trace: Trace, source: WakeSource): string {
  switch (source.kind) {
    case "irq":
      return trace.exceptionName(source.exception);
    case "task":
      return trace.tasks[source.task]?.name ?? "another task";
    case "self":
      return "itself";
    case "main":
      return "code outside any task";
  }
}

function pollEndWords(trace: Trace, payload: number, { placeText, pollTime }: EventWordsOptions): string {
  const { result, suspension } = unpackPollEnd(payload);
  const after = pollTime === undefined ? "" : ` after ${formatDuration(pollTime)}`;
  if (result === "ready") return result + after;
  if (result === "unknown") return `result not known${after}`;
  const known = trace.suspension(suspension);
  const at = known?.place ? ` at ${placeText(known.place)}` : "";
  const awaiting = known?.awaiting ? `, awaiting ${known.awaiting}` : "";
  return `${result}${after}${at}${awaiting}`;
}
