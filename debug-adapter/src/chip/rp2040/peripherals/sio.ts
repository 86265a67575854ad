import type { IoPort } from "../../armv6m/core";
import type { MachineHooks } from "../../machine-hooks";
import type { InterruptInput } from "../../peripheral";
import { Interrupt } from "../interrupts";
import { PIN_COUNT, PinFunction } from "../pin-functions";
import type { IoBank0 } from "./io-bank0";
import { DIV_CSR, DIV_UDIVIDEND, SioDivider } from "./sio-divider";
import { INTERPOLATOR_REGISTERS, SioInterpolator } from "./sio-interpolator";

const CPUID = 0x00;
const GPIO_IN = 0x04;
const GPIO_HI_IN = 0x08;
const GPIO_OUT = 0x10;
const GPIO_OE_XOR = 0x2c;
const GPIO_HI_OUT = 0x30;
const GPIO_HI_OE_XOR = 0x4c;
const FIFO_ST = 0x50;
const FIFO_WR = 0x54;
const FIFO_RD = 0x58;
const SPINLOCK_ST = 0x5c;
const INTERP0 = 0x80;
const INTERP1 = 0xc0;
const SPINLOCK0 = 0x100;
const SPINLOCK31 = 0x17c;

const ALL_PINS = 2 ** PIN_COUNT - 1;
/** The flash pins at rest: SS, SD0 to SD3 high, SCLK low; BOOTSEL is not pressed (datasheet 2.19.3). */
const QSPI_AT_REST = 0x3e;

const FIFO_DEPTH = 8;
const FIFO_RDY = 2;
const FIFO_WOF = 4;
const FIFO_ROE = 8;

/**
 * SIO (datasheet 2.3.1) as core 0 sees it: GPIO, spinlocks, divider, interpolators, FIFO to core 1, which never
 * starts. The core calls it directly for every access, so reads allocate nothing and registers are told apart by
 * cheap comparisons, commonest first.
 */
export class Sio implements IoPort {
  readonly name = "SIO";
  readonly state = {
    gpioOut: 0,
    gpioOe: 0,
    highOut: 0,
    highOe: 0,
    spinlocks: 0,
    fifoCount: 0,
    fifoErrors: 0,
  };
  readonly divider = new SioDivider();
  readonly interpolators = [new SioInterpolator(0), new SioInterpolator(1)] as const;
  private readonly reported = new Set<string>();

  /** @param cycles the core's count of cycles, for the divider's latency */
  constructor(
    private readonly io: IoBank0,
    private readonly interrupts: InterruptInput,
    private readonly hooks: Pick<MachineHooks, "onUnimplemented">,
    private readonly cycles: () => number,
  ) {}

  /** Registers ignore the width of an access (datasheet 2.1.4), but a narrow read takes its lanes. */
  read(offset: number, size: 1 | 2 | 4): number {
    const word = this.readWord(offset & ~3);
    if (size === 4) return word;
    return (word >>> ((offset & 3) * 8)) & (size === 1 ? 0xff : 0xffff);
  }

  write(offset: number, size: 1 | 2 | 4, value: number): void {
    if (size === 4) this.writeWord(offset, value);
    else if (size === 2) this.writeWord(offset & ~3, ((value & 0xffff) * 0x10001) >>> 0);
    else this.writeWord(offset & ~3, ((value & 0xff) * 0x1010101) >>> 0);
  }

  /** The word at an offset without side effects, for debuggers. */
  peek(offset: number): number {
    const { state } = this;
    if (offset >= SPINLOCK0 && offset <= SPINLOCK31) {
      const lock = 1 << ((offset - SPINLOCK0) >> 2);
      return (state.spinlocks & lock) === 0 ? lock >>> 0 : 0;
    }
    if (offset === GPIO_IN) return this.io.inputs;
    if (offset === DIV_CSR) return this.divider.csr(this.cycles());
    if (offset >= DIV_UDIVIDEND && offset < DIV_CSR) return this.divider.peek(offset);
    if (offset >= INTERP0 && offset < SPINLOCK0) return this.interpolator(offset).peek(offset & 0x3f);
    return this.peekOther(offset);
  }

  reset(): void {
    Object.assign(this.state, {
      gpioOut: 0,
      gpioOe: 0,
      highOut: 0,
      highOe: 0,
      spinlocks: 0,
      fifoCount: 0,
      fifoErrors: 0,
    });
    this.divider.reset();
    for (const interpolator of this.interpolators) interpolator.reset();
    this.drivePins(ALL_PINS);
    this.updateInterrupt();
  }

  /** The datasheet's name of the register at an offset. */
  registerName(offset: number): string | undefined {
    if (offset >= SPINLOCK0 && offset <= SPINLOCK31) return `SPINLOCK${(offset - SPINLOCK0) >> 2}`;
    if (offset >= INTERP0 && offset < SPINLOCK0) {
      return `INTERP${offset < INTERP1 ? 0 : 1}_${INTERPOLATOR_REGISTERS[(offset & 0x3f) >> 2]!}`;
    }
    return NAMES[offset];
  }

  private readWord(offset: number): number {
    if (offset >= SPINLOCK0 && offset <= SPINLOCK31) return this.claim(1 << ((offset - SPINLOCK0) >> 2));
    if (offset === GPIO_IN) return this.io.inputs;
    if (offset >= DIV_UDIVIDEND && offset < DIV_CSR) return this.divider.read(offset);
    if (offset >= INTERP0 && offset < SPINLOCK0) return this.interpolator(offset).read(offset & 0x3f);
    if (offset === FIFO_RD) return this.readFifo();
    if (this.registerName(offset) === undefined) this.report(offset, "read");
    return this.peek(offset);
  }

  private writeWord(offset: number, value: number): void {
    const { state } = this;
    if (offset >= SPINLOCK0 && offset <= SPINLOCK31) state.spinlocks &= ~(1 << ((offset - SPINLOCK0) >> 2));
    else if (offset >= GPIO_OUT && offset <= GPIO_OE_XOR) this.writePins(offset, value);
    else if (offset >= DIV_UDIVIDEND && offset < DIV_CSR) this.divider.write(offset, value, this.cycles());
    else if (offset >= INTERP0 && offset < SPINLOCK0) this.interpolator(offset).write(offset & 0x3f, value);
    else if (offset >= GPIO_HI_OUT && offset <= GPIO_HI_OE_XOR) this.writeHighPins(offset, value);
    else if (offset === FIFO_WR) this.writeFifo();
    else if (offset === FIFO_ST) this.clearFifoErrors(value);
    else if (this.registerName(offset) === undefined) this.report(offset, "write");
  }

  private peekOther(offset: number): number {
    const { state } = this;
    switch (offset) {
      case CPUID:
        return 0;
      case GPIO_HI_IN:
        return QSPI_AT_REST;
      case GPIO_OUT:
        return state.gpioOut;
      case GPIO_OUT + 0x10:
        return state.gpioOe;
      case GPIO_HI_OUT:
        return state.highOut;
      case GPIO_HI_OUT + 0x10:
        return state.highOe;
      case FIFO_ST:
        return state.fifoErrors | (state.fifoCount < FIFO_DEPTH ? FIFO_RDY : 0);
      case SPINLOCK_ST:
        return state.spinlocks >>> 0;
      default:
        return 0;
    }
  }

  /** Reading a spinlock takes it: its bit if it was free, else 0. */
  private claim(lock: number): number {
    const { state } = this;
    if ((state.spinlocks & lock) !== 0) return 0;
    state.spinlocks |= lock;
    return lock >>> 0;
  }

  private interpolator(offset: number): SioInterpolator {
    return this.interpolators[offset < INTERP1 ? 0 : 1];
  }

  private writePins(offset: number, value: number): void {
    const { state } = this;
    const { gpioOut, gpioOe } = state;
    if (offset < GPIO_OUT + 0x10) state.gpioOut = changedBits(gpioOut, offset, value) & ALL_PINS;
    else state.gpioOe = changedBits(gpioOe, offset, value) & ALL_PINS;
    this.drivePins((gpioOut ^ state.gpioOut) | (gpioOe ^ state.gpioOe));
  }

  private drivePins(pins: number): void {
    const { gpioOut, gpioOe } = this.state;
    for (let rest = pins; rest !== 0; rest &= rest - 1) {
      const pin = 31 - Math.clz32(rest & -rest);
      const bit = 1 << pin;
      this.io.setOutput(pin, PinFunction.SIO, (gpioOut & bit) !== 0, (gpioOe & bit) !== 0);
    }
  }

  /** The flash pins as GPIO: only remembered. */
  private writeHighPins(offset: number, value: number): void {
    const { state } = this;
    if (offset < GPIO_HI_OUT + 0x10) state.highOut = changedBits(state.highOut, offset, value) & 0x3f;
    else state.highOe = changedBits(state.highOe, offset, value) & 0x3f;
  }

  /** Nobody reads at the other end: the FIFO fills up. */
  private writeFifo(): void {
    const { state } = this;
    this.report(FIFO_WR, "write");
    if (state.fifoCount < FIFO_DEPTH) state.fifoCount++;
    else state.fifoErrors |= FIFO_WOF;
    this.updateInterrupt();
  }

  private readFifo(): number {
    this.state.fifoErrors |= FIFO_ROE;
    this.updateInterrupt();
    return 0;
  }

  private clearFifoErrors(value: number): void {
    this.state.fifoErrors &= ~value;
    this.updateInterrupt();
  }

  private updateInterrupt(): void {
    this.interrupts.setLevel(Interrupt.SIO_IRQ_PROC0, this.state.fifoErrors !== 0);
  }

  private report(offset: number, access: "read" | "write"): void {
    const register = this.registerName(offset);
    const place = register === undefined ? `SIO+0x${offset.toString(16)}` : `SIO.${register}`;
    if (this.reported.has(place + access)) return;
    this.reported.add(place + access);
    this.hooks.onUnimplemented?.(place, access);
  }
}

/** The four registers of a group: value, SET, CLR, XOR. */
function changedBits(old: number, offset: number, value: number): number {
  switch (offset & 0xc) {
    case 0x0:
      return value;
    case 0x4:
      return old | value;
    case 0x8:
      return old & ~value;
    default:
      return old ^ value;
  }
}

const NAMES: Readonly<Record<number, string>> = {
  [CPUID]: "CPUID",
  [GPIO_IN]: "GPIO_IN",
  [GPIO_HI_IN]: "GPIO_HI_IN",
  ...groupNames(0x10, "GPIO_OUT"),
  ...groupNames(0x20, "GPIO_OE"),
  ...groupNames(0x30, "GPIO_HI_OUT"),
  ...groupNames(0x40, "GPIO_HI_OE"),
  [FIFO_ST]: "FIFO_ST",
  [FIFO_WR]: "FIFO_WR",
  [FIFO_RD]: "FIFO_RD",
  [SPINLOCK_ST]: "SPINLOCK_ST",
  0x60: "DIV_UDIVIDEND",
  0x64: "DIV_UDIVISOR",
  0x68: "DIV_SDIVIDEND",
  0x6c: "DIV_SDIVISOR",
  0x70: "DIV_QUOTIENT",
  0x74: "DIV_REMAINDER",
  [DIV_CSR]: "DIV_CSR",
};

function groupNames(offset: number, name: string): Record<number, string> {
  return {
    [offset]: name,
    [offset + 4]: `${name}_SET`,
    [offset + 8]: `${name}_CLR`,
    [offset + 12]: `${name}_XOR`,
  };
}
