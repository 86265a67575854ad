import { RegisterBlock, repeat, type RegisterMap } from "../../register-block";
import type { Pll } from "./pll";
import type { Rosc } from "./rosc";
import type { Xosc } from "./xosc";

const CLK_REF_CTRL = 0x30;
const CLK_REF_DIV = 0x34;
const CLK_REF_SELECTED = 0x38;
const CLK_SYS_CTRL = 0x3c;
const CLK_SYS_DIV = 0x40;
const CLK_SYS_SELECTED = 0x44;
const CLK_PERI_CTRL = 0x48;
const CLK_USB_CTRL = 0x54;
const CLK_USB_DIV = 0x58;
const CLK_ADC_CTRL = 0x60;
const CLK_ADC_DIV = 0x64;
const CLK_RTC_CTRL = 0x6c;
const CLK_RTC_DIV = 0x70;
const FC0_SRC = 0x94;
const FC0_STATUS = 0x98;
const FC0_RESULT = 0x9c;
const WAKE_EN0 = 0xa0;
const WAKE_EN1 = 0xa4;
const ENABLED0 = 0xb0;
const ENABLED1 = 0xb4;

const ENABLE = 1 << 11;
const FC0_DONE = 1 << 4;
const FC0_PASS = 1;
const ALL_CLOCKS1 = 0x7fff;

const STOPPED = { ref: 0, sys: 0, peri: 0, usb: 0, adc: 0, rtc: 0 };

/** The frequencies of the clocks that blocks run from, in hertz; 0 for one that is stopped. */
export type ClockFrequencies = typeof STOPPED;

/** What the clock generators choose from. */
export interface ClockSources {
  readonly xosc: Pick<Xosc, "frequencyHz">;
  readonly rosc: Pick<Rosc, "frequencyHz">;
  readonly pllSys: Pick<Pll, "frequencyHz">;
  readonly pllUsb: Pick<Pll, "frequencyHz">;
}

/**
 * The clock generators (datasheet 2.15). Muxes switch at once, so SELECTED always shows the source asked for.
 * The GPIN inputs carry no clock. Resuscitation never triggers: a clk_sys whose source stops keeps its last speed,
 * since a chip without a clock could not even be looked at.
 */
export class Clocks extends RegisterBlock<{ frequencies: ClockFrequencies }> {
  constructor(
    private readonly sources: ClockSources,
    private readonly onChange: (frequencies: ClockFrequencies) => void,
  ) {
    super("CLOCKS", 0x4000_8000, 0x1000, REGISTERS, { frequencies: { ...STOPPED } });
  }

  get frequencies(): Readonly<ClockFrequencies> {
    return this.state.frequencies;
  }

  /** Works out every frequency again. To be called whenever a source or a generator has changed. */
  update(): void {
    const { sources, registers } = this;
    const { frequencies } = this.state;
    const refCtrl = registers[CLK_REF_CTRL >> 2]!;
    const refSource = [
      sources.rosc.frequencyHz,
      this.auxiliary([sources.pllUsb.frequencyHz], (refCtrl >>> 5) & 3),
      sources.xosc.frequencyHz,
    ];
    const ref = (refSource[refCtrl & 3] ?? 0) / integerDivisor(registers[CLK_REF_DIV >> 2]!, 2);
    if (ref > 0) frequencies.ref = ref;

    const { pllSys, pllUsb, rosc, xosc } = sources;
    const sysCtrl = registers[CLK_SYS_CTRL >> 2]!;
    const sysAux = [pllSys, pllUsb, rosc, xosc].map((source) => source.frequencyHz);
    const sysSource = (sysCtrl & 1) === 0 ? frequencies.ref : this.auxiliary(sysAux, (sysCtrl >>> 5) & 7);
    const sys = sysSource / fractionalDivisor(registers[CLK_SYS_DIV >> 2]!);
    if (sys > 0) frequencies.sys = sys;

    frequencies.peri = this.gated(CLK_PERI_CTRL, [frequencies.sys, ...sysAux], 1);
    const slowAux = [pllUsb, pllSys, rosc, xosc].map((source) => source.frequencyHz);
    frequencies.usb = this.gated(CLK_USB_CTRL, slowAux, integerDivisor(registers[CLK_USB_DIV >> 2]!, 2));
    frequencies.adc = this.gated(CLK_ADC_CTRL, slowAux, integerDivisor(registers[CLK_ADC_DIV >> 2]!, 2));
    frequencies.rtc = this.gated(CLK_RTC_CTRL, slowAux, fractionalDivisor(registers[CLK_RTC_DIV >> 2]!));
    this.onChange(frequencies);
  }

  override peek(offset: number): number {
    const { registers } = this;
    switch (offset) {
      case CLK_REF_SELECTED:
        return 1 << (registers[CLK_REF_CTRL >> 2]! & 3);
      case CLK_SYS_SELECTED:
        return 1 << (registers[CLK_SYS_CTRL >> 2]! & 1);
      case ENABLED0:
        return registers[WAKE_EN0 >> 2]!;
      case ENABLED1:
        return registers[WAKE_EN1 >> 2]!;
      case FC0_STATUS:
        return registers[FC0_SRC >> 2] === 0 ? 0 : FC0_DONE | FC0_PASS;
      case FC0_RESULT:
        return Math.round((this.countedHz(registers[FC0_SRC >> 2]!) * 32) / 1000);
      default:
        return super.peek(offset);
    }
  }

  override write(offset: number, value: number): void {
    super.write(offset, value);
    if (offset <= CLK_RTC_DIV) this.update();
  }

  override reset(): void {
    super.reset();
    this.update();
  }

  private auxiliary(sources: readonly number[], select: number): number {
    return sources[select] ?? 0;
  }

  private gated(ctrl: number, sources: readonly number[], divisor: number): number {
    const value = this.registers[ctrl >> 2]!;
    return (value & ENABLE) === 0 ? 0 : this.auxiliary(sources, (value >>> 5) & 7) / divisor;
  }

  /** What the frequency counter measures for a value of FC0_SRC (datasheet 2.15.6.2). */
  private countedHz(source: number): number {
    const { sources, frequencies } = this;
    switch (source) {
      case 0x01:
        return sources.pllSys.frequencyHz;
      case 0x02:
        return sources.pllUsb.frequencyHz;
      case 0x03:
      case 0x04:
        return sources.rosc.frequencyHz;
      case 0x05:
        return sources.xosc.frequencyHz;
      case 0x08:
        return frequencies.ref;
      case 0x09:
        return frequencies.sys;
      case 0x0a:
        return frequencies.peri;
      case 0x0b:
        return frequencies.usb;
      case 0x0c:
        return frequencies.adc;
      case 0x0d:
        return frequencies.rtc;
      default:
        return 0;
    }
  }
}

/** INT in bits 8 up; 0 divides by 2 to the width of the field. */
function integerDivisor(div: number, width: number): number {
  return div >>> 8 || 1 << width;
}

/** INT in bits 31 to 8, FRAC below; an INT of 0 divides by 2^16 (datasheet 2.15.3.3). */
function fractionalDivisor(div: number): number {
  return div < 0x100 ? 0x1_0000 : div / 0x100;
}

const REGISTERS: RegisterMap = {
  ...repeat(0x00, 12, 4, (n) => ({ name: `CLK_GPOUT${n}_CTRL`, writable: 0x13_1de0, isEmulated: false })),
  ...repeat(0x04, 12, 4, (n) => ({
    name: `CLK_GPOUT${n}_DIV`,
    reset: 0x100,
    writable: 0xffff_ffff,
    isEmulated: false,
  })),
  ...repeat(0x08, 12, 4, (n) => ({ name: `CLK_GPOUT${n}_SELECTED`, reset: 1 })),
  [CLK_REF_CTRL]: { name: "CLK_REF_CTRL", writable: 0x63 },
  [CLK_REF_DIV]: { name: "CLK_REF_DIV", reset: 0x100, writable: 0x300 },
  [CLK_REF_SELECTED]: { name: "CLK_REF_SELECTED" },
  [CLK_SYS_CTRL]: { name: "CLK_SYS_CTRL", writable: 0xe1 },
  [CLK_SYS_DIV]: { name: "CLK_SYS_DIV", reset: 0x100, writable: 0xffff_ffff },
  [CLK_SYS_SELECTED]: { name: "CLK_SYS_SELECTED" },
  [CLK_PERI_CTRL]: { name: "CLK_PERI_CTRL", writable: 0xce0 },
  [0x50]: { name: "CLK_PERI_SELECTED", reset: 1 },
  [CLK_USB_CTRL]: { name: "CLK_USB_CTRL", writable: 0x13_0ce0 },
  [CLK_USB_DIV]: { name: "CLK_USB_DIV", reset: 0x100, writable: 0x300 },
  [0x5c]: { name: "CLK_USB_SELECTED", reset: 1 },
  [CLK_ADC_CTRL]: { name: "CLK_ADC_CTRL", writable: 0x13_0ce0 },
  [CLK_ADC_DIV]: { name: "CLK_ADC_DIV", reset: 0x100, writable: 0x300 },
  [0x68]: { name: "CLK_ADC_SELECTED", reset: 1 },
  [CLK_RTC_CTRL]: { name: "CLK_RTC_CTRL", writable: 0x13_0ce0 },
  [CLK_RTC_DIV]: { name: "CLK_RTC_DIV", reset: 0x100, writable: 0xffff_ffff },
  [0x74]: { name: "CLK_RTC_SELECTED", reset: 1 },
  [0x78]: { name: "CLK_SYS_RESUS_CTRL", reset: 0xff, writable: 0x1_11ff },
  [0x7c]: { name: "CLK_SYS_RESUS_STATUS" },
  [0x80]: { name: "FC0_REF_KHZ", writable: 0xf_ffff },
  [0x84]: { name: "FC0_MIN_KHZ", writable: 0x1ff_ffff },
  [0x88]: { name: "FC0_MAX_KHZ", reset: 0x1ff_ffff, writable: 0x1ff_ffff },
  [0x8c]: { name: "FC0_DELAY", reset: 1, writable: 7 },
  [0x90]: { name: "FC0_INTERVAL", reset: 8, writable: 0xf },
  [FC0_SRC]: { name: "FC0_SRC", writable: 0xff },
  [FC0_STATUS]: { name: "FC0_STATUS" },
  [FC0_RESULT]: { name: "FC0_RESULT" },
  [WAKE_EN0]: { name: "WAKE_EN0", reset: 0xffff_ffff, writable: 0xffff_ffff },
  [WAKE_EN1]: { name: "WAKE_EN1", reset: ALL_CLOCKS1, writable: ALL_CLOCKS1 },
  [0xa8]: { name: "SLEEP_EN0", reset: 0xffff_ffff, writable: 0xffff_ffff },
  [0xac]: { name: "SLEEP_EN1", reset: ALL_CLOCKS1, writable: ALL_CLOCKS1 },
  [ENABLED0]: { name: "ENABLED0" },
  [ENABLED1]: { name: "ENABLED1" },
  [0xb8]: { name: "INTR" },
  [0xbc]: { name: "INTE", writable: 1 },
  [0xc0]: { name: "INTF", writable: 1 },
  [0xc4]: { name: "INTS" },
};
