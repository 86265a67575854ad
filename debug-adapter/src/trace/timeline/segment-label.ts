import { nanoseconds } from "../../base/brand";
import { formatDuration } from "../../base/duration";
import { LockChange, NO_TASK, unpackDisplay, unpackLock, unpackPollEnd, unpackUart } from "../event";
import type { SourcePlace, Suspension, Trace } from "../trace";
import type { Timeline, Track } from "./timeline";
import { ByteSegment, CoreSegment, DisplaySegment, InterruptSegment, TaskSegment } from "./track";

/** What is written into a segment where it is wide enough: what is awaited, how long a poll took. "" for nothing. */
export function segmentLabel(timeline: Timeline, track: Track, index: number, head: number): string {
  const { segments, subject } = track;
  const { trace } = timeline;
  const kind = segments.kind(index);
  const duration = () =>
    formatDuration(nanoseconds(Math.min(segments.end(index, head), head) - segments.start(index)));
  switch (subject.kind) {
    case "task":
      return taskLabel(timeline, track, index, duration);
    case "core":
      return coreLabel(timeline, track, index);
    case "interrupt":
      return kind === InterruptSegment.Running ? duration() : "";
    case "uart":
      return kind === ByteSegment.Byte ? byteText(trace.events.payload(segments.row(index))) : "";
    case "display":
      return kind === DisplaySegment.Shown
        ? trace.string(unpackDisplay(trace.events.payload(segments.row(index))).text)
        : "";
    case "lock":
      return lockLabel(trace, segments.row(index));
    case "pin":
      return "";
  }
}

/** Where, and on what, a task is suspended in a segment; undefined if that is not known. */
export function suspensionOf(
  { trace }: Timeline,
  { segments }: Track,
  index: number,
): Suspension | undefined {
  const { result, suspension } = unpackPollEnd(trace.events.payload(segments.row(index)));
  return result === "pending" ? trace.suspension(suspension) : undefined;
}

/** `Timer, main.rs:18`; what is not known is left out. */
export function suspensionText({ awaiting, place }: Suspension): string {
  return [awaiting ?? "", place === null ? "" : shortPlace(place)].filter((word) => word !== "").join(", ");
}

/** A place without its folders: `main.rs:18`. */
export function shortPlace({ file, line }: SourcePlace): string {
  return `${file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)}:${line}`;
}

/** A byte as a reader knows it: `a`, `\n`, `0x1b`. */
export function byteText(payload: number): string {
  const { byte } = unpackUart(payload);
  if (byte === 0x20) return "␣";
  if (byte > 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  const quoted = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return quoted.length === 2 ? quoted : `0x${byte.toString(16).padStart(2, "0")}`;
}

/** Who holds a lock, and who has begun to wait for it: `log_task`, `log_task, awaited by main`. */
function lockLabel(trace: Trace, row: number): string {
  const { change, holder } = unpackLock(trace.events.payload(row));
  if (change === LockChange.Free) return "";
  const name = trace.tasks[holder]?.name ?? "code outside any task";
  if (change === LockChange.Taken) return name;
  return `${name}, awaited by ${trace.tasks[trace.events.task(row)]?.name ?? "a task"}`;
}

function taskLabel(timeline: Timeline, track: Track, index: number, duration: () => string): string {
  switch (track.segments.kind(index)) {
    case TaskSegment.Suspended: {
      const suspension = suspensionOf(timeline, track, index);
      return suspension === undefined ? "" : suspensionText(suspension);
    }
    case TaskSegment.Ready:
      return `ready ${duration()}`;
    case TaskSegment.PollPending:
    case TaskSegment.PollReady:
    case TaskSegment.PollOpen:
      return duration();
    default:
      return "";
  }
}

function coreLabel({ trace }: Timeline, { segments }: Track, index: number): string {
  const row = segments.row(index);
  switch (segments.kind(index)) {
    case CoreSegment.Polling: {
      const task = trace.events.task(row);
      return task === NO_TASK ? "" : (trace.tasks[task]?.name ?? "");
    }
    case CoreSegment.Interrupt:
      return trace.exceptionName(trace.events.payload(row));
    case CoreSegment.Asleep:
      return "asleep";
    case CoreSegment.Scheduling:
      return "executor";
    default:
      return "start-up";
  }
}
