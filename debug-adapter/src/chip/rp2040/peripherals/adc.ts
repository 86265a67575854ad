import type { Nanoseconds } from "../../../base/brand";
import type { InterruptInput } from "../../peripheral";
import { RegisterBlock } from "../../register-block";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";

const CS = 0x00;
const RESULT = 0x04;
const FCS = 0x08;
const FIFO = 0x0c;
const DIV = 0x10;
const INTR = 0x14;
const INTE = 0x18;
const INTF = 0x1c;
const INTS = 0x20;

const CS_EN = 1;
const CS_START_ONCE = 4;
const CS_START_MANY = 8;
const CS_READY = 1 << 8;
const FCS_EN = 1;
const FCS_SHIFT = 2;
const FCS_DREQ_EN = 8;
const FCS_EMPTY = 1 << 8;
const FCS_FULL = 1 << 9;
const FCS_UNDER = 1 << 10;
const FCS_OVER = 1 << 11;

const FIFO_DEPTH = 4;
/** Cycles of clk_adc per conversion (datasheet 4.9.2). */
const CONVERSION_CYCLES = 96;
const CHANNELS = 5;
const FULL_SCALE = 4096;
const REFERENCE_VOLTS = 3.3;
/** The sensor on channel 4 at 27 degrees (datasheet 4.9.5). */
const TEMPERATURE_SENSOR_VOLTS = 0.706;

/** ADC (datasheet 4.9): conversions in virtual time of voltages that are set from outside. No noise, no errors. */
export class Adc extends RegisterBlock<{
  volts: Float64Array;
  fifo: number[];
  isConverting: boolean;
  startedAt: number;
}> {
  private readonly converted: TimedEvent;
  private readonly nextStart: TimedEvent;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    private readonly adcHz: () => number,
    private readonly onDataRequest: () => void,
  ) {
    super(
      "ADC",
      0x4004_c000,
      0x1000,
      {
        [CS]: { name: "CS", writable: 0x1f_700b },
        [RESULT]: { name: "RESULT" },
        [FCS]: { name: "FCS", writable: 0x0f00_000f },
        [FIFO]: { name: "FIFO" },
        [DIV]: { name: "DIV", writable: 0xff_ffff },
        [INTR]: { name: "INTR" },
        [INTE]: { name: "INTE", writable: 1 },
        [INTF]: { name: "INTF", writable: 1 },
        [INTS]: { name: "INTS" },
      },
      {
        volts: Float64Array.of(0, 0, 0, 0, TEMPERATURE_SENSOR_VOLTS),
        fifo: [],
        isConverting: false,
        startedAt: 0,
      },
    );
    this.converted = scheduler.addEvent("ADC conversion", () => this.finish());
    this.nextStart = scheduler.addEvent("ADC next conversion", () => this.start());
  }

  /** Sets the voltage on an input: 0 to 3 are GPIO26 to GPIO29, 4 is the temperature sensor. */
  setVoltage(channel: number, volts: number): void {
    this.state.volts[channel] = volts;
  }

  get hasReceivedData(): boolean {
    return (this.registers[FCS >> 2]! & FCS_DREQ_EN) !== 0 && this.isAtThreshold();
  }

  override read(offset: number): number {
    if (offset !== FIFO) return this.peek(offset);
    const sample = this.state.fifo.shift();
    if (sample === undefined) this.registers[FCS >> 2]! |= FCS_UNDER;
    this.update();
    return sample ?? 0;
  }

  override peek(offset: number): number {
    const { registers, state } = this;
    switch (offset) {
      case CS: {
        const isReady = (registers[CS >> 2]! & CS_EN) !== 0 && !state.isConverting;
        return registers[CS >> 2]! | (isReady ? CS_READY : 0);
      }
      case FCS: {
        const full = state.fifo.length >= FIFO_DEPTH ? FCS_FULL : 0;
        const empty = state.fifo.length === 0 ? FCS_EMPTY : 0;
        return registers[FCS >> 2]! | full | empty | (state.fifo.length << 16);
      }
      case FIFO:
        return state.fifo[0] ?? 0;
      case INTR:
        return this.isAtThreshold() ? 1 : 0;
      case INTS:
        return ((this.isAtThreshold() ? 1 : 0) & registers[INTE >> 2]!) | registers[INTF >> 2]!;
      default:
        return super.peek(offset);
    }
  }

  override write(offset: number, value: number): void {
    super.write(offset, value);
    if (offset === CS) this.writeCs(value);
    else if (offset === FCS) this.registers[FCS >> 2]! &= ~(value & (FCS_UNDER | FCS_OVER));
    this.update();
  }

  override reset(): void {
    const { volts } = this.state;
    const kept = volts.slice();
    super.reset();
    volts.set(kept);
    this.converted.cancel();
    this.nextStart.cancel();
    this.update();
  }

  private writeCs(value: number): void {
    if ((value & CS_EN) === 0) {
      this.state.isConverting = false;
      this.converted.cancel();
      this.nextStart.cancel();
    } else if ((value & (CS_START_ONCE | CS_START_MANY)) !== 0 && !this.state.isConverting) {
      this.start();
    }
  }

  private start(): void {
    const hz = this.adcHz();
    if (hz === 0) return;
    this.state.isConverting = true;
    this.state.startedAt = this.scheduler.now;
    this.converted.schedule(Math.ceil(this.scheduler.now + (CONVERSION_CYCLES * 1e9) / hz) as Nanoseconds);
  }

  private finish(): void {
    const { registers, state } = this;
    const cs = registers[CS >> 2]!;
    const channel = (cs >>> 12) & 7;
    const volts = state.volts[channel] ?? 0;
    const sample = Math.min(FULL_SCALE - 1, Math.max(0, Math.floor((volts / REFERENCE_VOLTS) * FULL_SCALE)));
    state.isConverting = false;
    registers[RESULT >> 2] = sample;
    this.pushSample(sample);
    registers[CS >> 2] = (cs & ~(7 << 12)) | (nextChannel(channel, cs >>> 16) << 12);
    if ((cs & CS_START_MANY) !== 0) {
      // DIV is the time from start to start; below 96 cycles one conversion follows the other (4.9.2.2).
      const period = Math.max(CONVERSION_CYCLES, 1 + registers[DIV >> 2]! / 256);
      const next = state.startedAt + (period * 1e9) / this.adcHz();
      this.nextStart.schedule(Math.ceil(next) as Nanoseconds);
    }
    this.update();
  }

  private pushSample(sample: number): void {
    const { registers, state } = this;
    const fcs = registers[FCS >> 2]!;
    if ((fcs & FCS_EN) === 0) return;
    if (state.fifo.length >= FIFO_DEPTH) registers[FCS >> 2]! |= FCS_OVER;
    else state.fifo.push((fcs & FCS_SHIFT) !== 0 ? sample >>> 4 : sample);
  }

  private isAtThreshold(): boolean {
    const threshold = (this.registers[FCS >> 2]! >>> 24) & 0xf;
    return this.state.fifo.length >= Math.max(1, threshold);
  }

  private update(): void {
    this.interrupts.setLevel(Interrupt.ADC_IRQ_FIFO, this.peek(INTS) !== 0);
    this.onDataRequest();
  }
}

/** Round-robin: the next channel whose bit is set in RROBIN, or the same one if none is. */
function nextChannel(channel: number, roundRobin: number): number {
  for (let step = 1; step <= CHANNELS; step++) {
    const next = (channel + step) % CHANNELS;
    if (((roundRobin >>> next) & 1) !== 0) return next;
  }
  return channel;
}
