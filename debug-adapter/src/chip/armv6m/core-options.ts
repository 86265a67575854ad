import type { MachineHooks } from "../machine-hooks";
import type { MemoryWindow } from "./memory-region";

/** Everything that is neither memory, IO port nor private peripheral. Addresses and values are 0 to 2^32 - 1. */
export interface CoreBus {
  read(address: number, size: 1 | 2 | 4): number;
  write(address: number, size: 1 | 2 | 4, value: number): void;
  /** Cycles by which the access just made was longer than two; the core takes them and puts 0 back. */
  waitCycles: number;
  /** The access just made has failed; the core raises HardFault and puts false back. */
  hasFaulted: boolean;
}

/** The single-cycle IO port (Cortex-M0+ TRM 1.3), offsets from 0xd0000000. Time is up to date in `write` only. */
export interface IoPort {
  read(offset: number, size: 1 | 2 | 4): number;
  write(offset: number, size: 1 | 2 | 4, value: number): void;
}

/** What turns the core's cycles into virtual time. */
export interface CoreClock {
  /** Brings virtual time to a cycle of the core. */
  sync(cycles: number): void;
  /** Changes whenever the cycle until which the core may run may have moved: `Scheduler.revision`. */
  readonly revision: number;
}

export interface CoreOptions {
  /** Main RAM, where loads and stores are fastest. */
  readonly ram: MemoryWindow;
  /** Code. Stores to it go to the bus. */
  readonly flash: MemoryWindow;
  /** Other memory: ROM, further banks, aliases of the same regions. */
  readonly windows?: readonly MemoryWindow[];
  readonly bus: CoreBus;
  readonly io: IoPort;
  readonly clock: CoreClock;
  readonly hooks?: MachineHooks;
  /** Interrupts that the NVIC has, wired or only for software to pend; 26 if not given. */
  readonly interruptCount?: number;
  /** SEV: tell the other core. */
  readonly onSendEvent?: () => void;
}

/** Why `Core.run` came back; see `Core`, and `MachineStop` for those that the machine passes on. */
export type CoreStop =
  | "time"
  | "budget"
  | "deadline"
  | "sleep"
  | "hook"
  | "breakpoint-instruction"
  | "lockup"
  | "reset"
  | "request";

export interface CoreSnapshot {
  readonly words: Int32Array;
  readonly counters: Float64Array;
  readonly nvicWords: Uint32Array;
  readonly priorities: Uint8Array;
  readonly sysTick: Float64Array;
  readonly systemControl: Uint32Array;
}
