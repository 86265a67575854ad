import type { Brand } from "../base/brand";

/** A task's row in the trace's task table. */
export type TaskIndex = Brand<number, "TaskIndex">;

/** The task column of an event that concerns no task. */
export const NO_TASK = 0xffff as TaskIndex;

/** What happened. The numbers are part of the file format (README.md). */
export const EventKind = {
  Spawn: 0,
  Wake: 1,
  PollBegin: 2,
  PollEnd: 3,
  TaskEnd: 4,
  IrqBegin: 5,
  IrqEnd: 6,
  SleepBegin: 7,
  SleepEnd: 8,
  Pin: 9,
  Uart: 10,
  Display: 11,
  Lock: 12,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** Event names as the command line and every export write them, by kind. */
export const EVENT_NAMES = [
  "spawn",
  "wake",
  "poll-begin",
  "poll-end",
  "task-end",
  "irq-begin",
  "irq-end",
  "sleep-begin",
  "sleep-end",
  "pin",
  "uart",
  "display",
  "lock",
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** The code that woke or spawned a task. `main`: thread code outside any poll, such as `main` before the executor runs. */
export type WakeSource =
  | { readonly kind: "irq"; readonly exception: number }
  | { readonly kind: "task"; readonly task: TaskIndex }
  | { readonly kind: "self" }
  | { readonly kind: "main" };

const SOURCE_KINDS = ["irq", "task", "self", "main"] as const;

/**
 * Payload of Spawn and Wake, 32 bits:
 *
 *     31             16 15                2 1    0
 *     | place (0: none) | exception or task | kind |
 */
export function packWakeSource(source: WakeSource): number {
  const kind = SOURCE_KINDS.indexOf(source.kind);
  const index = source.kind === "irq" ? source.exception : source.kind === "task" ? source.task : 0;
  return ((index & 0x3fff) << 2) | kind;
}

/** The source in a Spawn or Wake payload. */
export function unpackWakeSource(payload: number): WakeSource {
  const index = (payload >>> 2) & 0x3fff;
  const kind = SOURCE_KINDS[payload & 3]!;
  if (kind === "irq") return { kind, exception: index };
  if (kind === "task") return { kind, task: index as TaskIndex };
  return { kind };
}

/** A row of the trace's table of suspensions; 0 stands for "not known". */
export type SuspensionIndex = Brand<number, "SuspensionIndex">;

export const UNKNOWN_SUSPENSION = 0 as SuspensionIndex;

/** `unknown`: the debug info does not tell what the poll returned. */
export type PollResult = "ready" | "pending" | "unknown";

/** No table has so many suspensions: it stands for a poll whose result is not known. */
const UNKNOWN_RESULT = 0xffff_fffe;

/** Payload of PollEnd: bit 0 set for Ready, above it the suspension of a Pending poll; 0xfffffffe for neither. */
export function packPollEnd(result: PollResult, suspension: SuspensionIndex): number {
  if (result === "unknown") return UNKNOWN_RESULT;
  return ((suspension << 1) | (result === "ready" ? 1 : 0)) >>> 0;
}

/** What a PollEnd payload says. */
export function unpackPollEnd(payload: number): { result: PollResult; suspension: SuspensionIndex } {
  if (payload === UNKNOWN_RESULT) return { result: "unknown", suspension: UNKNOWN_SUSPENSION };
  return {
    result: (payload & 1) === 1 ? "ready" : "pending",
    suspension: (payload >>> 1) as SuspensionIndex,
  };
}

/** Payload of Pin: the level in bit 8, the pin number below. */
export function packPin(pin: number, isHigh: boolean): number {
  return pin | (isHigh ? 0x100 : 0);
}

export function unpackPin(payload: number): { pin: number; isHigh: boolean } {
  return { pin: payload & 0xff, isHigh: (payload & 0x100) !== 0 };
}

/** Payload of Uart: the byte in bits 0 to 7, direction in bit 8 (set: to the chip), the UART's number above. */
export function packUart(uart: number, byte: number, direction: "transmit" | "receive"): number {
  return byte | (direction === "receive" ? 0x100 : 0) | (uart << 9);
}

export function unpackUart(payload: number): {
  uart: number;
  byte: number;
  direction: "transmit" | "receive";
} {
  return {
    uart: payload >>> 9,
    byte: payload & 0xff,
    direction: (payload & 0x100) === 0 ? "transmit" : "receive",
  };
}

/** Payload of Display: rows of the string table, the part's name in the upper and the text in the lower half. */
export function packDisplay(part: number, text: number): number {
  return ((part << 16) | (text & 0xffff)) >>> 0;
}

export function unpackDisplay(payload: number): { part: number; text: number } {
  return { part: payload >>> 16, text: payload & 0xffff };
}

/** What has happened to a lock. `Awaited`: a task has found it locked, and waits for it. */
export const LockChange = { Free: 0, Taken: 1, Awaited: 2 } as const;
export type LockChange = (typeof LockChange)[keyof typeof LockChange];

/** No string table has more names of locks. */
const MOST_LOCK_NAMES = 0x3fff;

/**
 * Payload of Lock: bits 0 to 1 the change, 2 to 15 the lock's name in the string table, the holder above: NO_TASK if it
 * is free, or was taken outside of any task.
 */
export function packLock({ change, lock, holder }: LockEvent): number {
  return (change | (Math.min(lock, MOST_LOCK_NAMES) << 2) | (holder << 16)) >>> 0;
}

export function unpackLock(payload: number): LockEvent {
  return {
    change: (payload & 3) as LockChange,
    lock: (payload >>> 2) & MOST_LOCK_NAMES,
    holder: (payload >>> 16) as TaskIndex,
  };
}

export interface LockEvent {
  readonly change: LockChange;
  /** The row of its name in the string table. */
  readonly lock: number;
  readonly holder: TaskIndex;
}
