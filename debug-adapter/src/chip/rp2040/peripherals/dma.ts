import type { Nanoseconds } from "../../../base/brand";
import type { InterruptInput, Peripheral } from "../../peripheral";
import { restoreState } from "../../plain-state";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";
import * as reg from "./dma-registers";

/** What a DMA channel reads and writes through. A failed access sets `hasFaulted`. */
export interface DmaBus {
  read(address: number, size: 1 | 2 | 4): number;
  write(address: number, size: 1 | 2 | 4, value: number): void;
  waitCycles: number;
  hasFaulted: boolean;
}

/** Transfers that are made in one go: the core sees memory change in steps, and a run end that much early at most. */
const BATCH = 16;

function resetState() {
  return {
    readAddress: new Uint32Array(reg.CHANNELS),
    writeAddress: new Uint32Array(reg.CHANNELS),
    /** What TRANS_COUNT is loaded with at the next trigger, and what is left of this run. */
    reload: new Uint32Array(reg.CHANNELS),
    remaining: new Uint32Array(reg.CHANNELS),
    ctrl: new Uint32Array(reg.CHANNELS).fill(0).map((_, n) => n << reg.CHAIN_TO_SHIFT),
    /** When a channel paced by a timer may transfer again. */
    pacedUntil: new Float64Array(reg.CHANNELS),
    intr: 0,
    inte: new Uint32Array(2),
    intf: new Uint32Array(2),
    timers: new Uint32Array(4),
    sniffCtrl: 0,
    sniffData: 0,
  };
}

/**
 * DMA (datasheet 2.5): twelve channels, chaining, rings, byte swap, data requests of UART, I2C, SPI and ADC, pacing
 * timers. A transfer takes one cycle. Not emulated: the sniffer, and requests of PIO, PWM and XIP, whose channels
 * wait for ever.
 */
export class Dma implements Peripheral {
  readonly name = "DMA";
  readonly baseAddress = 0x5000_0000;
  readonly size = 0x1000;
  readonly state = resetState();
  private readonly event: TimedEvent;

  /**
   * @param requests whether a data request is asserted, by TREQ_SEL; undefined for one that is not emulated
   * @param onUnimplemented told the first time a channel waits for such a request
   */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    private readonly wires: {
      readonly bus: () => DmaBus;
      readonly systemHz: () => number;
      readonly request: (treq: number) => boolean | undefined;
      readonly onUnimplemented: (what: string) => void;
    },
  ) {
    this.event = scheduler.addEvent("DMA", () => this.transferBatch());
  }

  /** A block's data request may have changed. */
  dataRequestChanged(): void {
    if (this.event.dueAt === Infinity && this.hasReadyChannel()) this.scheduleAfter(1);
  }

  read(offset: number): number {
    return this.peek(offset);
  }

  peek(offset: number): number {
    const { state } = this;
    if (offset < reg.CHANNELS * reg.CHANNEL_STRIDE) return this.peekChannel(offset);
    if (reg.isReloadCount(offset)) return state.reload[Math.floor((offset - reg.DBG) / reg.CHANNEL_STRIDE)]!;
    switch (offset) {
      case reg.INTR:
        return state.intr;
      case reg.INTE0:
        return state.inte[0]!;
      case reg.INTF0:
        return state.intf[0]!;
      case reg.INTS0:
        return this.ints(0);
      case reg.INTE1:
        return state.inte[1]!;
      case reg.INTF1:
        return state.intf[1]!;
      case reg.INTS1:
        return this.ints(1);
      case reg.SNIFF_CTRL:
        return state.sniffCtrl;
      case reg.SNIFF_DATA:
        return state.sniffData;
      case reg.N_CHANNELS:
        return reg.CHANNELS;
      default:
        return offset >= reg.TIMER0 && offset < reg.MULTI_CHAN_TRIGGER
          ? state.timers[(offset - reg.TIMER0) >> 2]!
          : 0;
    }
  }

  write(offset: number, value: number): void {
    const { state } = this;
    if (offset < reg.CHANNELS * reg.CHANNEL_STRIDE) {
      this.writeChannel(offset, value);
      return;
    }
    switch (offset) {
      case reg.INTR:
      case reg.INTS0:
      case reg.INTS1:
        state.intr &= ~value;
        break;
      case reg.INTE0:
        state.inte[0] = value & 0xffff;
        break;
      case reg.INTF0:
        state.intf[0] = value & 0xffff;
        break;
      case reg.INTE1:
        state.inte[1] = value & 0xffff;
        break;
      case reg.INTF1:
        state.intf[1] = value & 0xffff;
        break;
      case reg.SNIFF_CTRL:
        state.sniffCtrl = value & 0xfff;
        break;
      case reg.SNIFF_DATA:
        state.sniffData = value;
        break;
      case reg.MULTI_CHAN_TRIGGER:
        for (let n = 0; n < reg.CHANNELS; n++) if (((value >>> n) & 1) !== 0) this.trigger(n);
        break;
      case reg.CHAN_ABORT:
        for (let n = 0; n < reg.CHANNELS; n++) if (((value >>> n) & 1) !== 0) this.stop(n);
        break;
      default:
        if (offset >= reg.TIMER0 && offset < reg.MULTI_CHAN_TRIGGER) {
          state.timers[(offset - reg.TIMER0) >> 2] = value;
        }
    }
    this.updateInterrupts();
  }

  reset(): void {
    restoreState(this.state, resetState());
    this.event.cancel();
    this.updateInterrupts();
  }

  registerName(offset: number): string | undefined {
    return reg.registerName(offset);
  }

  isEmulated(offset: number): boolean {
    const isDebug = offset >= reg.DBG && !reg.isReloadCount(offset);
    const isSniffer = offset === reg.SNIFF_CTRL || offset === reg.SNIFF_DATA;
    return reg.registerName(offset) !== undefined && !isDebug && !isSniffer;
  }

  private peekChannel(offset: number): number {
    const { state } = this;
    const n = Math.floor(offset / reg.CHANNEL_STRIDE);
    switch (reg.CHANNEL_REGISTERS[(offset % reg.CHANNEL_STRIDE) >> 2]!.kind) {
      case "read":
        return state.readAddress[n]!;
      case "write":
        return state.writeAddress[n]!;
      case "count":
        return state.remaining[n]!;
      case "ctrl":
        return state.ctrl[n]!;
    }
  }

  private writeChannel(offset: number, value: number): void {
    const { state } = this;
    const n = Math.floor(offset / reg.CHANNEL_STRIDE);
    const { kind, isTrigger } = reg.CHANNEL_REGISTERS[(offset % reg.CHANNEL_STRIDE) >> 2]!;
    if (kind === "read") state.readAddress[n] = value;
    else if (kind === "write") state.writeAddress[n] = value;
    else if (kind === "count") {
      state.reload[n] = value;
      if (!this.isBusy(n)) state.remaining[n] = value;
    } else this.writeCtrl(n, value);
    if (!isTrigger) return;
    if (value !== 0) this.trigger(n);
    else if ((state.ctrl[n]! & reg.IRQ_QUIET) !== 0) this.raise(n);
  }

  private writeCtrl(n: number, value: number): void {
    const { ctrl } = this.state;
    const errors = ctrl[n]! & reg.ERRORS & ~value;
    const kept = ctrl[n]! & reg.BUSY;
    const anyError = errors !== 0 ? reg.AHB_ERROR : 0;
    ctrl[n] = (value & reg.CTRL_WRITABLE) | kept | errors | anyError;
    this.dataRequestChanged();
  }

  private isBusy(n: number): boolean {
    return (this.state.ctrl[n]! & reg.BUSY) !== 0;
  }

  private trigger(n: number): void {
    const { state } = this;
    if (this.isBusy(n) || (state.ctrl[n]! & reg.EN) === 0) return;
    state.remaining[n] = state.reload[n]!;
    state.pacedUntil[n] = this.scheduler.now;
    if (state.remaining[n] === 0) {
      this.complete(n);
      return;
    }
    state.ctrl[n]! |= reg.BUSY;
    const treq = (state.ctrl[n]! >>> reg.TREQ_SHIFT) & 0x3f;
    if (!isTimer(treq) && this.wires.request(treq) === undefined) {
      this.wires.onUnimplemented(`DMA.CH${n}_CTRL_TRIG with TREQ_SEL ${treq}`);
    }
    if (this.event.dueAt === Infinity) this.scheduleAfter(1);
  }

  private stop(n: number): void {
    this.state.ctrl[n]! &= ~reg.BUSY;
  }

  private complete(n: number): void {
    const { state } = this;
    this.stop(n);
    if ((state.ctrl[n]! & reg.IRQ_QUIET) === 0) this.raise(n);
    const next = (state.ctrl[n]! >>> reg.CHAIN_TO_SHIFT) & 0xf;
    if (next !== n && next < reg.CHANNELS) this.trigger(next);
  }

  private raise(n: number): void {
    this.state.intr |= 1 << n;
    this.updateInterrupts();
  }

  private ints(index: 0 | 1): number {
    return (this.state.intr & this.state.inte[index]!) | this.state.intf[index]!;
  }

  private updateInterrupts(): void {
    this.interrupts.setLevel(Interrupt.DMA_IRQ_0, this.ints(0) !== 0);
    this.interrupts.setLevel(Interrupt.DMA_IRQ_1, this.ints(1) !== 0);
  }

  // Transfers

  private isReady(n: number): boolean {
    const ctrl = this.state.ctrl[n]!;
    if ((ctrl & (reg.BUSY | reg.EN)) !== (reg.BUSY | reg.EN)) return false;
    const treq = (ctrl >>> reg.TREQ_SHIFT) & 0x3f;
    if (isTimer(treq)) return this.scheduler.now >= this.state.pacedUntil[n]!;
    return this.wires.request(treq) === true;
  }

  private hasReadyChannel(): boolean {
    for (let n = 0; n < reg.CHANNELS; n++) if (this.isReady(n)) return true;
    return false;
  }

  /** Channels take turns, one transfer each. */
  private transferBatch(): void {
    let done = 0;
    for (let progress = true; progress && done < BATCH;) {
      progress = false;
      for (let n = 0; n < reg.CHANNELS; n++) {
        if (!this.isReady(n)) continue;
        this.transfer(n);
        progress = true;
        done++;
      }
    }
    if (this.hasReadyChannel()) this.scheduleAfter(done);
    else this.scheduleNextPaced();
  }

  private transfer(n: number): void {
    const { state } = this;
    const ctrl = state.ctrl[n]!;
    const size = (1 << ((ctrl >>> 2) & 3)) as 1 | 2 | 4;
    const bus = this.wires.bus();
    const value = bus.read(state.readAddress[n]!, size);
    if (!this.noteError(n, reg.READ_ERROR)) {
      bus.write(state.writeAddress[n]!, size, (ctrl & reg.BSWAP) !== 0 ? swapBytes(value, size) : value);
      this.noteError(n, reg.WRITE_ERROR);
    }
    if ((ctrl & reg.INCR_READ) !== 0)
      state.readAddress[n] = advance(state.readAddress[n]!, size, ring(ctrl, 0));
    if ((ctrl & reg.INCR_WRITE) !== 0)
      state.writeAddress[n] = advance(state.writeAddress[n]!, size, ring(ctrl, 1));
    this.pace(n, ctrl);
    if (!this.isBusy(n)) return;
    state.remaining[n]!--;
    if (state.remaining[n] === 0) this.complete(n);
  }

  /** A failed access halts the channel and raises its interrupt (datasheet 2.5.4.4). */
  private noteError(n: number, error: number): boolean {
    const bus = this.wires.bus();
    const hasFailed = bus.hasFaulted;
    // The flags of the bus belong to the core's accesses.
    bus.hasFaulted = false;
    bus.waitCycles = 0;
    if (!hasFailed) return false;
    this.state.ctrl[n] = (this.state.ctrl[n]! & ~reg.BUSY) | error | reg.AHB_ERROR;
    this.raise(n);
    return true;
  }

  /** TIMERx: X transfers in Y cycles of clk_sys (datasheet 2.5.7, TIMER0). */
  private pace(n: number, ctrl: number): void {
    const treq = (ctrl >>> reg.TREQ_SHIFT) & 0x3f;
    if (!isTimer(treq)) return;
    const timer = this.state.timers[treq - reg.TREQ_TIMER0]!;
    const x = timer >>> 16;
    const y = timer & 0xffff;
    const period = x === 0 || y === 0 ? Infinity : ((y / x) * 1e9) / this.wires.systemHz();
    this.state.pacedUntil[n]! += period;
  }

  private scheduleNextPaced(): void {
    let next = Infinity;
    for (let n = 0; n < reg.CHANNELS; n++) {
      const treq = (this.state.ctrl[n]! >>> reg.TREQ_SHIFT) & 0x3f;
      if (this.isBusy(n) && isTimer(treq)) next = Math.min(next, this.state.pacedUntil[n]!);
    }
    if (next !== Infinity) this.event.schedule(Math.ceil(next) as Nanoseconds);
  }

  private scheduleAfter(cycles: number): void {
    const time = Math.ceil((cycles * 1e9) / this.wires.systemHz());
    this.event.schedule((this.scheduler.now + time) as Nanoseconds);
  }
}

function isTimer(treq: number): boolean {
  return treq >= reg.TREQ_TIMER0 && treq < reg.TREQ_PERMANENT;
}

/** Bits of the address that count, for the read (0) or the write (1) address; 0 for all. */
function ring(ctrl: number, side: 0 | 1): number {
  return ((ctrl >>> reg.RING_SEL_SHIFT) & 1) === side ? (ctrl >>> reg.RING_SIZE_SHIFT) & 0xf : 0;
}

function advance(address: number, size: number, ringBits: number): number {
  if (ringBits === 0) return (address + size) >>> 0;
  const mask = 2 ** ringBits - 1;
  return ((address & ~mask) | ((address + size) & mask)) >>> 0;
}

function swapBytes(value: number, size: 1 | 2 | 4): number {
  if (size === 1) return value;
  if (size === 2) return ((value & 0xff) << 8) | ((value >>> 8) & 0xff);
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
