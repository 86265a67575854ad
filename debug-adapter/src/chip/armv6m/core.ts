import type { MachineHooks } from "../machine-hooks";
import {
  ASLEEP_WFE,
  ASLEEP_WFI,
  CONTROL,
  CYCLES,
  ENTERING,
  EVENT,
  FLAG_C,
  FLAG_N,
  FLAG_V,
  FLAG_Z,
  INSTRUCTIONS,
  IPSR,
  LOCKUP,
  LR,
  OTHER_SP,
  PC,
  PRIMASK,
  SLEEP,
  SP,
  STATUS_ATTENTION,
  STATUS_STOP,
  SYSTICK,
  THUMB,
} from "./core-state";
import type { CoreBus, CoreClock, CoreOptions, CoreSnapshot, CoreStop, IoPort } from "./core-options";
import { ENTRY_CYCLES, enterException, raiseHardFault } from "./exceptions";
import { execute } from "./execute";
import { MARK_STORE, type MemoryRegion, type MemoryWindow } from "./memory-region";
import { Nvic } from "./nvic";
import { SysTick } from "./systick";
import { SystemControl } from "./system-control";

export type { CoreBus, CoreClock, CoreOptions, CoreSnapshot, CoreStop, IoPort } from "./core-options";

/**
 * A Cortex-M0+ r0p1 (ARMv6-M): registers, memory it reaches directly, exceptions.
 *
 * How a machine drives it
 * - It makes the memory (`MemoryRegion`), a `CoreBus` for everything else, an `IoPort` for 0xd0000000, a `CoreClock`,
 *   and calls `reset(vectorTable)`.
 * - It calls `run(untilCycle, maxInstructions)` with the cycle of the next timed event. What comes back:
 *   - `"time"`: `cycles` has reached `untilCycle` (or passed it, by less than one instruction): run the events due.
 *   - `"deadline"`: an access to the bus has changed `clock.revision`: work out `untilCycle` anew and run on.
 *   - `"sleep"`: nothing is executed until an interrupt or an event. Skip: `skipTo(cycle)` of the next event, but not
 *     beyond `core.nextTimerCycle` (SysTick); run what is due; `run` again. If there is neither, the core can never
 *     go on.
 *   - the rest is for the machine's own caller. `run` may be called again after any of them but `"lockup"`.
 * - Virtual time: cycles are counted, the clock turns them into nanoseconds. Before each bus access (and each write
 *   to the IO port, and each hook) the core calls `clock.sync(cycles)`. When the frequency changes, the clock notes
 *   the cycle and the instant and counts from there; nothing has to be told to the core.
 * - Peripherals raise interrupts through `core.nvic` (an `InterruptInput`) at any time, also in the middle of an
 *   access. `sendEvent()` is the SEV of another core.
 * - `requestStop` ends `run` after the instruction being executed, from anywhere.
 */
export class Core {
  /** R0 to R12, SP, LR, PC. PC is the address of the next instruction, without the Thumb bit. */
  readonly registers: Int32Array;
  /** N, Z, C, V, in the form of core-state.ts. */
  readonly flags: Int32Array;
  /** What else the core remembers, at the places that core-state.ts names. */
  readonly special: Int32Array;
  /** Cycles and instructions since power-on, exact to 2^53. */
  readonly counters = new Float64Array(2);
  readonly nvic: Nvic;
  readonly sysTick: SysTick;
  readonly systemControl: SystemControl;
  /** What to tell whom. Fields may be set and removed at any time, from outside `run`. */
  readonly hooks: MachineHooks;

  /** For execute.ts: STATUS bits. */
  status = 0;
  /** For execute.ts: where PC is. Always covers PC while instructions are executed. */
  window: MemoryWindow;
  /** For execute.ts: RAM and flash, which have a fast path of their own. */
  readonly ram: MemoryWindow;
  readonly flash: MemoryWindow;
  /** For execute.ts: whether any load is watched, so that none may take the fast path. */
  hasLoadWatches = false;
  /**
   * For execute.ts: when the instruction began. All its accesses happen at that time, so that none is later than an
   * event that is still to come.
   */
  accessCycle = 0;
  /** What a multiple load or the return from an exception has loaded, until it is certain that nothing fails. */
  readonly loadBuffer = new Int32Array(16);

  private readonly words = new Int32Array(32);
  /** By the top eight bits of an address: all windows that begin or go on there. */
  private readonly windows: readonly (readonly MemoryWindow[])[];
  private readonly bus: CoreBus;
  private readonly io: IoPort;
  private readonly clock: CoreClock;
  private readonly onSendEvent: (() => void) | undefined;
  private stopped: CoreStop = "time";
  private hasFaulted = false;
  /** `clock.revision` when `run` began. */
  private revision = 0;
  /**
   * Address and stack pointer of each instruction before which a code hook has stopped the core and that has not been
   * executed yet, so that its hook is not called again. More than one when the core was stopped in an exception handler
   * that came in between; the last is the innermost.
   */
  private readonly stops: number[] = [];
  private readonly watchedWords = new Map<number, number>();
  private readonly traps = new Map<number, () => void>();

  constructor(options: CoreOptions) {
    this.registers = this.words.subarray(0, 16);
    this.flags = this.words.subarray(16, 20);
    this.special = this.words.subarray(20, 32);
    this.ram = options.ram;
    this.flash = options.flash;
    this.windows = windowsByTopByte([options.flash, options.ram, ...(options.windows ?? [])]);
    this.window = options.flash;
    this.bus = options.bus;
    this.io = options.io;
    this.clock = options.clock;
    this.hooks = options.hooks ?? {};
    this.onSendEvent = options.onSendEvent;
    this.nvic = new Nvic(
      options.interruptCount ?? 26,
      () => this.reviewAttention(),
      () => {
        if (this.systemControl.sendsEventOnPend) this.sendEvent();
      },
    );
    this.sysTick = new SysTick(() => this.nvic.pend(SYSTICK));
    this.systemControl = new SystemControl(this);
    this.special[THUMB] = 1;
  }

  get cycles(): number {
    return this.counters[CYCLES]!;
  }

  get instructions(): number {
    return this.counters[INSTRUCTIONS]!;
  }

  get isAsleep(): boolean {
    return this.special[SLEEP] !== 0;
  }

  /** The cycle at which SysTick next raises its exception, or Infinity. */
  get nextTimerCycle(): number {
    return this.sysTick.dueCycle;
  }

  /** Reset (ARMv6-M ARM B1.5.5). `vectorTable` is 0 after a real reset; without a boot ROM it is the firmware's own. */
  reset(vectorTable = 0): void {
    this.words.fill(0);
    this.registers[LR] = -1;
    this.flags[FLAG_Z] = 1;
    this.status = 0;
    this.stops.length = 0;
    this.hasFaulted = false;
    this.sysTick.reset(this.cycles);
    this.systemControl.reset();
    this.systemControl.setVectorTable(vectorTable);
    this.nvic.reset();
    const cycles = this.cycles;
    this.accessCycle = cycles;
    this.registers[SP] = this.load(vectorTable, 4) & ~3;
    const entry = this.load(vectorTable + 4, 4);
    this.special[THUMB] = entry & 1;
    this.registers[PC] = entry & ~1;
    this.counters[CYCLES] = cycles;
    if (this.takeFault() || (entry & 1) === 0) raiseHardFault(this);
  }

  /**
   * Executes instructions until the cycle count reaches `untilCycle`, `maxInstructions` are executed, or something
   * else wants attention. The cycle count may pass `untilCycle` by less than one instruction or exception entry.
   */
  run(untilCycle: number, maxInstructions = Infinity): CoreStop {
    if (this.special[LOCKUP] !== 0) return "lockup";
    // A hook that was removed while the core stood at it will not ask.
    if (this.stops.length > 0 && !this.isHooked())
      this.leaveStop(this.registers[PC]! >>> 0, this.registers[SP]!);
    this.revision = this.clock.revision;
    const lastInstruction = this.instructions + maxInstructions;
    for (;;) {
      if ((this.status & STATUS_STOP) !== 0) {
        this.status &= ~STATUS_STOP;
        return this.stopped;
      }
      const left = lastInstruction - this.instructions;
      if (left <= 0) return "budget";
      if (this.sysTick.dueCycle <= this.cycles) this.sysTick.fire();
      if (this.special[SLEEP] !== 0 && !this.wakeUp()) return this.cycles >= untilCycle ? "time" : "sleep";
      if (this.cycles >= untilCycle) return "time";
      if ((this.status & STATUS_ATTENTION) !== 0 && this.spendEntryOrEnter()) continue;
      const limit = Math.min(untilCycle, this.sysTick.dueCycle) - this.cycles;
      if (!this.findWindow()) {
        raiseHardFault(this);
        continue;
      }
      // An instruction takes at least one cycle, so that many cycles never are too many instructions.
      execute(this, Math.ceil(Math.min(limit, left, MAX_SLICE)));
    }
  }

  /** Lets time pass while the core sleeps. */
  skipTo(cycle: number): void {
    if (cycle > this.cycles) this.counters[CYCLES] = cycle;
  }

  /** Ends `run` after the instruction being executed. Of several requests the first is reported, "deadline" last. */
  requestStop(reason: CoreStop): void {
    if ((this.status & STATUS_STOP) === 0 || this.stopped === "deadline") this.stopped = reason;
    this.status |= STATUS_STOP;
  }

  /** The firmware asks for a reset of the chip (AIRCR.SYSRESETREQ), which is the machine's to do. */
  requestReset(): void {
    this.requestStop("reset");
  }

  /** An event from outside: SEV of another core. */
  sendEvent(): void {
    this.special[EVENT] = 1;
  }

  /** SEV: an event for this core and all others (B1.5.18). */
  sendEventToAll(): void {
    this.special[EVENT] = 1;
    this.onSendEvent?.();
  }

  /** All that the core remembers, memory and hooks excepted. */
  copyState(): CoreSnapshot {
    return {
      words: this.words.slice(),
      counters: this.counters.slice(),
      nvicWords: this.nvic.state.words.slice(),
      priorities: this.nvic.state.priorities.slice(),
      sysTick: this.sysTick.state.slice(),
      systemControl: this.systemControl.state.slice(),
    };
  }

  restoreState(saved: CoreSnapshot): void {
    this.words.set(saved.words);
    this.counters.set(saved.counters);
    this.nvic.state.words.set(saved.nvicWords);
    this.nvic.state.priorities.set(saved.priorities);
    this.sysTick.state.set(saved.sysTick);
    this.systemControl.state.set(saved.systemControl);
    this.status = 0;
    this.stops.length = 0;
    this.sysTick.updateDue();
    this.nvic.update();
  }

  /** A debugger sets a register (0 to 15). Setting PC also wakes the core and makes it Thumb. */
  writeRegister(index: number, value: number): void {
    this.registers[index] = index === PC ? value & ~1 : index === SP ? value & ~3 : value;
    if (index !== PC) return;
    this.stops.length = 0;
    this.special[THUMB] = 1;
    this.special[SLEEP] = 0;
  }

  /** APSR, IPSR and EPSR in one word, as in an exception frame (B1.4.2). */
  xpsr(): number {
    return this.apsr() | (this.special[THUMB]! << 24) | this.special[IPSR]!;
  }

  /** N, Z, C and V in bits 31 to 28. */
  apsr(): number {
    const flags = this.flags;
    return (
      (flags[FLAG_N]! & (1 << 31)) |
      (flags[FLAG_Z] === 0 ? 1 << 30 : 0) |
      (flags[FLAG_C]! << 29) |
      ((flags[FLAG_V]! & (1 << 31)) >>> 3)
    );
  }

  /** Sets N, Z, C and V from bits 31 to 28. */
  setFlags(apsr: number): void {
    this.flags[FLAG_N] = apsr;
    this.flags[FLAG_Z] = (apsr & (1 << 30)) === 0 ? 1 : 0;
    this.flags[FLAG_C] = (apsr >>> 29) & 1;
    this.flags[FLAG_V] = apsr << 3;
  }

  get mainStackPointer(): number {
    return this.usesProcessStack() ? this.special[OTHER_SP]! : this.registers[SP]!;
  }

  get processStackPointer(): number {
    return this.usesProcessStack() ? this.registers[SP]! : this.special[OTHER_SP]!;
  }

  /** Sets MSP or PSP, whichever of them SP is. */
  setStackPointer(which: "main" | "process", value: number): void {
    if ((which === "process") === this.usesProcessStack()) this.registers[SP] = value & ~3;
    else this.special[OTHER_SP] = value & ~3;
  }

  /** Makes SP the main stack pointer. Before CONTROL.SPSEL changes. */
  useMainStack(): void {
    if (this.usesProcessStack()) this.swapStacks();
  }

  /** Makes SP the process stack pointer. After CONTROL.SPSEL has changed. */
  useProcessStack(): void {
    this.swapStacks();
  }

  /** Thread mode: chooses the stack by CONTROL.SPSEL. */
  selectStack(spsel: number): void {
    if ((this.special[CONTROL]! & 2) === spsel) return;
    this.special[CONTROL] = (this.special[CONTROL]! & ~2) | spsel;
    this.swapStacks();
  }

  /** The priority that an exception must beat (B1.5.4). */
  executionPriority(): number {
    const active = this.nvic.activePriority;
    return this.special[PRIMASK] !== 0 && active > 0 ? 0 : active;
  }

  /** After a change of anything that decides whether an exception can be taken. */
  reviewAttention(): void {
    if (this.nvic.nextPriority < this.executionPriority()) this.status |= STATUS_ATTENTION;
    else this.status &= ~STATUS_ATTENTION;
  }

  /**
   * A load as the core does it, in full generality. Sets the fault flag (`takeFault`) and returns 0 where it fails;
   * counts the cycles that go beyond the first.
   */
  load(location: number, size: 1 | 2 | 4): number {
    const address = location >>> 0;
    if ((address & (size - 1)) !== 0) return this.fault();
    if (this.hasLoadWatches) this.checkLoadWatch(address, size);
    const window = this.windowAt(address);
    if (window !== undefined) {
      this.counters[CYCLES]!++;
      return readRegion(window.region, address - window.base, size);
    }
    if (address >= 0xd0000000) {
      if (address < 0xe0000000) return this.io.read(address & 0x0fffffff, size) | 0;
      if (address < 0xe0100000) {
        this.counters[CYCLES]!++;
        return extract(this.systemControl.read((address & 0xffffc) >>> 0), address, size);
      }
    }
    return this.loadFromBus(address, size);
  }

  /** A store as the core does it; see `load`. */
  store(location: number, size: 1 | 2 | 4, value: number): void {
    const address = location >>> 0;
    if ((address & (size - 1)) !== 0) {
      this.fault();
      return;
    }
    const window = this.windowAt(address);
    if (window?.region.isWritable) {
      this.counters[CYCLES]!++;
      this.storeToRegion(window, address, size, value);
      return;
    }
    if (this.watchedWords.size > 0) this.checkStoreWatch(address, size, value);
    if (address >= 0xd0000000 && address < 0xe0000000) {
      this.syncClock();
      this.io.write(address & 0x0fffffff, size, value >>> 0);
      this.noteRevision();
    } else if (address >= 0xe0000000 && address < 0xe0100000) {
      this.counters[CYCLES]!++;
      this.storeToPrivateBus(address, size, value);
    } else {
      this.storeToBus(address, size, value);
    }
  }

  /** Brings virtual time to where the core is, before a hook or an access. */
  syncClock(): void {
    this.clock.sync(this.accessCycle);
  }

  /** Whether a load or store has failed since the last call. */
  takeFault(): boolean {
    const hasFaulted = this.hasFaulted;
    this.hasFaulted = false;
    return hasFaulted;
  }

  /** The memory window that covers an address. */
  windowAt(address: number): MemoryWindow | undefined {
    for (const window of this.windows[address >>> 24]!) {
      if (address >= window.base && address - window.base < window.region.size) return window;
    }
    return undefined;
  }

  /** Hooks the instruction at an address (`onCode`); returns false where no code can be. */
  setCodeHook(address: number, isSet: boolean): boolean {
    const window = this.windowAt(address);
    if (window === undefined) return false;
    window.region.setHook(address - window.base, isSet || this.traps.has(address));
    return true;
  }

  /**
   * Runs `handler` instead of the instruction at an address: a routine of the boot ROM, say. It may change registers
   * and memory, and has to move PC on.
   */
  setTrap(address: number, handler: () => void): boolean {
    this.traps.set(address, handler);
    return this.setCodeHook(address, true);
  }

  /** Watches stores to the words of a range (`onStore`). */
  watchStores(address: number, length: number, isSet: boolean): void {
    this.setWatch(address, length, MARK_STORE, isSet);
  }

  /** Watches loads from the words of a range (`onLoad`). While any load is watched, all are slower. */
  watchLoads(address: number, length: number, isSet: boolean): void {
    this.setWatch(address, length, MARK_LOAD, isSet);
    this.hasLoadWatches = [...this.watchedWords.values()].some((marks) => (marks & MARK_LOAD) !== 0);
  }

  /** For execute.ts: the hooked instruction at PC is next. Returns whether it may be executed now. */
  reachHook(): boolean {
    const pc = this.registers[PC]! >>> 0;
    const sp = this.registers[SP]!;
    if (!this.leaveStop(pc, sp)) {
      this.syncClock();
      if (this.hooks.onCode?.(pc) === true) {
        this.stops.push(pc, sp);
        this.requestStop("hook");
        return false;
      }
    }
    const trap = this.traps.get(pc);
    if (trap !== undefined) {
      trap();
      this.counters[CYCLES]!++;
      return false;
    }
    return true;
  }

  private isHooked(): boolean {
    const window = this.findWindow() ? this.window : undefined;
    return window?.region.hasHook((this.registers[PC]! >>> 0) - window.base) ?? false;
  }

  /** Forgets that the core has stopped at a place, and whether it had. */
  private leaveStop(pc: number, sp: number): boolean {
    const { stops } = this;
    if (stops[stops.length - 2] !== pc || stops[stops.length - 1] !== sp) return false;
    stops.length -= 2;
    return true;
  }

  /** For execute.ts: WFI (`ASLEEP_WFI`) or WFE; PC is behind the instruction already. */
  sleep(kind: number): void {
    if (kind === ASLEEP_WFE && this.special[EVENT] !== 0) {
      this.special[EVENT] = 0;
      return;
    }
    if (this.isWakeCondition(kind)) return;
    this.special[SLEEP] = kind;
    this.syncClock();
    this.hooks.onSleep?.();
    this.status |= STATUS_ATTENTION;
  }

  /** The window of an address that PC is about to get, or a fault. For execute.ts, after a jump. */
  findWindow(): boolean {
    const pc = this.registers[PC]! >>> 0;
    const { base, region } = this.window;
    if (pc >= base && pc - base < region.size) return true;
    const window = this.windowAt(pc);
    if (window === undefined) return false;
    this.window = window;
    return true;
  }

  /** Whether the sleeping core goes on, and makes it go on (B1.5.18, B1.5.19). */
  private wakeUp(): boolean {
    const kind = this.special[SLEEP]!;
    if (kind === ASLEEP_WFE && this.special[EVENT] !== 0) this.special[EVENT] = 0;
    else if (!this.isWakeCondition(kind)) return false;
    this.special[SLEEP] = 0;
    this.reviewAttention();
    this.accessCycle = this.cycles;
    this.syncClock();
    this.hooks.onWake?.();
    return true;
  }

  /** WFI wakes for an exception that only PRIMASK holds back; WFE does not. */
  private isWakeCondition(kind: number): boolean {
    const { nextPriority, activePriority } = this.nvic;
    return nextPriority < (kind === ASLEEP_WFI ? activePriority : this.executionPriority());
  }

  /**
   * An exception can be taken. First its entry takes time, in which events may happen; then the one with the highest
   * priority is entered, so that a late arrival comes first (B1.5.11). Returns whether anything was done.
   */
  private spendEntryOrEnter(): boolean {
    if (this.nvic.nextPriority >= this.executionPriority()) {
      this.special[ENTERING] = 0;
      this.reviewAttention();
      return false;
    }
    if (this.special[ENTERING] === 0) {
      this.special[ENTERING] = 1;
      this.counters[CYCLES]! += ENTRY_CYCLES;
      return true;
    }
    this.accessCycle = this.cycles;
    enterException(this, this.nvic.nextException, this.registers[PC]!);
    return true;
  }

  private usesProcessStack(): boolean {
    return (this.special[CONTROL]! & 2) !== 0;
  }

  private swapStacks(): void {
    const sp = this.registers[SP]!;
    this.registers[SP] = this.special[OTHER_SP]!;
    this.special[OTHER_SP] = sp;
  }

  private fault(): number {
    this.hasFaulted = true;
    return 0;
  }

  private loadFromBus(address: number, size: 1 | 2 | 4): number {
    const bus = this.bus;
    this.syncClock();
    const value = bus.read(address, size);
    this.finishBusAccess();
    return value | 0;
  }

  private storeToBus(address: number, size: 1 | 2 | 4, value: number): void {
    this.syncClock();
    this.bus.write(address, size, value >>> 0);
    this.finishBusAccess();
  }

  private finishBusAccess(): void {
    const bus = this.bus;
    this.counters[CYCLES]! += 1 + bus.waitCycles;
    bus.waitCycles = 0;
    if (bus.hasFaulted) {
      bus.hasFaulted = false;
      this.hasFaulted = true;
    }
    this.noteRevision();
  }

  private noteRevision(): void {
    if (this.clock.revision !== this.revision) this.requestStop("deadline");
  }

  /** The PPB has words only (B3.1.1); a narrower store changes its part of the word. */
  private storeToPrivateBus(address: number, size: 1 | 2 | 4, value: number): void {
    const offset = (address & 0xffffc) >>> 0;
    if (size === 4) {
      this.systemControl.write(offset, value);
      return;
    }
    const shift = 8 * (address & 3);
    const mask = (size === 1 ? 0xff : 0xffff) << shift;
    this.systemControl.write(offset, (this.systemControl.read(offset) & ~mask) | ((value << shift) & mask));
  }

  private storeToRegion(window: MemoryWindow, address: number, size: 1 | 2 | 4, value: number): void {
    const region = window.region;
    const offset = address - window.base;
    if ((region.marks[offset >>> 2]! & MARK_STORE) !== 0) this.tellStore(address, size, value);
    if (size === 4) region.writeWord(offset, value);
    else if (size === 2) region.writeHalfword(offset, value);
    else region.writeByte(offset, value);
  }

  private tellStore(address: number, size: 1 | 2 | 4, value: number): void {
    const narrowed = size === 4 ? value >>> 0 : value & (size === 2 ? 0xffff : 0xff);
    this.syncClock();
    if (this.hooks.onStore?.(address, size, narrowed) === true) this.requestStop("hook");
  }

  private checkStoreWatch(address: number, size: 1 | 2 | 4, value: number): void {
    const marks = this.watchedWords.get((address & ~3) >>> 0) ?? 0;
    if ((marks & MARK_STORE) !== 0) this.tellStore(address, size, value);
  }

  private checkLoadWatch(address: number, size: 1 | 2 | 4): void {
    const marks = this.watchedWords.get((address & ~3) >>> 0) ?? 0;
    if ((marks & MARK_LOAD) === 0) return;
    this.syncClock();
    if (this.hooks.onLoad?.(address, size) === true) this.requestStop("hook");
  }

  private setWatch(address: number, length: number, mark: number, isSet: boolean): void {
    const end = address + length;
    for (let word = (address & ~3) >>> 0; word < end; word += 4) {
      const marks = this.watchedWords.get(word) ?? 0;
      const changed = isSet ? marks | mark : marks & ~mark;
      if (changed === 0) this.watchedWords.delete(word);
      else this.watchedWords.set(word, changed);
      const window = this.windowAt(word);
      if (mark === MARK_STORE) window?.region.watchStores(word - window.base, isSet);
    }
  }
}

/** A word that `onLoad` is called for; beside MARK_STORE in `watchedWords`. */
const MARK_LOAD = 2;

/** Cycles per call of the inner loop at most, so that they fit a small integer. */
const MAX_SLICE = 0x3fffffff;

function windowsByTopByte(windows: readonly MemoryWindow[]): readonly (readonly MemoryWindow[])[] {
  return Array.from({ length: 256 }, (_, top) =>
    windows.filter(({ base, region }) => base >>> 24 <= top && top <= (base + region.size - 1) >>> 24),
  );
}

function readRegion(region: MemoryRegion, offset: number, size: 1 | 2 | 4): number {
  if (size === 4) return region.words[offset >>> 2]!;
  return size === 2 ? region.halfwords[offset >>> 1]! : region.bytes[offset]!;
}

function extract(word: number, address: number, size: 1 | 2 | 4): number {
  if (size === 4) return word | 0;
  return (word >>> (8 * (address & 3))) & (size === 1 ? 0xff : 0xffff);
}
