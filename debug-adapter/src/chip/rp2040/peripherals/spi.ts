import type { Nanoseconds } from "../../../base/brand";
import type { InterruptInput } from "../../peripheral";
import { RegisterBlock } from "../../register-block";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";
import { PinFunction, spiPins } from "../pin-functions";
import type { IoBank0 } from "./io-bank0";

const SSPCR0 = 0x00;
const SSPCR1 = 0x04;
const SSPDR = 0x08;
const SSPSR = 0x0c;
const SSPCPSR = 0x10;
const SSPIMSC = 0x14;
const SSPRIS = 0x18;
const SSPMIS = 0x1c;
const SSPICR = 0x20;
const SSPDMACR = 0x24;

const FIFO_DEPTH = 8;
/** RX and TX interrupts come at half a FIFO (datasheet 4.4.3.15). */
const HALF_FIFO = 4;
const LBM = 1;
const SSE = 2;
const ROR = 1;
const RT = 2;
const RX = 4;
const TX = 8;

/**
 * SPI0 and SPI1 (datasheet 4.4), ARM's PL022, as controller. Frames take their time and fill the FIFOs, but are not
 * clocked out bit by bit: the pins stay at rest, and what comes in is the level of the RX pin, in every bit. So the
 * first use of SSPDR is reported.
 */
export class Spi extends RegisterBlock<{
  txFifo: number[];
  rxFifo: number[];
  shifting: number;
  latched: number;
}> {
  private readonly frameDone: TimedEvent;
  private readonly interruptLine: number;

  constructor(
    private readonly index: 0 | 1,
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    private readonly io: IoBank0,
    private readonly peripheralHz: () => number,
    private readonly onDataRequest: () => void,
  ) {
    super(
      `SPI${index}`,
      index === 0 ? 0x4003_c000 : 0x4004_0000,
      0x1000,
      {
        [SSPCR0]: { name: "SSPCR0", writable: 0xffff },
        [SSPCR1]: { name: "SSPCR1", writable: 0xf },
        [SSPDR]: { name: "SSPDR", isEmulated: false },
        [SSPSR]: { name: "SSPSR" },
        [SSPCPSR]: { name: "SSPCPSR", writable: 0xff },
        [SSPIMSC]: { name: "SSPIMSC", writable: 0xf },
        [SSPRIS]: { name: "SSPRIS" },
        [SSPMIS]: { name: "SSPMIS" },
        [SSPICR]: { name: "SSPICR" },
        [SSPDMACR]: { name: "SSPDMACR", writable: 3 },
        0xfe0: { name: "SSPPERIPHID0", reset: 0x22 },
        0xfe4: { name: "SSPPERIPHID1", reset: 0x10 },
        0xfe8: { name: "SSPPERIPHID2", reset: 0x34 },
        0xfec: { name: "SSPPERIPHID3" },
        0xff0: { name: "SSPPCELLID0", reset: 0x0d },
        0xff4: { name: "SSPPCELLID1", reset: 0xf0 },
        0xff8: { name: "SSPPCELLID2", reset: 0x05 },
        0xffc: { name: "SSPPCELLID3", reset: 0xb1 },
      },
      { txFifo: [], rxFifo: [], shifting: -1, latched: 0 },
    );
    this.interruptLine = index === 0 ? Interrupt.SPI0_IRQ : Interrupt.SPI1_IRQ;
    this.frameDone = scheduler.addEvent(`SPI${index} frame`, () => this.finishFrame());
    for (const signal of ["CSn", "SCK", "TX"] as const) {
      for (const pin of spiPins(index, signal)) io.setOutput(pin, PinFunction.SPI, signal === "CSn", true);
    }
  }

  get wantsTransmitData(): boolean {
    return (this.registers[SSPDMACR >> 2]! & 2) !== 0 && this.state.txFifo.length < FIFO_DEPTH;
  }

  get hasReceivedData(): boolean {
    return (this.registers[SSPDMACR >> 2]! & 1) !== 0 && this.state.rxFifo.length > 0;
  }

  override read(offset: number): number {
    if (offset !== SSPDR) return this.peek(offset);
    const frame = this.state.rxFifo.shift() ?? 0;
    this.update();
    return frame;
  }

  override peek(offset: number): number {
    const { state } = this;
    switch (offset) {
      case SSPDR:
        return state.rxFifo[0] ?? 0;
      case SSPSR:
        return (
          (state.txFifo.length === 0 ? 1 : 0) |
          (state.txFifo.length < FIFO_DEPTH ? 2 : 0) |
          (state.rxFifo.length > 0 ? 4 : 0) |
          (state.rxFifo.length >= FIFO_DEPTH ? 8 : 0) |
          (state.shifting >= 0 || state.txFifo.length > 0 ? 16 : 0)
        );
      case SSPRIS:
        return this.causes();
      case SSPMIS:
        return this.causes() & this.registers[SSPIMSC >> 2]!;
      default:
        return super.peek(offset);
    }
  }

  override write(offset: number, value: number): void {
    const { state } = this;
    if (offset === SSPDR) {
      if (state.txFifo.length < FIFO_DEPTH) state.txFifo.push(value & 0xffff);
    } else if (offset === SSPICR) {
      state.latched &= ~(value & (ROR | RT));
    } else {
      super.write(offset, value);
    }
    this.startFrame();
    this.update();
  }

  override reset(): void {
    super.reset();
    this.frameDone.cancel();
    this.update();
  }

  private startFrame(): void {
    const { state, registers } = this;
    const isEnabled = (registers[SSPCR1 >> 2]! & SSE) !== 0;
    const prescale = registers[SSPCPSR >> 2]! & 0xfe;
    const hz = this.peripheralHz();
    if (!isEnabled || prescale === 0 || hz === 0 || state.shifting >= 0 || state.txFifo.length === 0) return;
    state.shifting = state.txFifo.shift()!;
    const cr0 = registers[SSPCR0 >> 2]!;
    const bits = (cr0 & 0xf) + 1;
    const time = (bits * prescale * (1 + (cr0 >>> 8)) * 1e9) / hz;
    this.frameDone.schedule(Math.ceil(this.scheduler.now + time) as Nanoseconds);
  }

  private finishFrame(): void {
    const { state, registers } = this;
    const mask = 2 ** ((registers[SSPCR0 >> 2]! & 0xf) + 1) - 1;
    const isLoopedBack = (registers[SSPCR1 >> 2]! & LBM) !== 0;
    const frame = (isLoopedBack ? state.shifting : this.receivedLevel()) & mask;
    state.shifting = -1;
    if (state.rxFifo.length < FIFO_DEPTH) state.rxFifo.push(frame);
    else state.latched |= ROR;
    this.startFrame();
    this.update();
  }

  private receivedLevel(): number {
    const pin = spiPins(this.index, "RX").find((each) => this.io.functionOf(each) === PinFunction.SPI);
    return pin !== undefined && ((this.io.inputs >>> pin) & 1) !== 0 ? 0xffff : 0;
  }

  private causes(): number {
    const { state } = this;
    return (
      state.latched |
      (state.rxFifo.length >= HALF_FIFO ? RX : 0) |
      (state.txFifo.length <= HALF_FIFO ? TX : 0)
    );
  }

  private update(): void {
    const isPending = (this.causes() & this.registers[SSPIMSC >> 2]!) !== 0;
    this.interrupts.setLevel(this.interruptLine, isPending);
    this.onDataRequest();
  }
}
