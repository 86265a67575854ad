import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import {
  EVENT_NAMES,
  EventKind,
  type EventName,
  type TaskIndex,
  unpackDisplay,
  unpackPin,
  unpackPollEnd,
  unpackUart,
  unpackWakeSource,
} from "#adapter/trace/event";
import type { SourcePlace, Trace } from "#adapter/trace/trace";
import { formatPlace } from "../format";

/** An event in words. */
export interface EventText {
  readonly event: EventName;
  /** The task it concerns; or the interrupt, pin, UART or part. */
  readonly subject: string;
  readonly detail: string;
}

/** Puts the events of a trace into words, those of any row at any time. */
export class EventTexts {
  constructor(
    private readonly trace: Trace,
    private readonly uartMessages: ReadonlyMap<number, string>,
    /** Left out where a path starts with it. */
    private readonly folder: string,
  ) {}

  /** Row `row` in words. */
  text(row: number): EventText {
    return this.words(row, this.trace.events.kind(row) === EventKind.PollEnd ? this.afterText(row) : "");
  }

  /**
   * Row `row` in words without how long it took: but for a UART message, rows of one kind, task and payload
   * have the same words.
   */
  timelessText(row: number): EventText {
    return this.words(row, "");
  }

  private words(row: number, after: string): EventText {
    const { events } = this.trace;
    const kind = events.kind(row);
    const payload = events.payload(row);
    const event = EVENT_NAMES[kind];
    if (kind === EventKind.Uart) {
      const { uart, direction } = unpackUart(payload);
      const subject = `UART${uart} ${direction === "transmit" ? "sends" : "gets"}`;
      return { event, subject, detail: JSON.stringify(this.uartMessages.get(row) ?? "") };
    }
    const name = this.trace.tasks[events.task(row)]?.name ?? "";
    return { event, ...this.describe(kind, name, payload, after) };
  }

  private describe(
    kind: EventKind,
    name: string,
    payload: number,
    after: string,
  ): { subject: string; detail: string } {
    const { trace } = this;
    switch (kind) {
      case EventKind.Spawn:
      case EventKind.Wake:
        return { subject: name, detail: `by ${this.source(payload)}` };
      case EventKind.PollEnd:
        return { subject: name, detail: this.pollEnd(payload, after) };
      case EventKind.IrqBegin:
      case EventKind.IrqEnd:
        return { subject: trace.exceptionName(payload), detail: "" };
      case EventKind.Pin: {
        const { pin, isHigh } = unpackPin(payload);
        return { subject: `GP${pin}`, detail: isHigh ? "high" : "low" };
      }
      case EventKind.Display: {
        const { part, text } = unpackDisplay(payload);
        return { subject: trace.string(part), detail: `shows ${JSON.stringify(trace.string(text))}` };
      }
      default:
        return { subject: name, detail: "" };
    }
  }

  private source(payload: number): string {
    const source = unpackWakeSource(payload);
    if (source.kind === "irq") return this.trace.exceptionName(source.exception);
    if (source.kind === "task") return this.trace.tasks[source.task]?.name ?? "another task";
    return source.kind === "self" ? "itself" : "code outside any task";
  }

  private pollEnd(payload: number, after: string): string {
    const { result, suspension } = unpackPollEnd(payload);
    if (result === "ready") return result + after;
    const known = this.trace.suspension(suspension);
    const at = known?.place ? ` at ${this.place(known.place)}` : "";
    const awaiting = known?.awaiting ? `, awaiting ${known.awaiting}` : "";
    return `${result}${after}${at}${awaiting}`;
  }

  private place(place: SourcePlace): string {
    const text = formatPlace(place);
    return text.startsWith(this.folder) ? text.slice(this.folder.length) : text;
  }

  private afterText(row: number): string {
    const began = this.pollBegin(row);
    if (began === undefined) return "";
    const { events } = this.trace;
    return ` after ${formatDuration(nanoseconds(events.time(row) - events.time(began)))}`;
  }

  /** The row where the poll that ends at `row` began: a task's polls do not nest, so the nearest one before. */
  private pollBegin(row: number): number | undefined {
    const { events } = this.trace;
    const task: TaskIndex = events.task(row);
    for (let before = row - 1; before >= 0; before--) {
      if (events.task(before) !== task) continue;
      const kind = events.kind(before);
      if (kind === EventKind.PollBegin) return before;
      if (kind === EventKind.PollEnd) return undefined;
    }
    return undefined;
  }
}
