import { EventKind, NO_TASK, type TaskIndex, unpackLock, unpackPin, unpackWakeSource } from "../event";
import type { Trace } from "../trace";
import { CoreSegments } from "./core-segments";
import { SegmentColumns } from "./segment-columns";
import { TaskSegments } from "./task-segments";
import {
  ByteSegment,
  DisplaySegment,
  familyOf,
  InterruptSegment,
  PinSegment,
  type TrackSubject,
} from "./track";
import { WakeColumns } from "./wake-columns";

/** One line of the timeline: what one thing did, as segments. */
export interface Track {
  readonly subject: TrackSubject;
  readonly segments: SegmentColumns;
}

/** The track of the core, which is always there. */
export const CORE_TRACK = 0;

/**
 * A trace as tracks, made from its events as they come: live, or piece by piece from a file.
 * Tracks are numbered in the order in which they first show up; a number stays.
 */
export class Timeline {
  readonly tracks: Track[] = [];
  readonly wakes = new WakeColumns();
  private readonly core = new CoreSegments();
  private readonly tasks: (TaskSegments | undefined)[] = [];
  private readonly numbers = new Map<number, number>();
  private rowsRead = 0;

  constructor(readonly trace: Trace) {
    this.addTrack({ kind: "core" }, this.core.segments);
  }

  /** How many events are in the tracks. */
  get rows(): number {
    return this.rowsRead;
  }

  /** Bytes of memory that the tracks use, beside those of the events. */
  get byteLength(): number {
    return this.tracks.reduce((sum, { segments }) => sum + segments.byteLength, this.wakes.byteLength);
  }

  /**
   * Reads what has been added to the trace, at most `limit` events.
   * @returns whether all has been read
   */
  catchUp(limit = Infinity): boolean {
    const { events } = this.trace;
    const end = Math.min(events.length, this.rowsRead + limit);
    for (let row = this.rowsRead; row < end; row++) {
      this.add(events.time(row), events.kind(row), events.task(row), events.payload(row), row);
    }
    this.rowsRead = end;
    return end === events.length;
  }

  /** The track of a task; undefined as long as nothing has happened to it. */
  trackOfTask(task: TaskIndex): number | undefined {
    return this.numbers.get(keyOf("task", task));
  }

  trackOfInterrupt(exception: number): number | undefined {
    return this.numbers.get(keyOf("interrupt", exception));
  }

  /** The track that an event is shown on. */
  trackOfRow(row: number): number {
    const { events } = this.trace;
    const payload = events.payload(row);
    switch (events.kind(row)) {
      case EventKind.IrqBegin:
      case EventKind.IrqEnd:
        return this.trackOfInterrupt(payload) ?? CORE_TRACK;
      case EventKind.Lock:
        return this.numbers.get(keyOf("lock", unpackLock(payload).lock)) ?? CORE_TRACK;
      case EventKind.Pin:
        return this.numbers.get(keyOf("pin", payload & 0xff)) ?? CORE_TRACK;
      case EventKind.Uart:
        return this.numbers.get(keyOf("uart", payload >>> 8)) ?? CORE_TRACK;
      case EventKind.Display:
        return this.numbers.get(keyOf("display", payload >>> 16)) ?? CORE_TRACK;
      case EventKind.SleepBegin:
      case EventKind.SleepEnd:
        return CORE_TRACK;
      default:
        return this.trackOfTask(events.task(row)) ?? CORE_TRACK;
    }
  }

  /** Where a wake came from, from its payload: the track, or undefined if that has none. */
  trackOfSource(task: TaskIndex, payload: number): number | undefined {
    const source = unpackWakeSource(payload);
    switch (source.kind) {
      case "irq":
        return this.trackOfInterrupt(source.exception);
      case "task":
        return this.trackOfTask(source.task);
      case "self":
        return this.trackOfTask(task);
      case "main":
        return CORE_TRACK;
    }
  }

  private add(time: number, kind: EventKind, task: TaskIndex, payload: number, row: number): void {
    switch (kind) {
      case EventKind.Spawn:
      case EventKind.Wake:
      case EventKind.PollBegin:
      case EventKind.PollEnd:
      case EventKind.TaskEnd:
        this.addTaskEvent(time, kind, task, payload, row);
        break;
      case EventKind.IrqBegin:
      case EventKind.IrqEnd:
        this.core.add(time, kind, task, row);
        this.addInterrupt(time, kind, payload, row);
        break;
      case EventKind.SleepBegin:
      case EventKind.SleepEnd:
        this.core.add(time, kind, task, row);
        break;
      case EventKind.Lock:
        this.addLock(time, payload, row);
        break;
      case EventKind.Pin:
        this.segmentsOf("pin", payload & 0xff).append(time, pinLevel(payload), row);
        break;
      case EventKind.Uart:
        this.segmentsOf("uart", payload >>> 8).append(time, ByteSegment.Byte, row);
        break;
      case EventKind.Display:
        this.segmentsOf("display", payload >>> 16).append(time, DisplaySegment.Shown, row);
        break;
    }
  }

  private addTaskEvent(time: number, kind: EventKind, task: TaskIndex, payload: number, row: number): void {
    this.core.add(time, kind, task, row);
    if (task === NO_TASK || task >= this.trace.tasks.length) return;
    let segments = this.tasks[task];
    if (segments === undefined) {
      segments = new TaskSegments();
      this.tasks[task] = segments;
      this.numbers.set(keyOf("task", task), this.addTrack({ kind: "task", task }, segments.segments));
    }
    segments.add(time, kind, payload, row);
    if (kind === EventKind.Spawn || kind === EventKind.Wake) this.wakes.addWake(task, row);
    else if (kind === EventKind.PollBegin) this.wakes.addPoll(task, row);
  }

  private addInterrupt(time: number, kind: EventKind, exception: number, row: number): void {
    const state = kind === EventKind.IrqBegin ? InterruptSegment.Running : InterruptSegment.Idle;
    this.segmentsOf("interrupt", exception).append(time, state, row);
  }

  private addLock(time: number, payload: number, row: number): void {
    const { change, lock } = unpackLock(payload);
    this.segmentsOf("lock", lock).append(time, change, row);
  }

  private segmentsOf(kind: NumberedKind, id: number): SegmentColumns {
    const known = this.numbers.get(keyOf(kind, id));
    if (known !== undefined) return this.tracks[known]!.segments;
    const segments = new SegmentColumns(familyOf(kind).kinds);
    this.numbers.set(keyOf(kind, id), this.addTrack(subjectOf(kind, id), segments));
    return segments;
  }

  private addTrack(subject: TrackSubject, segments: SegmentColumns): number {
    return this.tracks.push({ subject, segments }) - 1;
  }
}

/** What has one track for each of several numbers. */
type NumberedKind = Exclude<TrackSubject["kind"], "core">;

const CODES: Readonly<Record<NumberedKind, number>> = {
  task: 0,
  interrupt: 1,
  pin: 2,
  uart: 3,
  display: 4,
  lock: 5,
};

function keyOf(kind: NumberedKind, id: number): number {
  return CODES[kind] * 2 ** 32 + id;
}

/** @param id the number of the task, exception, pin, part or name; of a UART twice its number, and one more for what it gets */
function subjectOf(kind: NumberedKind, id: number): TrackSubject {
  switch (kind) {
    case "task":
      return { kind, task: id as TaskIndex };
    case "interrupt":
      return { kind, exception: id };
    case "lock":
      return { kind, lock: id };
    case "pin":
      return { kind, pin: id };
    case "uart":
      return { kind, uart: id >>> 1, direction: (id & 1) === 0 ? "transmit" : "receive" };
    case "display":
      return { kind, part: id };
  }
}

function pinLevel(payload: number): number {
  return unpackPin(payload).isHigh ? PinSegment.High : PinSegment.Low;
}
