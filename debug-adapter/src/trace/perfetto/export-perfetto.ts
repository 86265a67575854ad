import { EventKind, unpackPollEnd, unpackWakeSource } from "../event";
import { wakeSourceWords } from "../event-words";
import type { SourcePlace, Trace } from "../trace";
import { byteText, segmentLabel, shortPlace, suspensionOf, suspensionText } from "../timeline/segment-label";
import { Timeline, type Track } from "../timeline/timeline";
import {
  CoreSegment,
  familyOf,
  InterruptSegment,
  LockSegment,
  PinSegment,
  TaskSegment,
  trackName,
} from "../timeline/track";
import { NONE } from "../timeline/wake-columns";
import { ProtoWriter } from "./proto-writer";

// Field numbers of Perfetto's protos/perfetto/trace: trace_packet.proto, track_event/*.proto.
const TRACE_PACKET = 1;
const PACKET = { timestamp: 8, sequence: 10, event: 11, flags: 13, descriptor: 60 } as const;
const DESCRIPTOR = { uuid: 1, name: 2, process: 3, parent: 5, counter: 8, ordering: 11, rank: 12 } as const;
const PROCESS = { pid: 1, name: 6 } as const;
const EVENT = {
  annotation: 4,
  type: 9,
  track: 11,
  category: 22,
  name: 23,
  counter: 30,
  flow: 47,
  flowEnd: 48,
} as const;
const ANNOTATION = { text: 6, name: 10 } as const;
const SLICE_BEGIN = 1;
const SLICE_END = 2;
const INSTANT = 3;
const COUNTER = 4;
const EXPLICIT_ORDER = 3;
/** SEQ_INCREMENTAL_STATE_CLEARED: nothing before a sequence's first packet is needed to read it. */
const STATE_CLEARED = 1;

const FIRMWARE = 1;
/** Sequences of packets: the descriptions, the wakes, and one for each track from FIRST_TRACK on. */
const DESCRIPTIONS = 1;
const WAKES = 2;
const FIRST_TRACK = 100;

/** Bytes after which a piece is handed out. */
const PIECE = 1 << 20;

/** What an event of a track is, beside when and where. */
interface EventParts {
  readonly type: number;
  readonly name?: string;
  readonly category?: string;
  readonly notes?: readonly (readonly [name: string, text: string])[];
  readonly value?: number;
  readonly flow?: number;
  readonly flowEnd?: number;
}

/**
 * A trace as Perfetto's own binary form (a `Trace` message of track events), piece by piece: a track for each of the
 * timeline, slices with what is known of them, and flows from wakes to polls. Times are nanoseconds since power-on.
 * @param name what the tracks stand under: the name of the firmware
 */
export function* perfettoTrace(trace: Trace, name: string): Generator<Uint8Array, void> {
  const timeline = new Timeline(trace);
  timeline.catchUp();
  const writer = new PerfettoWriter(timeline, trace.endTime);
  writer.describe(name);
  for (const [number, track] of timeline.tracks.entries()) {
    for (let index = 0; index < track.segments.length; index++) {
      writer.segment(number, track, index);
      if (writer.size > PIECE) yield writer.take();
    }
  }
  writer.wakes();
  yield writer.take();
}

class PerfettoWriter {
  private readonly proto = new ProtoWriter();
  private readonly flowsOfPolls = new Map<number, number>();
  private readonly begun = new Set<number>();

  constructor(
    private readonly timeline: Timeline,
    private readonly endTime: number,
  ) {
    const { wakes } = timeline;
    for (let wake = 0; wake < wakes.length; wake++) {
      const poll = wakes.pollRow(wake);
      if (poll !== NONE) this.flowsOfPolls.set(poll, wake + 1);
    }
  }

  get size(): number {
    return this.proto.size;
  }

  take(): Uint8Array {
    return this.proto.take();
  }

  /** The firmware, and its tracks in the order in which they first show up. */
  describe(name: string): void {
    const { proto } = this;
    this.packet(DESCRIPTIONS, () => {
      proto.message(PACKET.descriptor, () => {
        proto.number(DESCRIPTOR.uuid, FIRMWARE);
        proto.message(DESCRIPTOR.process, () => {
          proto.number(PROCESS.pid, FIRMWARE);
          proto.text(PROCESS.name, name);
        });
        proto.number(DESCRIPTOR.ordering, EXPLICIT_ORDER);
      });
    });
    for (const [number, { subject }] of this.timeline.tracks.entries()) {
      this.packet(DESCRIPTIONS, () => {
        proto.message(PACKET.descriptor, () => {
          proto.number(DESCRIPTOR.uuid, FIRST_TRACK + number);
          proto.number(DESCRIPTOR.parent, FIRMWARE);
          proto.text(DESCRIPTOR.name, trackName(this.timeline.trace, subject));
          if (subject.kind === "pin") proto.message(DESCRIPTOR.counter, () => undefined);
          proto.number(DESCRIPTOR.rank, number);
        });
      });
    }
  }

  segment(number: number, track: Track, index: number): void {
    const { segments, subject } = track;
    const start = segments.start(index);
    const parts = this.partsOf(track, index);
    if (parts === undefined) return;
    this.event(number, start, parts);
    if (parts.type !== SLICE_BEGIN) return;
    const isOpen = index === segments.length - 1 && !familyOf(subject.kind).isInstant;
    // What goes on where the trace ends has no end in Perfetto, either.
    if (!isOpen) this.event(number, segments.end(index, this.endTime), { type: SLICE_END });
  }

  /** Each wake where it came from, with a flow to the poll that it has led to. */
  wakes(): void {
    const { wakes, trace } = this.timeline;
    const { events } = trace;
    for (let wake = 0; wake < wakes.length; wake++) {
      const row = wakes.row(wake);
      const task = events.task(row);
      const source = unpackWakeSource(events.payload(row));
      const track = this.timeline.trackOfSource(task, events.payload(row)) ?? this.timeline.trackOfTask(task);
      if (track === undefined) continue;
      const verb = events.kind(row) === EventKind.Spawn ? "spawn" : "wake";
      this.event(track, events.time(row), {
        type: INSTANT,
        name: `${verb} ${trace.tasks[task]?.name ?? ""}`,
        category: verb,
        notes: [["by", wakeSourceWords(trace, source)]],
        ...(wakes.pollRow(wake) !== NONE && { flow: wake + 1 }),
      });
    }
  }

  private partsOf(track: Track, index: number): EventParts | undefined {
    const { segments, subject } = track;
    const { trace } = this.timeline;
    const kind = segments.kind(index);
    const payload = trace.events.payload(segments.row(index));
    switch (subject.kind) {
      case "task":
        return this.taskParts(track, index);
      case "core":
        return this.coreParts(track, index);
      case "interrupt":
        return kind === InterruptSegment.Running
          ? { type: SLICE_BEGIN, name: "handler", category: "interrupt" }
          : undefined;
      case "lock": {
        if (kind === LockSegment.Free) return undefined;
        const name = segmentLabel(this.timeline, track, index, this.endTime);
        return { type: SLICE_BEGIN, name, category: "lock" };
      }
      case "pin":
        return { type: COUNTER, value: kind === PinSegment.High ? 1 : 0 };
      case "uart":
        return { type: INSTANT, name: byteText(payload), category: "uart" };
      case "display":
        return { type: SLICE_BEGIN, name: trace.string(payload & 0xffff), category: "display" };
    }
  }

  private taskParts(track: Track, index: number): EventParts | undefined {
    const { segments } = track;
    const kind = segments.kind(index);
    switch (kind) {
      case TaskSegment.Absent:
        return undefined;
      case TaskSegment.Ready:
        return { type: SLICE_BEGIN, name: "ready", category: "ready" };
      case TaskSegment.Suspended: {
        const suspension = suspensionOf(this.timeline, track, index);
        const name = suspension === undefined ? "" : suspensionText(suspension);
        return {
          type: SLICE_BEGIN,
          name: name === "" ? "suspended" : name,
          category: "suspended",
          notes: placeNotes(suspension?.place ?? null),
        };
      }
      default:
        return this.pollParts(track, index);
    }
  }

  private pollParts(track: Track, index: number): EventParts {
    const { segments } = track;
    const flowEnd = this.flowsOfPolls.get(segments.row(index));
    const next = index + 1 < segments.length ? segments.row(index + 1) : undefined;
    const { events } = this.timeline.trace;
    const hasEnd = next !== undefined && events.kind(next) === EventKind.PollEnd;
    const result = hasEnd ? unpackPollEnd(events.payload(next)).result : "unknown";
    const suspension = hasEnd ? suspensionOf(this.timeline, track, index + 1) : undefined;
    return {
      type: SLICE_BEGIN,
      name: "poll",
      category: "poll",
      notes: [["result", result], ...placeNotes(suspension?.place ?? null)],
      ...(flowEnd !== undefined && { flowEnd }),
    };
  }

  private coreParts({ segments }: Track, index: number): EventParts | undefined {
    const { trace } = this.timeline;
    const row = segments.row(index);
    switch (segments.kind(index)) {
      case CoreSegment.Polling:
        return {
          type: SLICE_BEGIN,
          name: trace.tasks[trace.events.task(row)]?.name ?? "poll",
          category: "poll",
        };
      case CoreSegment.Interrupt:
        return {
          type: SLICE_BEGIN,
          name: trace.exceptionName(trace.events.payload(row)),
          category: "interrupt",
        };
      case CoreSegment.Scheduling:
        return { type: SLICE_BEGIN, name: "executor", category: "executor" };
      case CoreSegment.Asleep:
        return { type: SLICE_BEGIN, name: "asleep", category: "sleep" };
      default:
        return { type: SLICE_BEGIN, name: "start-up", category: "executor" };
    }
  }

  private event(number: number, time: number, parts: EventParts): void {
    const { proto } = this;
    const { type, name, category, notes = [], value, flow, flowEnd } = parts;
    // A sequence for each track, so that within a sequence time never goes back; wakes come last, in one of their own.
    const sequence = category === "wake" || category === "spawn" ? WAKES : FIRST_TRACK + number;
    this.packet(sequence, () => {
      proto.number(PACKET.timestamp, Math.max(0, Math.round(time)));
      proto.message(PACKET.event, () => {
        for (const [key, text] of notes) {
          proto.message(EVENT.annotation, () => {
            proto.text(ANNOTATION.name, key);
            proto.text(ANNOTATION.text, text);
          });
        }
        proto.number(EVENT.type, type);
        proto.number(EVENT.track, FIRST_TRACK + number);
        if (category !== undefined) proto.text(EVENT.category, category);
        if (name !== undefined) proto.text(EVENT.name, name);
        if (value !== undefined) proto.number(EVENT.counter, value);
        if (flow !== undefined) proto.fixed64(EVENT.flow, flow);
        if (flowEnd !== undefined) proto.fixed64(EVENT.flowEnd, flowEnd);
      });
    });
  }

  private packet(sequence: number, write: () => void): void {
    const { proto } = this;
    proto.message(TRACE_PACKET, () => {
      write();
      proto.number(PACKET.sequence, sequence);
      if (this.begun.has(sequence)) return;
      this.begun.add(sequence);
      proto.number(PACKET.flags, STATE_CLEARED);
    });
  }
}

function placeNotes(place: SourcePlace | null): [string, string][] {
  return place === null
    ? []
    : [
        ["line", shortPlace(place)],
        ["file", place.file],
      ];
}
