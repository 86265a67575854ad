import { EventKind, NO_TASK, type TaskIndex, unpackPin, unpackUart } from "../../trace/event";
import { eventWords } from "../../trace/event-words";
import type { Trace } from "../../trace/trace";

/** Something that happened while a task was polled. */
export interface PollEffect {
  readonly time: number;
  readonly title: string;
  /** The line is about another task's waker. */
  readonly isWake: boolean;
}

export interface PollEffects {
  readonly effects: readonly PollEffect[];
  /** How many more there were. */
  readonly omitted: number;
}

/** So many are told. */
const MOST_EFFECTS = 6;

/** A poll that goes on and on is not read to its end. */
const MOST_ROWS = 20_000;

/** What happened between two rows of a trace besides the poll of a task itself. A UART's bytes are put together. */
export function pollEffects(
  trace: Trace,
  task: TaskIndex,
  { after, before }: { readonly after: number; readonly before: number },
): PollEffects {
  const found: { time: number; title: string; isWake: boolean }[] = [];
  let message: { readonly uart: string; text: string } | undefined;
  let omitted = 0;
  for (let row = after + 1; row < Math.min(before, after + MOST_ROWS); row++) {
    const said = uartByte(trace, row);
    if (said !== undefined && message?.uart === said.uart) {
      message.text += said.text;
      const last = found.at(-1);
      if (last !== undefined) last.title = messageTitle(message);
      continue;
    }
    const title = said === undefined ? effectTitle(trace, task, row) : messageTitle(said);
    if (title === undefined) continue;
    message = said;
    const isWake = trace.events.kind(row) === EventKind.Wake;
    if (found.length < MOST_EFFECTS) found.push({ time: trace.events.time(row), title, isWake });
    else {
      omitted++;
      message = undefined;
    }
  }
  return { effects: found, omitted };
}

function uartByte(trace: Trace, row: number): { readonly uart: string; text: string } | undefined {
  if (trace.events.kind(row) !== EventKind.Uart) return undefined;
  const { uart, byte, direction } = unpackUart(trace.events.payload(row));
  const verb = direction === "transmit" ? "sends" : "gets";
  return { uart: `UART${uart} ${verb}`, text: String.fromCharCode(byte) };
}

function messageTitle({ uart, text }: { readonly uart: string; readonly text: string }): string {
  const shown = text.length <= 40 ? text : `${text.slice(0, 40)}…`;
  return `${uart} ${JSON.stringify(shown)}`;
}

/** Undefined for what is no news to a reader: the ends of what has a beginning. */
function effectTitle(trace: Trace, task: TaskIndex, row: number): string | undefined {
  const { events } = trace;
  const { subject, detail } = eventWords(trace, row, { placeText: () => "" });
  switch (events.kind(row)) {
    case EventKind.Pin: {
      const { pin, isHigh } = unpackPin(events.payload(row));
      return `GP${pin} goes ${isHigh ? "high" : "low"}`;
    }
    case EventKind.Wake:
      return events.task(row) === task
        ? `it is woken ${detail}: once the poll has returned it is ready again`
        : `${subject} is woken ${detail}`;
    case EventKind.Spawn:
      return `${subject} is spawned ${detail}`;
    case EventKind.IrqBegin:
      return `${subject} breaks in`;
    case EventKind.PollBegin:
      return events.task(row) === NO_TASK ? undefined : `an interrupt's executor polls ${subject} in between`;
    case EventKind.Display:
      return `${subject} ${detail}`;
    default:
      return undefined;
  }
}
