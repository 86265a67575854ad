import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import {
  EVENT_NAMES,
  EventKind,
  NO_TASK,
  type TaskIndex,
  unpackPin,
  unpackPollEnd,
  unpackUart,
} from "#adapter/trace/event";
import { eventWords } from "#adapter/trace/event-words";
import type { LogLine } from "#adapter/logs/log-line";
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
  /** What each line of each UART has carried since its last end of line, by its name. */
  private readonly uartText = new Map<string, string>();
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
    if (kind === EventKind.Uart) return this.uartLine(row);
    if (kind === EventKind.Pin && this.options.hiddenPins.has(unpackPin(payload).pin)) return undefined;
    const began = this.pollBegan.get(task);
    const words = eventWords(this.trace, row, {
      placeText: (place) => placeText(place, this.options.showPath),
      pollTime: began === undefined ? undefined : nanoseconds(time - began),
    });
    const isReady = kind === EventKind.PollEnd && unpackPollEnd(payload).result === "ready";
    const detail = isReady ? this.style.green(words.detail) : words.detail;
    return this.layOut(time, EVENT_NAMES[kind], words.subject, detail);
  }

  /** The line for a message of the firmware; none where only the events of one task are wanted. */
  log({ time, level, text, place }: LogLine): string | undefined {
    if (!this.options.isWanted(NO_TASK)) return undefined;
    const { style, options } = this;
    const where = place === null ? "" : `  ${style.dim(placeText(place, options.showPath))}`;
    const shown = level === "error" ? style.red(text) : level === "warn" ? style.yellow(text) : text;
    return this.layOut(time, "log", level ?? "", shown.replaceAll("\n", "\\n") + where);
  }

  /** What UARTs have sent since their last end of line. */
  flush(time: Nanoseconds): string[] {
    const lines = [...this.uartText]
      .filter(([, text]) => text !== "")
      .map(([subject, text]) => this.layOut(time, "uart", subject, JSON.stringify(text)));
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

  /** Collects text until its line ends, so that a message is one line of the output. */
  private uartLine(row: number): string | undefined {
    const { events } = this.trace;
    const { byte } = unpackUart(events.payload(row));
    const { subject } = eventWords(this.trace, row, { placeText: () => "" });
    const text = (this.uartText.get(subject) ?? "") + String.fromCharCode(byte);
    const isComplete = byte === 0x0a || text.length >= LONGEST_UART_LINE;
    this.uartText.set(subject, isComplete ? "" : text);
    return isComplete ? this.layOut(events.time(row), "uart", subject, JSON.stringify(text)) : undefined;
  }
}

const PAINT: Readonly<Record<string, keyof TextStyle>> = {
  spawn: "magenta",
  wake: "yellow",
  "poll-begin": "cyan",
  "poll-end": "cyan",
  "task-end": "magenta",
  pin: "green",
  uart: "green",
  log: "blue",
  display: "green",
};
