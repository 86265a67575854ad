import { hexAddress } from "../base/hex-address";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Address, type Nanoseconds, nanoseconds } from "../base/brand";
import { UserError } from "../base/errors";
import type { MachineStop } from "../chip/machine-hooks";
import { Drive } from "../chip/net";
import type { InputAt } from "../chip/parts/board-input";
import type { PartSpec } from "../chip/parts/part-spec";
import { type ImageSegment, Rp2040, type Rp2040Snapshot } from "../chip/rp2040/rp2040";
import { PIN_COUNT } from "../chip/rp2040/pin-functions";
import { Alarms } from "./alarms";
import { Register, type RegisterNumber } from "./architecture";
import { readCoreRegister, readCoreRegisters, writeCoreRegister } from "./core-registers";
import { EmulatedBoard } from "./emulated-board";
import { EmulatedHit } from "./emulated-hit";
import { HookTable, type RunStart } from "./hook-table";
import { SliceBudget } from "./slice-budget";
import type {
  Alarm,
  MachineObserver,
  MemoryView,
  PinPort,
  Removable,
  ResumeOptions,
  StopReason,
  Target,
  TargetCapabilities,
  TargetSnapshot,
  TargetState,
  Tracepoint,
} from "./target";

/** Something that happens to the board at an instant of virtual time. */
export type TimedInput = InputAt;

export interface EmulatedTargetOptions {
  /** What to load. */
  readonly image: readonly ImageSegment[];
  readonly parts?: readonly PartSpec[];
  readonly inputs?: readonly TimedInput[];
}

interface EmulatedSnapshot extends TargetSnapshot {
  readonly machine: Rp2040Snapshot;
  readonly start: RunStart;
  readonly reason: StopReason;
}

/** The emulated Pico as a target. It runs in slices between which other work of the process gets its turn. */
export class EmulatedTarget implements Target {
  readonly capabilities: TargetCapabilities = {
    tracepoints: "free",
    snapshots: true,
    virtualTime: true,
    pins: true,
  };
  readonly pins: PinPort;
  readonly board: EmulatedBoard;
  readonly memory: MemoryView;
  private readonly machine: Rp2040;
  /** Replaced, never changed: an observer may add and remove others while it is told. */
  private observers: readonly MachineObserver[] = [];
  private readonly hooks: HookTable;
  private readonly alarms: Alarms;
  private readonly slice = new SliceBudget();
  private current: TargetState = { kind: "stopped", reason: { kind: "entry" } };
  private isInterrupted = false;
  /** Somebody is at the board: a core that sleeps for good may be woken by hand. */
  private isAttended = false;

  constructor({ image, parts = [], inputs = [] }: EmulatedTargetOptions) {
    this.machine = new Rp2040({ parts });
    const hit = new EmulatedHit(this.machine);
    this.hooks = new HookTable(this.machine, hit);
    this.alarms = new Alarms(this.machine, hit);
    this.memory = hit.memory;
    this.connectObservers();
    this.machine.loadImage(image);
    this.machine.reset();
    for (const { at, input } of inputs) this.machine.schedule(at, input);
    this.board = new EmulatedBoard(this.machine, () => void (this.isAttended = true));
    this.pins = {
      count: PIN_COUNT,
      isHigh: (pin) => this.machine.pins.level(pin),
      drive: (pin, level) => this.machine.pins.setProbe(pin, DRIVES[level]),
    };
  }

  get state(): TargetState {
    return this.current;
  }

  get now(): Nanoseconds {
    return this.machine.now;
  }

  async resume(options: ResumeOptions = {}): Promise<StopReason> {
    const { pace, until = nanoseconds(Infinity) } = options;
    const interrupt = () => this.interrupt();
    // A step that has arrived at a breakpoint has shown it already.
    const hasStepped = this.current.kind === "stopped" && this.current.reason.kind === "step";
    this.begin({ isInterrupted: options.signal?.aborted ?? false, passesBreakpoint: hasStepped });
    options.signal?.addEventListener("abort", interrupt);
    let reason: StopReason = { kind: "pause" };
    pace?.begin(this.now);
    try {
      while (!this.isInterrupted) {
        const limit = pace?.limit(this.now) ?? until;
        if (limit <= this.now && limit < until) {
          await pace?.wait();
          continue;
        }
        const stop = this.runSlice(until, limit);
        if (stop !== undefined) {
          reason = stop;
          break;
        }
        await nextTurn();
      }
    } finally {
      options.signal?.removeEventListener("abort", interrupt);
      this.stop(reason);
    }
    return reason;
  }

  async step(): Promise<StopReason> {
    this.begin({ isInterrupted: false, passesBreakpoint: true });
    let reason: StopReason = { kind: "pause" };
    try {
      // A sleeping core executes nothing for a while.
      while (!this.isInterrupted) {
        const stop = this.machine.run(nanoseconds(this.now + this.slice.nanoseconds), 1);
        if (stop !== "time") {
          reason = this.reasonFor(stop) ?? { kind: "step" };
          break;
        }
        await nextTurn();
      }
    } finally {
      this.stop(reason);
    }
    return reason;
  }

  interrupt(): void {
    this.isInterrupted = true;
  }

  readMemory(address: Address, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    return Promise.resolve(bytes.subarray(0, this.machine.peek(address, bytes)));
  }

  writeMemory(address: Address, bytes: Uint8Array): Promise<void> {
    const written = this.machine.poke(address, bytes);
    if (written === bytes.length) return Promise.resolve();
    const where = hexAddress(address + written);
    return Promise.reject(
      new UserError(`There is no memory at ${where}`, "write to RAM (0x20000000 to 0x20041fff)"),
    );
  }

  readRegisters(): Promise<Uint32Array> {
    return Promise.resolve(readCoreRegisters(this.machine.core));
  }

  writeRegister(register: RegisterNumber, value: number): Promise<void> {
    // What is thrown in here rejects the promise.
    return new Promise((resolve) => {
      writeCoreRegister(this.machine.core, register, value);
      if (register === Register.pc) {
        this.hooks.moveTo({ address: this.programCounter, hasReachedCode: false });
      }
      resolve();
    });
  }

  addBreakpoint(address: Address): Removable {
    return this.hooks.addBreakpoint(address);
  }

  addTracepoint(tracepoint: Tracepoint): Removable {
    return this.hooks.addTracepoint(tracepoint);
  }

  addAlarm(onRing: Tracepoint["onHit"]): Alarm {
    return this.alarms.add(onRing);
  }

  observe(observer: MachineObserver): Removable {
    this.observers = [...this.observers, observer];
    return { remove: () => void (this.observers = this.observers.filter((other) => other !== observer)) };
  }

  takeSnapshot(): TargetSnapshot {
    const snapshot: EmulatedSnapshot = {
      time: this.now,
      machine: this.machine.takeSnapshot(),
      start: { address: this.programCounter, hasReachedCode: this.hooks.hasReachedCode },
      reason: this.current.kind === "stopped" ? this.current.reason : { kind: "pause" },
    };
    return snapshot;
  }

  restoreSnapshot(snapshot: TargetSnapshot): void {
    const { machine, start, reason } = snapshot as EmulatedSnapshot;
    this.machine.restore(machine);
    this.hooks.moveTo(start);
    this.current = { kind: "stopped", reason };
  }

  sendToUart(uart: number, bytes: Uint8Array): void {
    if (uart !== 0 && uart !== 1)
      throw new UserError(`There is no UART${uart}`, "the chip has UART0 and UART1");
    this.machine.uart(uart).feed(bytes);
  }

  dispose(): void {
    this.interrupt();
    this.observers = [];
  }

  private get programCounter(): number {
    return readCoreRegister(this.machine.core, Register.pc);
  }

  private begin(how: { readonly isInterrupted: boolean; readonly passesBreakpoint: boolean }): void {
    if (this.current.kind === "running") throw new Error("Invariant broken: the target is running already");
    this.current = { kind: "running" };
    this.isInterrupted = how.isInterrupted;
    this.hooks.begin(this.programCounter, how);
  }

  private stop(reason: StopReason): StopReason {
    this.current = { kind: "stopped", reason };
    return reason;
  }

  /** Runs for a few milliseconds of the host's time, to `limit` at most; undefined if there is no reason to stop yet. */
  private runSlice(until: Nanoseconds, limit: Nanoseconds): StopReason | undefined {
    this.slice.begin();
    const end = nanoseconds(Math.min(until, limit, this.now + this.slice.nanoseconds));
    const stop = this.machine.run(end, this.slice.instructions);
    this.slice.end();
    const isWaiting = stop === "stuck" && this.isAttended;
    if (isWaiting) this.machine.idleUntil(end);
    if (stop === "time" || isWaiting) return this.now >= until ? { kind: "time" } : undefined;
    return this.reasonFor(stop);
  }

  /** What a stop of the machine means to a debugger; undefined if it just runs on. */
  private reasonFor(stop: MachineStop): StopReason | undefined {
    switch (stop) {
      case "time":
      case "budget":
        return undefined;
      case "hook":
        return this.hooks.stopReason;
      case "reset":
        for (const observer of this.observers) observer.onReset?.(this.now);
        return undefined;
      case "breakpoint-instruction":
      case "lockup":
      case "stuck":
        return { kind: stop };
    }
  }

  private connectObservers(): void {
    const { machine } = this;
    Object.assign(machine.hooks, {
      onExceptionEntry: (exception) => {
        for (const each of this.observers) each.onExceptionEntry?.(machine.now, exception);
      },
      onExceptionReturn: (exception) => {
        for (const each of this.observers) each.onExceptionReturn?.(machine.now, exception);
      },
      onSleep: () => {
        for (const each of this.observers) each.onSleep?.(machine.now);
      },
      onWake: () => {
        for (const each of this.observers) each.onWake?.(machine.now);
      },
      onPin: (pin, isHigh) => {
        for (const each of this.observers) each.onPin?.(machine.now, pin, isHigh);
      },
      onUartByte: (uart, byte, direction) => {
        for (const each of this.observers) each.onUartByte?.(machine.now, uart, byte, direction);
      },
      onDisplay: (part, text) => {
        for (const each of this.observers) each.onDisplay?.(machine.now, part, text);
      },
      onUnimplemented: (register, access) => {
        for (const each of this.observers) each.onUnimplemented?.(machine.now, register, access);
      },
      onFault: (source, what) => {
        for (const each of this.observers) each.onBoardFault?.(machine.now, source, what);
      },
    } satisfies Rp2040["hooks"]);
  }
}

const DRIVES = { high: Drive.high, low: Drive.low, released: Drive.floating } as const;
