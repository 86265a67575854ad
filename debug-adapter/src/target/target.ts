import type { Address, Nanoseconds } from "../base/brand";
import type { UserError } from "../base/errors";
import type { RegisterNumber } from "./architecture";
import type { EmulatedBoard } from "./emulated-board";
import type { Pace } from "./pace";

/** Why the target stopped. */
export type StopReason =
  | { readonly kind: "entry" }
  | { readonly kind: "pause" }
  | { readonly kind: "step" }
  | { readonly kind: "breakpoint"; readonly address: Address }
  | { readonly kind: "tracepoint" }
  /** The instant given to `resume` has been reached. */
  | { readonly kind: "time" }
  /** A BKPT instruction that is not a breakpoint of ours. */
  | { readonly kind: "breakpoint-instruction" }
  /** A fault inside the HardFault handler: the core has stopped for good. */
  | { readonly kind: "lockup" }
  /** Asleep, with nothing to come that could wake it. */
  | { readonly kind: "stuck" };

export type TargetState =
  { readonly kind: "running" } | { readonly kind: "stopped"; readonly reason: StopReason };

/** What a backend can do, so that observers and the user interface can be honest about it. */
export interface TargetCapabilities {
  /** `free`: tracepoints do not disturb the program; `intrusive`: each hit halts it for a while. */
  readonly tracepoints: "free" | "intrusive" | "none";
  readonly snapshots: boolean;
  /** Whether time is that of the emulated world (exact, repeatable) or of the host. */
  readonly virtualTime: boolean;
  readonly pins: boolean;
  /** How many places of code can be watched at once, where that is not any number: a core has few comparators. */
  readonly codePlaces?: number;
}

/** Memory that can be read at once, while the target stands still. */
export interface MemoryView {
  /** `length` bytes from `address`, or undefined if any of them cannot be read. Only valid until the target runs on. */
  read(address: number, length: number): Uint8Array | undefined;
  /** The little-endian word of 1, 2 or 4 bytes at `address`, or undefined if it cannot be read. */
  readUint(address: number, size: 1 | 2 | 4): number | undefined;
  /** Fills `into` with what begins at `address`, and makes nothing: for those who read the same again and again. */
  readInto?(address: number, into: Uint8Array): boolean;
}

/** What a tracepoint saves when it is hit. */
export type CollectItem =
  | { readonly kind: "registers" }
  | {
      readonly kind: "memory";
      readonly base: RegisterNumber | "absolute";
      readonly offset: number;
      readonly length: number;
    };

/** What a hit tells. The object is reused: take what you need before you return. */
export interface TracepointHit {
  readonly time: Nanoseconds;
  /** For a write: where, how many bytes, and what will be written. Memory still holds the old value. */
  readonly writeAddress: number;
  readonly writeSize: number;
  readonly writeValue: number;
  /** A collected register, 0 to 2^32 - 1. */
  register(number: RegisterNumber): number;
  /** All memory where the backend reads it at no cost (`capabilities.tracepoints` is `free`), else what was collected. */
  readonly memory: MemoryView;
}

/** A place at which the target notes something and runs on. */
export interface Tracepoint {
  readonly where:
    | { readonly kind: "code"; readonly address: Address }
    | { readonly kind: "write"; readonly address: Address; readonly length: number };
  readonly collect: readonly CollectItem[];
  /** Whether it may be left out where there are not enough `codePlaces` for all. */
  readonly isOptional?: true;
  /** Called in the order of the program's execution. Returns true to stop the target here. */
  readonly onHit: (hit: TracepointHit) => boolean;
}

/** Something to be done at an instant of the target's time. */
export interface Alarm extends Removable {
  /**
   * Rings once, between two instructions, as soon as the target has reached `at`; an instant that has passed is reached
   * behind the instruction at hand. What was set before is forgotten; Infinity sets none.
   */
  set(at: Nanoseconds): void;
}

/** What happens in the machine apart from tracepoints. Numbers only: nothing is allocated per event. */
export interface MachineObserver {
  onExceptionEntry?(time: Nanoseconds, exception: number): void;
  onExceptionReturn?(time: Nanoseconds, exception: number): void;
  onSleep?(time: Nanoseconds): void;
  onWake?(time: Nanoseconds): void;
  onPin?(time: Nanoseconds, pin: number, isHigh: boolean): void;
  onUartByte?(time: Nanoseconds, uart: number, byte: number, direction: "transmit" | "receive"): void;
  onDisplay?(time: Nanoseconds, part: string, text: string): void;
  onUnimplemented?(time: Nanoseconds, register: string, access: "read" | "write"): void;
  /** Wiring or timing that real hardware would not stand. */
  onBoardFault?(time: Nanoseconds, source: string, what: string): void;
  /** The firmware has reset the chip: whatever was under way is gone. */
  onReset?(time: Nanoseconds): void;
}

/** Undoes what returned it. */
export interface Removable {
  remove(): void;
}

/** A copy of everything a machine is, in the backend's own form. */
export interface TargetSnapshot {
  readonly time: Nanoseconds;
}

export interface ResumeOptions {
  /** The latest instant to run to. */
  readonly until?: Nanoseconds;
  readonly signal?: AbortSignal;
  /** Holds virtual time to the host's; without, the target runs as fast as it can. Real hardware has a pace of its own. */
  readonly pace?: Pace;
}

/**
 * A machine that runs a program: it knows addresses, not names.
 * Every backend passes the same tests (test/target/target-contract.ts).
 */
export interface Target {
  readonly capabilities: TargetCapabilities;
  readonly state: TargetState;
  /** Time since power-on. */
  readonly now: Nanoseconds;

  /**
   * Runs until something stops it, at the latest when `until` is reached. Resolves with the reason.
   * @throws if the target is already running
   */
  resume(options?: ResumeOptions): Promise<StopReason>;
  /** Executes one instruction (or takes one exception). */
  step(): Promise<StopReason>;
  /** Asks a running target to stop; `resume` then resolves with `pause`. Does nothing when it is stopped. */
  interrupt(): void;

  /** Memory as it is at each moment, without side effects; only where a backend reads it at no cost. */
  readonly memory?: MemoryView;
  /**
   * What is worth reading whenever the target stands, where reading takes time: the program as it was loaded, and the
   * RAM that it uses. Only where `memory` is not there.
   */
  memoryAtStop?(): Promise<MemoryView>;
  /** The bytes from `address` on that can be read, at most `length`: short where memory ends. */
  readMemory(address: Address, length: number): Promise<Uint8Array>;
  /** @throws UserError if the range is not RAM */
  writeMemory(address: Address, bytes: Uint8Array): Promise<void>;
  /** All registers, in the order of `REGISTER_NAMES`. */
  readRegisters(): Promise<Uint32Array>;
  writeRegister(register: RegisterNumber, value: number): Promise<void>;

  /** Stops before the instruction at `address`. */
  addBreakpoint(address: Address): Removable;
  addTracepoint(tracepoint: Tracepoint): Removable;
  observe(observer: MachineObserver): Removable;
  /**
   * Makes an alarm, which is not set. What it tells is a hit without a write; returning true stops the target there.
   * Only where `capabilities.virtualTime` is true: the program does the same with it and without.
   */
  addAlarm?(onRing: Tracepoint["onHit"]): Alarm;

  /** Available where `capabilities.snapshots` is true. */
  takeSnapshot(): TargetSnapshot;
  restoreSnapshot(snapshot: TargetSnapshot): void;

  /** Available where `capabilities.pins` is true. */
  readonly pins: PinPort;
  /** Only where the board is emulated with the chip. */
  readonly board?: EmulatedBoard;
  /** Feeds bytes to the chip's receiver `uart`, at the speed of its line. */
  sendToUart(uart: number, bytes: Uint8Array): void;

  /** Called once, when the target has gone by itself: it was unplugged, or the server in between has ended. */
  onLost?: (why: UserError) => void;

  dispose(): void;
  /** Where letting go takes time: resolves when somebody else can have it. Undefined before it is disposed of. */
  readonly released?: Promise<void> | undefined;
}

/** The chip's pins, seen from outside. */
export interface PinPort {
  readonly count: number;
  isHigh(pin: number): boolean;
  /** Drives a pin from outside, or lets it go. */
  drive(pin: number, level: "high" | "low" | "released"): void;
}
