import type { Nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import {
  EVENT_NAMES,
  EventKind,
  type TaskIndex,
  unpackDisplay,
  unpackPin,
  unpackPollEnd,
  unpackUart,
  unpackWakeSource,
} from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";
import { placeText, type ShowPath } from "./event-json";
import type { TextStyle } from "./style";

/** Bytes of a UART line that are kept before it is printed without its end. */
const LONGEST_UART_LINE = 120;

export interface EventLinesOptions {
  readonly style: TextStyle;
  readonly isWanted: (task: TaskIndex) => boolean;
  readonly showPath: ShowPath;
  /** Pins whose changes are left out. */
  readonly hiddenPins: ReadonlySet<number>;
}

/** Turns the events of a trace into lines for reading, one event after the other. */
export class EventLines {
  private readonly pollBegan = new Map<TaskIndex, Nanoseconds>();
  private readonly uartText = new Map<number, string>();
  private readonly nameWidth: number;

  private readonly style: TextStyle;

  constructor(
    private readonly trace: Trace,
    private readonly options: EventLinesOptions,
  ) {
    this.style = options.style;
    this.nameWidth = Math.max(12, ...trace.tasks.map(({ name }) => name.length));
  }

  /** The lines for a row: one, or none for an event that is left out or waits for the rest of its text. */
  line(row: number): string | undefined {
    const { events } = this.trace;
    const time = events.time(row);
    const kind = events.kind(row);
    const task = events.task(row);
    const payload = events.payload(row);
    if (kind === EventKind.PollBegin) this.pollBegan.set(task, time);
    if (!this.options.isWanted(task)) return undefined;
    if (kind === EventKind.Uart) return this.uartLine(time, payload);
    if (kind === EventKind.Pin && this.options.hiddenPins.has(unpackPin(payload).pin)) return undefined;
    const [subject, detail] = this.describe(kind, task, payload, time);
    return this.layOut(time, EVENT_NAMES[kind], subject, detail);
  }

  /** What UARTs have sent since their last end of line. */
  flush(time: Nanoseconds): string[] {
    const lines = [...this.uartText]
      .filter(([, text]) => text !== "")
      .map(([key, text]) => this.layOut(time, "uart", uartName(key), JSON.stringify(text)));
    this.uartText.clear();
    return lines;
  }

  private layOut(time: Nanoseconds, event: string, subject: string, detail: string): string {
    const { style } = this;
    const paint = PAINT[event] ?? "dim";
    const columns = [
      style.dim(formatInstant(time).padStart(15)),
      style[paint](event.padEnd(11)),
      detail === "" ? subject : subject.padEnd(this.nameWidth),
      detail,
    ];
    return columns.join("  ").trimEnd();
  }

  private describe(
    kind: EventKind,
    task: TaskIndex,
    payload: number,
    time: Nanoseconds,
  ): readonly [subject: string, detail: string] {
    const name = this.trace.tasks[task]?.name ?? "";
    switch (kind) {
      case EventKind.Spawn:
      case EventKind.Wake:
        return [name, `by ${this.source(payload)}`];
      case EventKind.PollEnd:
        return [name, this.pollEnd(task, payload, time)];
      case EventKind.IrqBegin:
      case EventKind.IrqEnd:
        return [this.trace.exceptionName(payload), ""];
      case EventKind.Pin: {
        const { pin, isHigh } = unpackPin(payload);
        return [`GP${pin}`, isHigh ? "high" : "low"];
      }
      case EventKind.Display: {
        const { part, text } = unpackDisplay(payload);
        return [this.trace.string(part), `shows ${JSON.stringify(this.trace.string(text))}`];
      }
      case EventKind.PollBegin:
      case EventKind.TaskEnd:
      case EventKind.SleepBegin:
      case EventKind.SleepEnd:
      case EventKind.Uart:
        return [name, ""];
    }
  }

  private source(payload: number): string {
    const source = unpackWakeSource(payload);
    if (source.kind === "irq") return this.trace.exceptionName(source.exception);
    if (source.kind === "task") return this.trace.tasks[source.task]?.name ?? "another task";
    return source.kind === "self" ? "itself" : "code outside any task";
  }

  private pollEnd(task: TaskIndex, payload: number, time: Nanoseconds): string {
    const began = this.pollBegan.get(task);
    const after = began === undefined ? "" : ` after ${formatDuration((time - began) as Nanoseconds)}`;
    const { result, suspension } = unpackPollEnd(payload);
    if (result === "ready") return this.style.green(`ready${after}`);
    const known = this.trace.suspension(suspension);
    const at = known?.place ? ` at ${placeText(known.place, this.options.showPath)}` : "";
    const awaiting = known?.awaiting ? `, awaiting ${known.awaiting}` : "";
    return `pending${after}${at}${awaiting}`;
  }

  /** Collects text until its line ends, so that a message is one line of the output. */
  private uartLine(time: Nanoseconds, payload: number): string | undefined {
    const { uart, byte, direction } = unpackUart(payload);
    const key = uart * 2 + (direction === "receive" ? 1 : 0);
    const text = (this.uartText.get(key) ?? "") + String.fromCharCode(byte);
    const isComplete = byte === 0x0a || text.length >= LONGEST_UART_LINE;
    this.uartText.set(key, isComplete ? "" : text);
    return isComplete ? this.layOut(time, "uart", uartName(key), JSON.stringify(text)) : undefined;
  }
}

function uartName(key: number): string {
  return `UART${key >> 1} ${key % 2 === 0 ? "sends" : "gets"}`;
}

const PAINT: Readonly<Record<string, keyof TextStyle>> = {
  spawn: "magenta",
  wake: "yellow",
  "poll-begin": "cyan",
  "poll-end": "cyan",
  "task-end": "magenta",
  pin: "green",
  uart: "green",
  display: "green",
};
