import type { Nanoseconds } from "../../../base/brand";
import type { Connection } from "../../net";
import type { InterruptInput, Peripheral } from "../../peripheral";
import { restoreState } from "../../plain-state";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";
import { PinFunction, uartPins, type UartSignal } from "../pin-functions";
import type { IoBank0 } from "./io-bank0";
import * as reg from "./uart-registers";

/** Depth of both FIFOs on the RP2040 (datasheet 4.2.2); with LCR_H.FEN clear they are one character deep. */
const FIFO_DEPTH = 32;
/** Level in 32nds for each value of RXIFLSEL and TXIFLSEL: 1/8, 1/4, 1/2, 3/4, 7/8. */
const TRIGGER_LEVELS = [4, 8, 16, 24, 28];
/** Without a further character for this long, a FIFO that is not empty raises RTRIS (4.2.6.4). */
const RECEIVE_TIMEOUT_BITS = 32;

/** What came in with a character: bits of UARTDR (4.2.8). */
export const UartError = { framing: 1 << 8, parity: 1 << 9, break: 1 << 10, overrun: 1 << 11 } as const;

function resetState() {
  return {
    ibrd: 0,
    fbrd: 0,
    /** IBRD and FBRD as the last write of LCR_H took them over, in 64ths (4.2.3.2.3). */
    divisor: 0,
    lcrH: 0,
    cr: reg.CR_RXE | reg.CR_TXE,
    ifls: 0x12,
    imsc: 0,
    ris: 0,
    dmacr: 0,
    rsr: 0,
    ilpr: 0,
    rxFifo: [] as number[],
    txFifo: [] as number[],
    /** The character on the wire, or -1. */
    shifting: -1,
    hasOverrun: false,
  };
}

/** Characters under way to the chip, which a reset of the block does not touch. */
function lineState() {
  return { incoming: [] as number[] };
}

/**
 * UART0 and UART1 (datasheet 4.2), ARM's PL011. Characters take the time that the divisors and clk_peri give them;
 * they are carried whole, so the TX pin itself stays at its idle level. A character fed from outside arrives at the
 * chip's own speed. Not emulated: IrDA, and RTS flow control by FIFO level.
 */
export class Uart implements Peripheral {
  readonly name: "UART0" | "UART1";
  readonly baseAddress: number;
  readonly size = 0x1000;
  readonly state = { ...resetState(), line: lineState() };
  private readonly sent: TimedEvent;
  private readonly received: TimedEvent;
  private readonly timeout: TimedEvent;
  private readonly interruptLine: number;
  /** Replaced, never changed: a terminal may be taken off. */
  private listeners: readonly ((byte: number) => void)[] = [];
  private readonly arrivals: ((byte: number) => void)[] = [];

  constructor(
    readonly index: 0 | 1,
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    private readonly io: IoBank0,
    private readonly peripheralHz: () => number,
    private readonly onDataRequest: () => void,
  ) {
    this.name = `UART${index}`;
    this.baseAddress = index === 0 ? 0x4003_4000 : 0x4003_8000;
    this.interruptLine = index === 0 ? Interrupt.UART0_IRQ : Interrupt.UART1_IRQ;
    this.sent = scheduler.addEvent(`${this.name} character sent`, () => this.finishSending());
    this.received = scheduler.addEvent(`${this.name} character received`, () => this.finishReceiving());
    this.timeout = scheduler.addEvent(`${this.name} receive timeout`, () => this.raise(reg.RT));
    this.driveTx();
  }

  /** Calls `listener` for every character that leaves the chip through a pin. */
  onSent(listener: (byte: number) => void): Connection {
    this.listeners = [...this.listeners, listener];
    return { remove: () => void (this.listeners = this.listeners.filter((other) => other !== listener)) };
  }

  /** Calls `listener` for every character that the chip receives. */
  onReceived(listener: (byte: number) => void): void {
    this.arrivals.push(listener);
  }

  /** Sends characters to the chip, one behind the other; each may carry bits of UartError. */
  feed(characters: Iterable<number>): void {
    const { incoming } = this.state.line;
    const wasIdle = incoming.length === 0;
    incoming.push(...characters);
    if (wasIdle && incoming.length > 0) this.scheduleArrival();
  }

  /** Bits per second, or 0 while the divisors or the clock are not set up. */
  get baudRate(): number {
    const { divisor } = this.state;
    return divisor === 0 ? 0 : (this.peripheralHz() * 4) / divisor;
  }

  /** Whether a DMA channel may write UARTDR, or read it (4.2.5). */
  get wantsTransmitData(): boolean {
    return (this.state.dmacr & reg.TXDMAE) !== 0 && this.state.txFifo.length < this.depth;
  }

  get hasReceivedData(): boolean {
    return (this.state.dmacr & reg.RXDMAE) !== 0 && this.state.rxFifo.length > 0;
  }

  read(offset: number): number {
    return offset === reg.DR ? this.readData() : this.peek(offset);
  }

  peek(offset: number): number {
    const { state } = this;
    switch (offset) {
      case reg.DR:
        return state.rxFifo[0] ?? 0;
      case reg.RSR:
        return state.rsr;
      case reg.FR:
        return this.flags();
      case reg.ILPR:
        return state.ilpr;
      case reg.IBRD:
        return state.ibrd;
      case reg.FBRD:
        return state.fbrd;
      case reg.LCR_H:
        return state.lcrH;
      case reg.CR:
        return state.cr;
      case reg.IFLS:
        return state.ifls;
      case reg.IMSC:
        return state.imsc;
      case reg.RIS:
        return state.ris;
      case reg.MIS:
        return state.ris & state.imsc;
      case reg.DMACR:
        return state.dmacr;
      default:
        return reg.IDENTIFICATION[offset] ?? 0;
    }
  }

  write(offset: number, value: number): void {
    const { state } = this;
    switch (offset) {
      case reg.DR:
        this.send(value & 0xff);
        return;
      case reg.RSR:
        state.rsr = 0;
        return;
      case reg.ILPR:
        state.ilpr = value & 0xff;
        return;
      case reg.IBRD:
        state.ibrd = value & 0xffff;
        return;
      case reg.FBRD:
        state.fbrd = value & 0x3f;
        return;
      case reg.LCR_H:
        this.writeLineControl(value & 0xff);
        return;
      case reg.CR:
        state.cr = value & 0xff87;
        this.startSending();
        return;
      case reg.IFLS:
        state.ifls = value & 0x3f;
        return;
      case reg.IMSC:
        state.imsc = value & 0x7ff;
        this.updateInterrupt();
        return;
      case reg.ICR:
        state.ris &= ~value;
        this.updateInterrupt();
        return;
      case reg.DMACR:
        state.dmacr = value & 7;
        this.updateInterrupt();
    }
  }

  reset(): void {
    restoreState(this.state, { ...resetState(), line: this.state.line });
    this.sent.cancel();
    this.timeout.cancel();
    this.driveTx();
    this.updateInterrupt();
  }

  registerName(offset: number): string | undefined {
    return reg.NAMES[offset];
  }

  isEmulated(offset: number): boolean {
    return offset in reg.NAMES && offset !== reg.ILPR;
  }

  private get depth(): number {
    return (this.state.lcrH & reg.FEN) !== 0 ? FIFO_DEPTH : 1;
  }

  private flags(): number {
    const { state, depth } = this;
    const isBusy = state.shifting >= 0 || state.txFifo.length > 0;
    return (
      (state.txFifo.length === 0 ? reg.TXFE : 0) |
      (state.rxFifo.length >= depth ? reg.RXFF : 0) |
      (state.txFifo.length >= depth ? reg.TXFF : 0) |
      (state.rxFifo.length === 0 ? reg.RXFE : 0) |
      (isBusy ? reg.BUSY : 0) |
      (this.isClearToSend() ? reg.CTS : 0)
    );
  }

  /** nUARTCTS is low where a pin carries it; an unconnected input of the block is low too. */
  private isClearToSend(): boolean {
    const pins = this.routedPins("CTS");
    return pins.every((pin) => ((this.io.inputs >>> pin) & 1) === 0);
  }

  private writeLineControl(value: number): void {
    const { state } = this;
    if (((state.lcrH ^ value) & reg.FEN) !== 0) {
      state.rxFifo.length = 0;
      state.txFifo.length = 0;
    }
    state.lcrH = value;
    state.divisor = state.ibrd * 64 + state.fbrd;
    this.driveTx();
    this.startSending();
  }

  // Transmitter

  private send(byte: number): void {
    const { state } = this;
    if (state.txFifo.length < this.depth) state.txFifo.push(byte);
    this.startSending();
    if (state.txFifo.length > this.transmitTrigger) state.ris &= ~reg.TX;
    this.updateInterrupt();
  }

  private startSending(): void {
    const { state } = this;
    const on = reg.CR_UARTEN | reg.CR_TXE;
    if (state.shifting >= 0 || state.txFifo.length === 0 || (state.cr & on) !== on) return;
    if ((state.cr & reg.CR_CTSEN) !== 0 && !this.isClearToSend()) return;
    const period = this.frameTime();
    if (period === Infinity) return;
    const level = state.txFifo.length;
    state.shifting = state.txFifo.shift()!;
    this.updateInterrupt();
    // The interrupt comes with the transition through the level, not with the level (4.2.6.3).
    if (level > this.transmitTrigger && level - 1 <= this.transmitTrigger) this.raise(reg.TX);
    this.sent.schedule((this.scheduler.now + period) as Nanoseconds);
  }

  private finishSending(): void {
    const { state } = this;
    const byte = state.shifting;
    state.shifting = -1;
    if ((state.cr & reg.CR_LBE) !== 0) this.receive(byte);
    else if (this.routedPins("TX").length > 0) for (const listener of this.listeners) listener(byte);
    this.startSending();
  }

  private get transmitTrigger(): number {
    return this.depth === 1 ? 0 : (TRIGGER_LEVELS[this.state.ifls & 7] ?? 28);
  }

  private driveTx(): void {
    const isIdle = (this.state.lcrH & reg.BRK) === 0;
    for (const pin of uartPins(this.index, "TX")) this.io.setOutput(pin, PinFunction.UART, isIdle, true);
    for (const pin of uartPins(this.index, "RTS")) this.io.setOutput(pin, PinFunction.UART, false, true);
  }

  // Receiver

  private scheduleArrival(): void {
    const period = this.frameTime();
    // Before the chip has set its speed, characters are lost at the speed of 115200 baud.
    const time = period === Infinity ? 86_806 : period;
    this.received.schedule((this.scheduler.now + time) as Nanoseconds);
  }

  private finishReceiving(): void {
    const { incoming } = this.state.line;
    const character = incoming.shift()!;
    if (incoming.length > 0) this.scheduleArrival();
    const on = reg.CR_UARTEN | reg.CR_RXE;
    const isListening = (this.state.cr & on) === on && (this.state.cr & reg.CR_LBE) === 0;
    if (!isListening || this.state.divisor === 0 || this.routedPins("RX").length === 0) return;
    for (const listener of this.arrivals) listener(character & 0xff);
    this.receive(character);
  }

  private receive(character: number): void {
    const { state } = this;
    const errors = character & 0x700;
    if (state.rxFifo.length >= this.depth) {
      state.hasOverrun = true;
      this.raise(reg.OE);
      return;
    }
    state.rxFifo.push(state.hasOverrun ? character | UartError.overrun : character);
    state.hasOverrun = false;
    this.raise(errors >>> 1);
    if (state.rxFifo.length >= this.receiveTrigger) this.raise(reg.RX);
    const timeout = RECEIVE_TIMEOUT_BITS * this.bitTime();
    this.timeout.schedule(Math.ceil(this.scheduler.now + timeout) as Nanoseconds);
  }

  private readData(): number {
    const { state } = this;
    const character = state.rxFifo.shift();
    if (character === undefined) return 0;
    state.rsr = (character >>> 8) & 0xf;
    if (state.rxFifo.length < this.receiveTrigger) state.ris &= ~reg.RX;
    if (state.rxFifo.length === 0) {
      state.ris &= ~reg.RT;
      this.timeout.cancel();
    }
    this.updateInterrupt();
    return character;
  }

  private get receiveTrigger(): number {
    return this.depth === 1 ? 1 : (TRIGGER_LEVELS[(this.state.ifls >>> 3) & 7] ?? 28);
  }

  // Time, pins, interrupt

  private bitTime(): number {
    const baud = this.baudRate;
    return baud === 0 ? Infinity : 1e9 / baud;
  }

  private frameTime(): number {
    const { lcrH } = this.state;
    const parity = (lcrH & reg.PEN) !== 0 ? 1 : 0;
    const stop = (lcrH & reg.STP2) !== 0 ? 2 : 1;
    const bits = 1 + 5 + ((lcrH >>> 5) & 3) + parity + stop;
    return Math.ceil(bits * this.bitTime());
  }

  private routedPins(signal: UartSignal): number[] {
    return uartPins(this.index, signal).filter((pin) => this.io.functionOf(pin) === PinFunction.UART);
  }

  private raise(bits: number): void {
    this.state.ris |= bits;
    this.updateInterrupt();
  }

  private updateInterrupt(): void {
    this.interrupts.setLevel(this.interruptLine, (this.state.ris & this.state.imsc) !== 0);
    if (this.state.dmacr !== 0) this.onDataRequest();
  }
}
