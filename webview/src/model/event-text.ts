import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { EVENT_NAMES, EventKind, type EventName, type TaskIndex } from "#adapter/trace/event";
import { eventWords } from "#adapter/trace/event-words";
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
    return this.words(row, this.pollTime(row));
  }

  /**
   * Row `row` in words without how long it took: but for a UART message, rows of one kind, task and payload
   * have the same words.
   */
  timelessText(row: number): EventText {
    return this.words(row, undefined);
  }

  private words(row: number, pollTime: Nanoseconds | undefined): EventText {
    const kind = this.trace.events.kind(row);
    const words = eventWords(this.trace, row, { placeText: (place) => this.place(place), pollTime });
    const event = EVENT_NAMES[kind];
    if (kind !== EventKind.Uart) return { event, ...words };
    return { event, subject: words.subject, detail: JSON.stringify(this.uartMessages.get(row) ?? "") };
  }

  private place(place: SourcePlace): string {
    const text = formatPlace(place);
    return text.startsWith(this.folder) ? text.slice(this.folder.length) : text;
  }

  /** For a poll-end: how long the poll took. A task's polls do not nest, so it began at the nearest one before. */
  private pollTime(row: number): Nanoseconds | undefined {
    const { events } = this.trace;
    if (events.kind(row) !== EventKind.PollEnd) return undefined;
    const task: TaskIndex = events.task(row);
    for (let before = row - 1; before >= 0; before--) {
      if (events.task(before) !== task) continue;
      const kind = events.kind(before);
      if (kind === EventKind.PollBegin) return nanoseconds(events.time(row) - events.time(before));
      if (kind === EventKind.PollEnd) return undefined;
    }
    return undefined;
  }
}
