import { hexAddress } from "../../base/hex-address";
import { type Address, address, type Nanoseconds, nanoseconds } from "../../base/brand";
import { UserError } from "../../base/errors";
import { Register, type RegisterNumber } from "../architecture";
import { type HookedMachine, HookTable, removable } from "../hook-table";
import { type CopiedRange, copyRanges, layered, memoryOf, type MemoryRange } from "../memory-ranges";
import type {
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
} from "../target";
import { GdbClient, type GdbStop } from "./gdb-client";
import { GdbHit } from "./gdb-hit";
import type { GdbAddress } from "./gdb-line";

export interface GdbTargetOptions extends GdbAddress {
  /** Memory that does not change while the program runs: its own code and constants. It is not read from the board. */
  readonly program: readonly CopiedRange[];
  /** Memory that may be written. */
  readonly ram: MemoryRange;
  /** The parts of it that are worth reading at a stop with these registers. */
  readonly usedRam: (registers: Uint32Array) => readonly MemoryRange[];
  /** Places of code that the core can watch at once. */
  readonly codePlaces: number;
  /** Nanoseconds of a clock that never goes back. */
  readonly now: () => Nanoseconds;
}

/** What is known of the core for as long as it stands. */
interface Standing {
  readonly registers: Uint32Array;
  memory: MemoryView | undefined;
}

const BKPT = 0xbe;
const SIGTRAP = 5;
const SIGSEGV = 11;

/**
 * A real core behind a gdb server: a debug probe's, or an emulator's. Time is the host's, since it was connected.
 * A code tracepoint is a breakpoint at which it halts, is looked at, and runs on; stores are not watched, since what
 * they have overwritten is gone by then, and probe-rs has no watchpoints.
 */
export class GdbTarget implements Target {
  readonly capabilities: TargetCapabilities;
  readonly pins: PinPort = { count: 0, isHigh: () => false, drive: () => undefined };
  private readonly client: GdbClient;
  private readonly hooks: HookTable;
  private readonly machine: HookedMachine;
  private readonly hit: GdbHit;
  private readonly program: MemoryView;
  private readonly start: Nanoseconds;
  /** No two halts are at the same instant, however coarse the clock is. */
  private latest = 0;
  /** Where somebody wants to be told, and where the server has breakpoints. */
  private readonly wanted = new Set<number>();
  private readonly placed = new Set<number>();
  private readonly needs = new Map<number, number>();
  private standing: Standing | undefined;
  private current: TargetState = { kind: "stopped", reason: { kind: "entry" } };
  private isInterrupted = false;
  private isRunningFree = false;
  released: Promise<void> | undefined;
  private lost: UserError | undefined;
  private lostListener: (why: UserError) => void = () => undefined;
  /** Called when a run or step has ended. */
  private onHalt: () => void = () => undefined;

  private constructor(
    client: GdbClient,
    private readonly options: GdbTargetOptions,
  ) {
    this.client = client;
    this.program = memoryOf(options.program);
    this.start = options.now();
    this.capabilities = {
      tracepoints: "intrusive",
      snapshots: false,
      virtualTime: false,
      pins: false,
      codePlaces: options.codePlaces,
    };
    this.machine = {
      hooks: {},
      addCodeHook: (at) => void this.wanted.add(at),
      removeCodeHook: (at) => void this.wanted.delete(at),
      watch: () => undefined,
    };
    this.hit = new GdbHit();
    this.hooks = new HookTable(this.machine, this.hit);
  }

  /**
   * Connects to a server, which halts the program.
   * @throws UserError if there is none, or it is none for a core of this kind
   */
  static async connect(options: GdbTargetOptions): Promise<GdbTarget> {
    const client = await GdbClient.connect(options);
    const target = new GdbTarget(client, options);
    client.onBreak((why) => {
      target.lost = why;
      target.lostListener(why);
    });
    return target;
  }

  /** Called once, when the server has gone by itself; soon, if it has gone before anybody wanted to know. */
  get onLost(): (why: UserError) => void {
    return this.lostListener;
  }

  set onLost(listener: (why: UserError) => void) {
    this.lostListener = listener;
    const { lost } = this;
    if (lost !== undefined) setImmediate(() => this.lostListener(lost));
  }

  get state(): TargetState {
    return this.current;
  }

  get now(): Nanoseconds {
    return nanoseconds(Math.max(this.latest, this.options.now() - this.start));
  }

  async resume({ until, signal }: ResumeOptions = {}): Promise<StopReason> {
    const hasStepped = this.current.kind === "stopped" && this.current.reason.kind === "step";
    const interrupt = () => this.interrupt();
    const left = until === undefined ? Infinity : until - this.now;
    const due = { isReached: false };
    let reason: StopReason = { kind: "pause" };
    this.begin(signal?.aborted ?? false);
    signal?.addEventListener("abort", interrupt);
    const reachEnd = () => {
      due.isReached = true;
      this.interrupt();
    };
    const timer = Number.isFinite(left) ? setTimeout(reachEnd, left / 1e6) : undefined;
    try {
      this.hooks.begin((await this.here()).pc, { passesBreakpoint: hasStepped });
      reason = left <= 0 ? { kind: "time" } : await this.run();
      if (due.isReached && reason.kind === "pause") reason = { kind: "time" };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
      this.stop(reason);
    }
    return reason;
  }

  async step(): Promise<StopReason> {
    this.begin(false);
    let reason: StopReason = { kind: "pause" };
    try {
      const { pc } = await this.here();
      this.hooks.begin(pc, { passesBreakpoint: true });
      reason = (await this.arriveAt(pc)) ?? (await this.leave());
    } finally {
      this.stop(reason);
    }
    return reason;
  }

  interrupt(): void {
    this.isInterrupted = true;
    if (this.isRunningFree) this.client.interrupt();
  }

  /**
   * Brings the chip to its start and halts it there.
   * @throws UserError if the server does not
   */
  async reset(): Promise<void> {
    this.standing = undefined;
    if (!(await this.client.monitor("reset halt"))) {
      throw new UserError(
        "The gdb server does not reset the board: it refuses `monitor reset halt`",
        "attach to the board to debug it as it runs, or use a server that can: probe-rs, OpenOCD or `pollscope gdb-server`",
      );
    }
    this.hooks.moveTo({ address: (await this.here()).pc, hasReachedCode: false });
    this.current = { kind: "stopped", reason: { kind: "entry" } };
  }

  async readMemory(at: Address, length: number): Promise<Uint8Array> {
    this.requireHalted();
    return this.client.readMemory(at, length);
  }

  /** What it is made of is read once for each stop. */
  async memoryAtStop(): Promise<MemoryView> {
    const standing = await this.stand();
    if (standing.memory !== undefined) return standing.memory;
    const ranges = await copyRanges(this, this.options.usedRam(standing.registers));
    standing.memory = layered(memoryOf(ranges), this.program);
    return standing.memory;
  }

  async writeMemory(at: Address, bytes: Uint8Array): Promise<void> {
    this.requireHalted();
    const { start, byteSize } = this.options.ram;
    const isRam = at >= start && at + bytes.length <= start + byteSize;
    if (isRam && (await this.client.writeMemory(at, bytes))) {
      if (this.standing !== undefined) this.standing.memory = undefined;
      return;
    }
    throw new UserError(
      `There is no memory that can be written at ${hexAddress(at)}`,
      `write to RAM (${hexAddress(start)} to ${hexAddress(start + byteSize - 1)})`,
    );
  }

  async readRegisters(): Promise<Uint32Array> {
    return (await this.stand()).registers.slice();
  }

  async writeRegister(register: RegisterNumber, value: number): Promise<void> {
    this.requireHalted();
    await this.client.writeRegister(register, value);
    this.standing = undefined;
    if (register === Register.pc)
      this.hooks.moveTo({ address: (await this.here()).pc, hasReachedCode: false });
  }

  addBreakpoint(at: Address): Removable {
    return this.needed(at, this.hooks.addBreakpoint(at));
  }

  /** @throws UserError for a store, which cannot be watched */
  addTracepoint(tracepoint: Tracepoint): Removable {
    const { where, isOptional } = tracepoint;
    if (where.kind === "write") {
      throw new UserError(
        "A store cannot be watched on a board through its gdb server",
        "debug in the emulated Pico, where that costs nothing",
      );
    }
    const added = this.hooks.addTracepoint(tracepoint);
    return isOptional === true ? added : this.needed(where.address, added);
  }

  /** A real chip tells nobody what happens in it. */
  observe(): Removable {
    return { remove: () => undefined };
  }

  takeSnapshot(): TargetSnapshot {
    throw noSnapshots();
  }

  restoreSnapshot(): void {
    throw noSnapshots();
  }

  sendToUart(): void {
    throw new UserError(
      "Nothing can be typed into a real UART from here",
      "use a terminal on its serial port",
    );
  }

  /** Lets the program run on by itself, and hangs up. */
  dispose(): void {
    this.onLost = () => undefined;
    this.released ??= this.release();
  }

  private async release(): Promise<void> {
    if (this.current.kind === "running") {
      const halted = new Promise<void>((resolve) => (this.onHalt = resolve));
      this.interrupt();
      await halted;
    }
    this.wanted.clear();
    // A server that has gone already has nothing to let go of.
    await this.placeBreakpoints().catch(() => undefined);
    await this.client.letRun();
  }

  private async run(): Promise<StopReason> {
    for (;;) {
      const { pc } = await this.here();
      const reason = await this.arriveAt(pc);
      if (reason !== undefined) return reason;
      if (this.isInterrupted) return { kind: "pause" };
      if (this.wanted.has(pc)) {
        // What stands here has been told: the core has to get past its own breakpoint.
        const passed = await this.leave();
        if (passed.kind !== "step") return passed;
        continue;
      }
      const stop = await this.runFree();
      const halted = (await this.here()).pc;
      if (!this.wanted.has(halted)) return this.reasonOf(stop, halted);
    }
  }

  private async runFree(): Promise<GdbStop> {
    await this.placeBreakpoints();
    this.goOn();
    this.isRunningFree = true;
    try {
      const stop = this.client.continue();
      if (this.isInterrupted) this.client.interrupt();
      return await stop;
    } finally {
      this.isRunningFree = false;
    }
  }

  /** Tells those who wait at an address that the core has come there; undefined if none of them stops it. */
  private async arriveAt(pc: number): Promise<StopReason | undefined> {
    if (!this.wanted.has(pc)) return undefined;
    const { registers } = await this.stand();
    this.hit.begin(this.now, registers, await this.memoryAtStop());
    if (this.machine.hooks.onCode?.(pc) !== true) return undefined;
    // They are not told again when it runs on.
    this.hooks.moveTo({ address: pc, hasReachedCode: true });
    return this.hooks.stopReason;
  }

  /** Executes the instruction at hand, whatever stands there. */
  private async leave(): Promise<StopReason> {
    const { pc } = await this.here();
    if (this.placed.delete(pc)) await this.client.removeBreakpoint(pc);
    this.goOn();
    const stop = await this.client.step();
    if (stop.signal === SIGTRAP) return { kind: "step" };
    return this.reasonOf(stop, (await this.here()).pc);
  }

  /** The server gets the breakpoints that are wanted now; those that somebody can do without as far as there are places. */
  private async placeBreakpoints(): Promise<void> {
    const { codePlaces } = this.options;
    const needed = [...this.wanted].filter((at) => this.needs.has(at));
    const rest = [...this.wanted].filter((at) => !this.needs.has(at));
    const places = new Set([...needed, ...rest.slice(0, Math.max(0, codePlaces - needed.length))]);
    for (const at of [...this.placed]) {
      if (places.has(at)) continue;
      this.placed.delete(at);
      await this.client.removeBreakpoint(at);
    }
    for (const at of places) {
      if (this.placed.has(at)) continue;
      if (await this.client.addBreakpoint(at)) this.placed.add(at);
      else if (this.needs.has(at)) throw this.noComparator();
    }
  }

  /** Counts those who cannot do without being told of an address. */
  private needed(at: number, added: Removable): Removable {
    this.needs.set(at, (this.needs.get(at) ?? 0) + 1);
    return removable(() => {
      added.remove();
      const left = this.needs.get(at)! - 1;
      if (left > 0) this.needs.set(at, left);
      else this.needs.delete(at);
    });
  }

  private async reasonOf({ signal }: GdbStop, pc: number): Promise<StopReason> {
    if (signal === SIGSEGV) return { kind: "lockup" };
    if (this.isInterrupted || signal !== SIGTRAP) return { kind: "pause" };
    const code = await this.readMemory(address(pc), 2);
    return { kind: code[1] === BKPT ? "breakpoint-instruction" : "pause" };
  }

  /** What was read of the core is not true any more. */
  private goOn(): void {
    this.standing = undefined;
    this.latest = this.now + 1;
  }

  /** A server answers nothing before the program stops, which may be never. */
  private requireHalted(): void {
    if (this.isRunningFree) throw new UserError("The firmware is running", "pause it first");
  }

  private async stand(): Promise<Standing> {
    this.requireHalted();
    return (this.standing ??= { registers: await this.client.readRegisters(), memory: undefined });
  }

  private async here(): Promise<{ readonly pc: number }> {
    return { pc: (await this.stand()).registers[Register.pc]! };
  }

  private begin(isInterrupted: boolean): void {
    if (this.current.kind === "running") throw new Error("Invariant broken: the target is running already");
    // Whoever was on the way somewhere would halt again what has just been let go.
    if (this.released !== undefined)
      throw new UserError("The board has been let go", "start debugging again");
    this.current = { kind: "running" };
    this.isInterrupted = isInterrupted;
  }

  private stop(reason: StopReason): void {
    this.current = { kind: "stopped", reason };
    this.onHalt();
  }

  private noComparator(): UserError {
    if (this.needs.size <= this.options.codePlaces) {
      return new UserError(
        `The gdb server sets no breakpoint, though only ${this.needs.size} of the core's ${this.options.codePlaces} are wanted`,
        "check that the board has power and that no other debugger has set breakpoints in it",
      );
    }
    return new UserError(
      `The core can watch ${this.options.codePlaces} places at once, and ${this.needs.size} are wanted`,
      "take breakpoints away",
    );
  }
}

function noSnapshots(): UserError {
  return new UserError("A real chip cannot be copied and put back", "debug in the emulated Pico");
}
