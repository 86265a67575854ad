import { LockChange, type TaskIndex } from "../event";
import type { Trace } from "../trace";
import { uniqueTaskName } from "../unique-task-name";

/** What a track of the timeline is about. */
export type TrackSubject =
  | { readonly kind: "core" }
  | { readonly kind: "task"; readonly task: TaskIndex }
  | { readonly kind: "interrupt"; readonly exception: number }
  /** By the row of its name in the string table. */
  | { readonly kind: "lock"; readonly lock: number }
  | { readonly kind: "pin"; readonly pin: number }
  | { readonly kind: "uart"; readonly uart: number; readonly direction: "transmit" | "receive" }
  | { readonly kind: "display"; readonly part: number };

/** What a task does. `PollOpen`: being polled, or polled with a result that is not known. */
export const TaskSegment = {
  Absent: 0,
  Suspended: 1,
  Ready: 2,
  PollPending: 3,
  PollReady: 4,
  PollOpen: 5,
} as const;

/** What the core does. `StartUp`: everything before the first poll. */
export const CoreSegment = { StartUp: 0, Scheduling: 1, Asleep: 2, Polling: 3, Interrupt: 4 } as const;

/** Whether an interrupt's handler runs. */
export const InterruptSegment = { Idle: 0, Running: 1 } as const;

/** Whether a lock is held, and whether somebody waits for it meanwhile. `Free` also before it was first taken. */
export const LockSegment = {
  Free: LockChange.Free,
  Held: LockChange.Taken,
  Awaited: LockChange.Awaited,
} as const;

/** The level of a pin; `Unknown` before its first change. */
export const PinSegment = { Unknown: 0, Low: 1, High: 2 } as const;

/** Something that is there at an instant: a byte on a wire. */
export const ByteSegment = { None: 0, Byte: 1 } as const;

/** What a display shows. */
export const DisplaySegment = { Unknown: 0, Shown: 1 } as const;

/** What the segments of a track of some kind are. */
export interface TrackFamily {
  /** How many kinds of segments there are. */
  readonly kinds: number;
  /**
   * What stands out where several segments share a pixel: of those with a rank the highest. Kinds without a rank (0)
   * are the ground on which they are drawn.
   */
  readonly ranks: readonly number[];
  /** Whether its segments are instants: each begins where something happened, and how long it lasts says nothing. */
  readonly isInstant: boolean;
}

const FAMILIES: Readonly<Record<TrackSubject["kind"], TrackFamily>> = {
  // A poll that has ended a task is rarer than one that has not.
  task: { kinds: 6, ranks: [0, 0, 0, 1, 3, 2], isInstant: false },
  core: { kinds: 5, ranks: [0, 0, 0, 2, 1], isInstant: false },
  interrupt: { kinds: 2, ranks: [0, 1], isInstant: false },
  lock: { kinds: 3, ranks: [0, 1, 2], isInstant: false },
  pin: { kinds: 3, ranks: [0, 1, 2], isInstant: false },
  uart: { kinds: 2, ranks: [0, 1], isInstant: true },
  display: { kinds: 2, ranks: [0, 1], isInstant: false },
};

export function familyOf(kind: TrackSubject["kind"]): TrackFamily {
  return FAMILIES[kind];
}

/** A text that is the same for the same subject in every trace of a program: what a reader pins is known by it. */
export function trackKey(trace: Trace, subject: TrackSubject): string {
  return `${subject.kind}:${trackName(trace, subject)}`;
}

/** What a track is called. */
export function trackName(trace: Trace, subject: TrackSubject): string {
  switch (subject.kind) {
    case "core":
      return "core";
    case "task":
      return uniqueTaskName(trace.tasks, trace.tasks[subject.task]!);
    case "interrupt":
      return trace.exceptionName(subject.exception);
    case "lock":
      return trace.string(subject.lock);
    case "pin":
      return `GP${subject.pin}`;
    case "uart":
      return `UART${subject.uart} ${subject.direction === "transmit" ? "sends" : "gets"}`;
    case "display":
      return trace.string(subject.part);
  }
}
