import type { Nanoseconds } from "../../../base/brand";
import type { InterruptInput, Peripheral } from "../../peripheral";
import { restoreState } from "../../plain-state";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";
import { PinFunction, pwmPins } from "../pin-functions";
import type { IoBank0 } from "./io-bank0";

const SLICES = 8;
const SLICE_STRIDE = 0x14;
const CSR = 0x00;
const DIV = 0x04;
const CTR = 0x08;
const CC = 0x0c;
const TOP = 0x10;
const EN = 0xa0;
const INTR = 0xa4;
const INTE = 0xa8;
const INTF = 0xac;
const INTS = 0xb0;
const SLICE_REGISTERS = ["CSR", "DIV", "CTR", "CC", "TOP"];

const CSR_EN = 1 << 0;
const CSR_PH_CORRECT = 1 << 1;
const CSR_A_INV = 1 << 2;
const CSR_B_INV = 1 << 3;
const CSR_DIVMODE = 3 << 4;
const CSR_PH_RET = 1 << 6;
const CSR_PH_ADV = 1 << 7;
const CSR_STORED = 0x3f;

function sliceState() {
  return {
    csr: 0,
    div: 0x10,
    /** CC and TOP as written; the counter takes them over when it wraps (datasheet 4.5.2.3). */
    cc: 0,
    top: 0xffff,
    activeCc: 0,
    activeTop: 0xffff,
    /** Counts since the last wrap at `since`: 0 to TOP, and on to 2 x TOP + 1 while phase-correct counts down. */
    phase: 0,
    since: 0,
  };
}

function resetState() {
  return {
    slices: Array.from({ length: SLICES }, sliceState),
    intr: 0,
    inte: 0,
    intf: 0,
    systemHz: 1,
  };
}

/**
 * PWM (datasheet 4.5): eight counters in virtual time. Outputs toggle as timed events, but only on pins that carry
 * them. Not emulated: counting by the B pin (DIVMODE other than 0) stands still.
 */
export class Pwm implements Peripheral {
  readonly name = "PWM";
  readonly baseAddress = 0x4005_0000;
  readonly size = 0x1000;
  readonly state = resetState();
  private readonly events: readonly TimedEvent[];
  private readonly pins = Array.from({ length: SLICES }, (_, n) => [pwmPins(n, 0), pwmPins(n, 1)] as const);

  constructor(
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    private readonly io: IoBank0,
    private readonly onUnimplemented: (what: string) => void,
  ) {
    this.events = Array.from({ length: SLICES }, (_, n) =>
      scheduler.addEvent(`PWM slice ${n}`, () => this.advance(n)),
    );
    for (let n = 0; n < SLICES; n++) this.driveOutputs(n);
  }

  /** clk_sys runs at `hz` from now on. */
  setSystemFrequency(hz: number): void {
    if (hz === this.state.systemHz) return;
    this.settle();
    this.state.systemHz = hz;
    this.reschedule();
  }

  /** A pin has got another function: its outputs may be seen now, or not any more. */
  pinFunctionChanged(): void {
    this.settle();
    this.reschedule();
  }

  read(offset: number): number {
    return this.peek(offset);
  }

  peek(offset: number): number {
    const { state } = this;
    if (offset >= SLICES * SLICE_STRIDE) return this.peekCommon(offset);
    const n = Math.floor(offset / SLICE_STRIDE);
    const slice = state.slices[n]!;
    switch (offset % SLICE_STRIDE) {
      case CSR:
        return slice.csr;
      case DIV:
        return slice.div;
      case CTR:
        return countOf(slice, this.phaseNow(n));
      case CC:
        return slice.cc;
      default:
        return slice.top;
    }
  }

  write(offset: number, value: number): void {
    if (offset >= SLICES * SLICE_STRIDE) {
      this.writeCommon(offset, value);
      return;
    }
    const n = Math.floor(offset / SLICE_STRIDE);
    const slice = this.state.slices[n]!;
    this.takePhase(n);
    switch (offset % SLICE_STRIDE) {
      case CSR:
        this.writeCsr(n, value);
        break;
      case DIV:
        slice.div = value & 0xfff;
        break;
      case CTR:
        slice.phase = value & 0xffff;
        break;
      case CC:
        slice.cc = value >>> 0;
        break;
      case TOP:
        slice.top = value & 0xffff;
    }
    if (!isRunning(slice)) latch(slice);
    this.driveOutputs(n);
    this.schedule(n);
  }

  reset(): void {
    restoreState(this.state, { ...resetState(), systemHz: this.state.systemHz });
    for (let n = 0; n < SLICES; n++) {
      this.events[n]!.cancel();
      this.driveOutputs(n);
    }
    this.updateInterrupt();
  }

  registerName(offset: number): string | undefined {
    if (offset < SLICES * SLICE_STRIDE) {
      const register = SLICE_REGISTERS[(offset % SLICE_STRIDE) >> 2]!;
      return `CH${Math.floor(offset / SLICE_STRIDE)}_${register}`;
    }
    return COMMON_NAMES[offset];
  }

  isEmulated(offset: number): boolean {
    return this.registerName(offset) !== undefined;
  }

  private peekCommon(offset: number): number {
    const { state } = this;
    switch (offset) {
      case EN:
        return state.slices.reduce((bits, { csr }, n) => bits | ((csr & CSR_EN) << n), 0);
      case INTR:
        return state.intr;
      case INTE:
        return state.inte;
      case INTF:
        return state.intf;
      case INTS:
        return (state.intr & state.inte) | state.intf;
      default:
        return 0;
    }
  }

  private writeCommon(offset: number, value: number): void {
    const { state } = this;
    if (offset === EN) {
      for (let n = 0; n < SLICES; n++) {
        this.write(n * SLICE_STRIDE + CSR, (state.slices[n]!.csr & ~CSR_EN) | ((value >>> n) & CSR_EN));
      }
    } else if (offset === INTR) state.intr &= ~value;
    else if (offset === INTE) {
      this.settle();
      state.inte = value & 0xff;
      this.reschedule();
    } else if (offset === INTF) state.intf = value & 0xff;
    this.updateInterrupt();
  }

  private writeCsr(n: number, value: number): void {
    const slice = this.state.slices[n]!;
    if ((value & CSR_DIVMODE) !== 0 && (slice.csr & CSR_DIVMODE) === 0) {
      this.onUnimplemented(`PWM.CH${n}_CSR.DIVMODE`);
    }
    slice.csr = value & CSR_STORED;
    const period = periodOf(slice);
    if ((value & CSR_PH_ADV) !== 0) slice.phase = (slice.phase + 1) % period;
    if ((value & CSR_PH_RET) !== 0) slice.phase = (slice.phase + period - 1) % period;
  }

  /** Nanoseconds per count: DIV is in sixteenths, and an INT of 0 stands for 256 (datasheet 4.5.2.5). */
  private countTime(slice: Slice): number {
    const div = slice.div < 0x10 ? slice.div + 0x1000 : slice.div;
    return ((div / 16) * 1e9) / this.state.systemHz;
  }

  /** Counts since the wrap before the last event; may be past the next wrap if nobody asked for events. */
  private phaseNow(n: number): number {
    const slice = this.state.slices[n]!;
    if (!isRunning(slice)) return slice.phase;
    const counts = Math.floor((this.scheduler.now - slice.since) / this.countTime(slice) + 1e-6);
    return (slice.phase + counts) % periodOf(slice);
  }

  /** Makes now the instant that `phase` belongs to. */
  private takePhase(n: number): void {
    const slice = this.state.slices[n]!;
    if (isRunning(slice)) {
      const counts = (this.scheduler.now - slice.since) / this.countTime(slice) + slice.phase;
      if (counts >= periodOf(slice)) {
        latch(slice);
        this.state.intr |= 1 << n;
      }
      const whole = Math.floor(counts + 1e-6);
      slice.since += (whole - slice.phase) * this.countTime(slice);
      slice.phase = whole % periodOf(slice);
    } else {
      slice.since = this.scheduler.now;
    }
  }

  private settle(): void {
    for (let n = 0; n < SLICES; n++) {
      this.takePhase(n);
      this.driveOutputs(n);
    }
  }

  private reschedule(): void {
    for (let n = 0; n < SLICES; n++) this.schedule(n);
  }

  private advance(n: number): void {
    this.takePhase(n);
    this.driveOutputs(n);
    this.updateInterrupt();
    this.schedule(n);
  }

  /** The next count at which an output changes or the counter wraps, if anybody can tell. */
  private schedule(n: number): void {
    const slice = this.state.slices[n]!;
    const event = this.events[n]!;
    if (!isRunning(slice) || !this.isObserved(n)) {
      event.cancel();
      return;
    }
    const period = periodOf(slice);
    const marks = [levelA(slice), levelB(slice)];
    const falling = marks.map((mark) => period - mark);
    const isCorrect = (slice.csr & CSR_PH_CORRECT) !== 0;
    const ahead = [...marks, ...(isCorrect ? falling : []), period].filter((mark) => mark > slice.phase);
    const next = Math.min(...ahead, period);
    event.schedule(Math.ceil(slice.since + (next - slice.phase) * this.countTime(slice)) as Nanoseconds);
  }

  private isObserved(n: number): boolean {
    if (((this.state.inte >>> n) & 1) !== 0) return true;
    return this.pins[n]!.some((pins) => pins.some((pin) => this.io.functionOf(pin) === PinFunction.PWM));
  }

  private driveOutputs(n: number): void {
    const slice = this.state.slices[n]!;
    const count = countOf(slice, slice.phase);
    const [pinsA, pinsB] = this.pins[n]!;
    const isHighA = count < levelA(slice) !== ((slice.csr & CSR_A_INV) !== 0);
    const isHighB = count < levelB(slice) !== ((slice.csr & CSR_B_INV) !== 0);
    for (const pin of pinsA) this.io.setOutput(pin, PinFunction.PWM, isHighA, true);
    for (const pin of pinsB) this.io.setOutput(pin, PinFunction.PWM, isHighB, true);
  }

  private updateInterrupt(): void {
    this.interrupts.setLevel(Interrupt.PWM_IRQ_WRAP, this.peekCommon(INTS) !== 0);
  }
}

type Slice = ReturnType<typeof sliceState>;

function isRunning(slice: Slice): boolean {
  return (slice.csr & (CSR_EN | CSR_DIVMODE)) === CSR_EN;
}

function periodOf(slice: Slice): number {
  const counts = slice.activeTop + 1;
  return (slice.csr & CSR_PH_CORRECT) !== 0 ? counts * 2 : counts;
}

function countOf(slice: Slice, phase: number): number {
  return phase <= slice.activeTop ? phase : 2 * slice.activeTop + 1 - phase;
}

function levelA(slice: Slice): number {
  return slice.activeCc & 0xffff;
}

function levelB(slice: Slice): number {
  return slice.activeCc >>> 16;
}

function latch(slice: Slice): void {
  slice.activeCc = slice.cc;
  slice.activeTop = slice.top;
}

const COMMON_NAMES: Readonly<Record<number, string>> = {
  [EN]: "EN",
  [INTR]: "INTR",
  [INTE]: "INTE",
  [INTF]: "INTF",
  [INTS]: "INTS",
};
