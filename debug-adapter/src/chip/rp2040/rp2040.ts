import { nanoseconds, type Nanoseconds } from "../../base/brand";
import { Core, type CoreSnapshot } from "../armv6m/core";
import type { MachineStop } from "../machine-hooks";
import { Net } from "../net";
import { InputScript, type BoardInput, type InputAt } from "../parts/board-input";
import { Breadboard } from "../parts/breadboard";
import type { BoardHooks, Part } from "../parts/part";
import type { PartSpec } from "../parts/part-spec";
import { copyState, restoreState, type PlainState } from "../plain-state";
import { NEVER, Scheduler } from "../scheduler";
import { buildBlocks, type Blocks } from "./blocks";
import { CoreTime } from "./core-time";
import { Flash, FLASH_SIZE, type FlashSnapshot } from "./flash";
import { InterruptLines } from "./interrupt-lines";
import {
  FLASH_BASE,
  makeMemories,
  otherWindows,
  Rp2040Bus,
  SRAM_BASE,
  SRAM_SIZE,
  type Memories,
} from "./memory-map";
import { PIN_COUNT } from "./pin-functions";
import type { Uart } from "./peripherals/uart";
import { Pins } from "./pins";
import { buildRom } from "./rom";
import { spend, trapRomFunctions } from "./rom-functions";

/** The crystal of the Pico and of most boards. */
const CRYSTAL_HZ = 12_000_000;
/** Behind the second-stage boot loader in flash (datasheet 2.8.1.3). */
const FLASH_VECTOR_TABLE = FLASH_BASE + 0x100;

/** What the boot ROM has taken out of reset by the time it starts the program (datasheet 2.8.1). */
const RESETS_RELEASED_BY_ROM = (1 << 6) | (1 << 9) | (1 << 21);

export interface Rp2040Options {
  /** Told what happens. Fields may be set and removed at any time between calls of `run`. */
  readonly hooks?: BoardHooks;
  /** Shared with other chips of one world; made if not given. */
  readonly scheduler?: Scheduler;
  /** Things wired to the pins. */
  readonly parts?: readonly PartSpec[];
}

/** Bytes of an executable and where they are to be before it starts. */
export interface ImageSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Everything that a machine remembers. */
export interface Rp2040Snapshot {
  readonly core: CoreSnapshot;
  readonly sram: Uint8Array;
  readonly xipSram: Uint8Array;
  readonly usbDpram: Uint8Array;
  readonly flash: FlashSnapshot;
  readonly scheduler: Float64Array;
  /** States of blocks and nets, then of the parts, in the order in which they were made. */
  readonly states: readonly PlainState[];
  readonly parts: readonly PartSpec[];
}

/**
 * An emulated RP2040 and what is wired to it. Deterministic: the same image, parts and inputs give the same run,
 * whatever the sizes of the slices it is run in.
 *
 * It boots without a boot ROM, the way the ROM would start a program from flash: VTOR, SP and PC from the vector
 * table at 0x10000100, clk_sys and clk_ref on the ring oscillator at its nominal 6.5 MHz, the resets of flash pins
 * and TIMER released. The 0.3 ms that the ROM takes are left out. Core 1 stays in the ROM for good.
 */
export class Rp2040 {
  readonly core: Core;
  readonly scheduler: Scheduler;
  readonly hooks: BoardHooks;
  readonly blocks: Blocks;
  readonly pins: Pins;
  private readonly breadboard: Breadboard;
  private readonly inputs: InputScript;
  private readonly memories: Memories;
  private readonly bus: Rp2040Bus;
  private readonly time: CoreTime;
  /** When `onAlarm` is called. It belongs to who watches the machine, and is no part of its state. */
  private alarmAt: Nanoseconds = NEVER;
  private readonly state = { vectorTable: FLASH_VECTOR_TABLE, pendingReset: "none" as ResetKind };
  /** While a snapshot is put back, what moves is no event of the run. */
  private isRestoring = false;
  /** All plain states but those of parts, in a fixed order. */
  private readonly states: readonly (PlainState & object)[];

  constructor(options: Rp2040Options = {}) {
    this.hooks = options.hooks ?? {};
    this.scheduler = options.scheduler ?? new Scheduler();
    this.time = new CoreTime(this.scheduler);
    this.time.state.sinceNs = this.scheduler.now;
    const nets = this.makeNets();
    const interrupts = new InterruptLines();
    this.blocks = buildBlocks({
      scheduler: this.scheduler,
      hooks: this.hooks,
      interrupts,
      nets,
      time: this.time,
      crystalHz: CRYSTAL_HZ,
      cycles: () => this.core.accessCycle,
      onSysTickReference: (cycles) => this.core.sysTick.setReference(cycles, this.core.accessCycle),
      dmaBus: () => this.bus,
      onWatchdogReset: () => this.requestReset("watchdog"),
    });
    const rom = buildRom();
    const flash = new Flash();
    this.memories = makeMemories(rom.bytes, flash);
    this.bus = new Rp2040Bus(this.memories, this.blocks.bus, () => this.blocks.xipCtrl.doesBadWriteFault);
    this.core = new Core({
      ram: { base: SRAM_BASE, region: this.memories.sram },
      flash: { base: FLASH_BASE, region: flash.region },
      windows: otherWindows(this.memories),
      bus: this.bus,
      io: this.blocks.sio,
      clock: this.time,
      hooks: this.hooks,
      // Lines 26 to 31 are wired to nothing, and software may pend them all the same (datasheet 2.3.2).
      interruptCount: 32,
    });
    interrupts.nvic = this.core.nvic;
    trapRomFunctions(rom, {
      core: this.core,
      flash,
      hooks: this.hooks,
      wait: (time) => spend(this.core, (time * this.clockHz) / 1e9),
      leaveForBootLoader: () => this.core.requestStop("reset"),
    });
    this.pins = new Pins(nets, this.blocks.io);
    const serialLine = (index: 0 | 1) => this.uart(index);
    this.breadboard = new Breadboard({
      scheduler: this.scheduler,
      hooks: this.hooks,
      net: (pin) => nets[pin]!,
      serialLine,
    });
    this.inputs = new InputScript(this.scheduler, {
      breadboard: this.breadboard,
      serialLine,
      setProbe: (pin, drive) => this.pins.setProbe(pin, drive),
      onFault: (source, what) => this.hooks.onFault?.(source, what),
    });
    this.states = this.collectStates(nets, interrupts);
    this.breadboard.become(options.parts ?? []);
    this.connectObservers(nets);
  }

  /** What is wired to the pins now. */
  get parts(): readonly Part[] {
    return this.breadboard.parts;
  }

  /** How it is wired. */
  get partSpecs(): readonly PartSpec[] {
    return this.breadboard.specs;
  }

  /** All inputs of the run: those that have happened, then those to come. */
  get allInputs(): readonly InputAt[] {
    return this.inputs.all;
  }

  /** Virtual time. */
  get now(): Nanoseconds {
    return this.scheduler.now;
  }

  /** clk_sys in hertz. */
  get clockHz(): number {
    return this.blocks.clocks.frequencies.sys;
  }

  uart(index: 0 | 1): Uart {
    return this.blocks.uarts[index];
  }

  /** Puts an executable into flash and RAM. `reset` starts it. */
  loadImage(segments: readonly ImageSegment[]): void {
    for (const { address, bytes } of segments) {
      if (address >= FLASH_BASE && address + bytes.length <= FLASH_BASE + FLASH_SIZE) {
        this.memories.flash.load(address - FLASH_BASE, bytes);
      } else if (address >= SRAM_BASE && address + bytes.length <= SRAM_BASE + SRAM_SIZE) {
        this.memories.sram.write(address - SRAM_BASE, bytes);
      } else {
        throw new Error(`no memory at 0x${address.toString(16)} for ${bytes.length} bytes`);
      }
    }
  }

  /**
   * Power-on reset, then boot. RAM keeps what it holds, and virtual time goes on.
   * @param vectorTable where the program's vector table is, for one that was loaded into RAM
   */
  reset(vectorTable: number = FLASH_VECTOR_TABLE): void {
    this.state.vectorTable = vectorTable;
    this.state.pendingReset = "none";
    for (const block of this.blocks.bus.peripherals) block.reset();
    this.blocks.sio.reset();
    this.boot();
  }

  /**
   * Runs until virtual time reaches `until`, `maxInstructions` are executed, or something else comes first.
   * After `"reset"`, the next call goes on with the reset that the firmware asked for.
   */
  run(until: Nanoseconds, maxInstructions = Infinity): MachineStop {
    const { core, scheduler, time } = this;
    if (this.isResetPending()) this.restart();
    const lastInstruction = core.instructions + maxInstructions;
    for (;;) {
      this.syncTime();
      scheduler.runDue();
      if (this.isResetPending()) return "reset";
      if (scheduler.now >= this.alarmAt && this.ringAlarm()) return "hook";
      if (scheduler.now >= until) return "time";
      const next = Math.min(scheduler.nextDue, until, this.alarmAt) as Nanoseconds;
      const untilCycle = next === NEVER ? Infinity : time.cycleAt(next);
      const stop = core.run(untilCycle, lastInstruction - core.instructions);
      switch (stop) {
        case "time":
        case "deadline":
        case "request":
          break;
        case "sleep": {
          const wakeAt = Math.min(untilCycle, core.nextTimerCycle);
          if (scheduler.nextDue === NEVER && core.nextTimerCycle === Infinity) return this.stopAt("stuck");
          core.skipTo(wakeAt);
          break;
        }
        case "reset":
          if (!this.isResetPending()) this.state.pendingReset = "core";
          return this.stopAt("reset");
        default:
          return this.stopAt(stop);
      }
    }
  }

  /**
   * Does something to the board now, between two calls of `run`. A run in which it is scheduled for this instant is the
   * same.
   * @throws UserError if nothing is wired there
   */
  apply(input: BoardInput): void {
    this.syncTime();
    if (input.kind === "press") this.inputs.hastenRelease(input.pin);
    this.inputs.schedule(this.now, input);
    this.scheduler.runDue();
  }

  /** Does something to the board at a virtual time to come; see `apply`. */
  schedule(at: Nanoseconds, input: BoardInput): void {
    this.inputs.schedule(at, input);
  }

  /** Lets virtual time pass although the machine is stuck, so that an input can come later than now. */
  idleUntil(time: Nanoseconds): void {
    this.core.skipTo(this.time.cycleAt(time));
    this.syncTime();
  }

  /**
   * Calls `onAlarm` once as soon as the machine has reached an instant; one that has passed already is reached behind
   * the instruction at hand. NEVER for not at all. What the machine does is the same with an alarm and without.
   */
  setAlarm(at: Nanoseconds): void {
    const isSooner = at < this.alarmAt;
    this.alarmAt = at;
    // A core that is running has to learn how far it may run now.
    if (isSooner) this.core.requestStop("deadline");
  }

  /** Calls `onCode` before the instruction at an address; returns false where no code can be. */
  addCodeHook(address: number): boolean {
    return this.core.setCodeHook(address, true);
  }

  removeCodeHook(address: number): void {
    this.core.setCodeHook(address, false);
  }

  /** Calls `onLoad` and `onStore` for the words of a range; what is not named is not watched any more. */
  watch(
    address: number,
    length: number,
    accesses: { readonly load: boolean; readonly store: boolean },
  ): void {
    this.core.watchStores(address, length, accesses.store);
    this.core.watchLoads(address, length, accesses.load);
  }

  /** Reads memory and registers without side effects, up to the first byte that is not there; returns the count. */
  peek(address: number, into: Uint8Array): number {
    const window = this.core.windowAt(address);
    if (window !== undefined && address - window.base + into.length <= window.region.size) {
      const at = address - window.base;
      into.set(window.region.bytes.subarray(at, at + into.length));
      return into.length;
    }
    for (let i = 0; i < into.length; i++) {
      const byte = this.peekByte((address + i) >>> 0);
      if (byte === undefined) return i;
      into[i] = byte;
    }
    return into.length;
  }

  /** Writes memory (flash too) as a debugger; registers of blocks are not written. Returns the count of bytes. */
  poke(address: number, bytes: Uint8Array): number {
    for (let i = 0; i < bytes.length; i++) {
      if (!this.bus.pokeByte((address + i) >>> 0, bytes[i]!)) return i;
    }
    return bytes.length;
  }

  takeSnapshot(): Rp2040Snapshot {
    return {
      core: this.core.copyState(),
      sram: this.memories.sram.bytes.slice(),
      xipSram: this.memories.xipSram.bytes.slice(),
      usbDpram: this.memories.usbDpram.bytes.slice(),
      flash: this.memories.flash.takeSnapshot(),
      scheduler: this.scheduler.copyState(),
      states: [...this.states, ...this.breadboard.states].map(copyState),
      parts: this.breadboard.specs,
    };
  }

  restore(snapshot: Rp2040Snapshot): void {
    const { memories } = this;
    this.isRestoring = true;
    this.breadboard.become(snapshot.parts);
    this.isRestoring = false;
    memories.sram.restore(snapshot.sram);
    memories.xipSram.restore(snapshot.xipSram);
    memories.usbDpram.restore(snapshot.usbDpram);
    memories.flash.restore(snapshot.flash);
    [...this.states, ...this.breadboard.states].forEach((state, i) =>
      restoreState(state, snapshot.states[i] as PlainState & object),
    );
    this.scheduler.restoreState(snapshot.scheduler);
    this.core.restoreState(snapshot.core);
    this.blocks.resets.holdBlocks();
  }

  private ringAlarm(): boolean {
    this.alarmAt = NEVER;
    return this.hooks.onAlarm?.() === true;
  }

  private isResetPending(): boolean {
    return this.state.pendingReset !== "none";
  }

  private makeNets(): Net[] {
    const reported = new Set<string>();
    const onContention = (net: string, drivers: readonly string[]) => {
      if (this.isRestoring) return;
      const what = `${drivers.join(" and ")} drive against each other`;
      if (reported.has(net + what)) return;
      reported.add(net + what);
      this.hooks.onFault?.(net, what);
    };
    const now = () => this.now;
    return Array.from({ length: PIN_COUNT }, (_, pin) => new Net(`GPIO${pin}`, onContention, now));
  }

  /** Last of all, so that no hook is called while the machine is being made. */
  private connectObservers(nets: readonly Net[]): void {
    nets.forEach((net, pin) =>
      net.observe((isHigh) => {
        if (!this.isRestoring) this.hooks.onPin?.(pin, isHigh);
      }),
    );
    this.blocks.uarts.forEach((uart, index) => {
      uart.onSent((byte) => this.hooks.onUartByte?.(index, byte, "transmit"));
      uart.onReceived((byte) => this.hooks.onUartByte?.(index, byte, "receive"));
    });
  }

  private collectStates(nets: readonly Net[], interrupts: InterruptLines): (PlainState & object)[] {
    const { sio } = this.blocks;
    return [
      this.state,
      this.time.state,
      interrupts.state,
      sio.state,
      sio.divider.state,
      ...sio.interpolators.map(({ state }) => state),
      ...Array.from(this.blocks.bus.peripherals, ({ state }) => state as PlainState & object),
      ...nets.map(({ state }) => state),
      this.inputs.state,
    ];
  }

  private stopAt(stop: MachineStop): MachineStop {
    this.syncTime();
    return stop;
  }

  /** Brings virtual time to where the core is, between two of its instructions. */
  private syncTime(): void {
    this.core.accessCycle = this.core.cycles;
    this.core.syncClock();
  }

  private requestReset(kind: ResetKind): void {
    this.state.pendingReset = kind;
    this.core.requestStop("reset");
  }

  /** Does the reset that the firmware, or its watchdog, has asked for. */
  private restart(): void {
    const { blocks } = this;
    const kind = this.state.pendingReset;
    this.state.pendingReset = "none";
    if (kind === "watchdog") {
      for (const block of blocks.bus.peripherals) {
        if (block === blocks.watchdog) blocks.watchdog.resetAfterExpiry();
        else block.reset();
      }
      blocks.sio.reset();
    }
    this.boot();
  }

  /** What the boot ROM does that a program can tell. */
  private boot(): void {
    const { blocks } = this;
    blocks.clocks.update();
    const held = blocks.resets.peek(0) & ~RESETS_RELEASED_BY_ROM;
    blocks.resets.write(0, held);
    blocks.xipSsi.setUpForXip();
    this.core.reset(this.state.vectorTable);
    this.syncTime();
  }

  private peekByte(address: number): number | undefined {
    if (address >= 0xd000_0000 && address < 0xd000_0200) {
      return (this.blocks.sio.peek(address & 0x1fc) >>> ((address & 3) * 8)) & 0xff;
    }
    return this.bus.peekByte(address);
  }
}

/** How much a reset resets: only the core (SYSRESETREQ), or all that the watchdog reaches. */
type ResetKind = "none" | "core" | "watchdog";

/** Virtual time from seconds: `seconds(0.25)`. */
export function seconds(value: number): Nanoseconds {
  return nanoseconds(Math.round(value * 1e9));
}
