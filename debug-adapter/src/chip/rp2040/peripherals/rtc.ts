import type { Nanoseconds } from "../../../base/brand";
import type { InterruptInput } from "../../peripheral";
import { RegisterBlock } from "../../register-block";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";

const CLKDIV_M1 = 0x00;
const SETUP_0 = 0x04;
const SETUP_1 = 0x08;
const CTRL = 0x0c;
const IRQ_SETUP_0 = 0x10;
const IRQ_SETUP_1 = 0x14;
const RTC_1 = 0x18;
const RTC_0 = 0x1c;
const INTR = 0x20;
const INTE = 0x24;
const INTF = 0x28;
const INTS = 0x2c;

const CTRL_ENABLE = 1;
const CTRL_ACTIVE = 2;
const CTRL_LOAD = 1 << 4;
const CTRL_FORCE_NOTLEAPYEAR = 1 << 8;
const MATCH_ENA = 1 << 28;
const MATCH_ACTIVE = 1 << 29;

/** SETUP_0 and RTC_1: YEAR, MONTH, DAY. SETUP_1 and RTC_0: DOTW, HOUR, MIN, SEC. */
const DATE = { day: [0, 0x1f], month: [8, 0xf], year: [12, 0xfff] } as const;
const TIME = { second: [0, 0x3f], minute: [8, 0x3f], hour: [16, 0x1f], weekday: [24, 7] } as const;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** RTC (datasheet 4.8): calendar and alarm, counting clk_rtc in virtual time. */
export class Rtc extends RegisterBlock<{ date: number; time: number; latchedTime: number }> {
  private readonly tick: TimedEvent;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
    private readonly rtcHz: () => number,
  ) {
    super(
      "RTC",
      0x4005_c000,
      0x1000,
      {
        [CLKDIV_M1]: { name: "CLKDIV_M1", writable: 0xffff },
        [SETUP_0]: { name: "SETUP_0", writable: 0xff_ff1f },
        [SETUP_1]: { name: "SETUP_1", writable: 0x71f_3f3f },
        [CTRL]: { name: "CTRL", writable: CTRL_FORCE_NOTLEAPYEAR | CTRL_ENABLE },
        [IRQ_SETUP_0]: { name: "IRQ_SETUP_0", writable: 0x17ff_ff1f },
        [IRQ_SETUP_1]: { name: "IRQ_SETUP_1", writable: 0xf71f_3f3f },
        [RTC_1]: { name: "RTC_1" },
        [RTC_0]: { name: "RTC_0" },
        [INTR]: { name: "INTR" },
        [INTE]: { name: "INTE", writable: 1 },
        [INTF]: { name: "INTF", writable: 1 },
        [INTS]: { name: "INTS" },
      },
      { date: 0, time: 0, latchedTime: 0 },
    );
    this.tick = scheduler.addEvent("RTC second", () => this.second());
  }

  override read(offset: number): number {
    const value = this.peek(offset);
    // Reading the time latches the date that belongs to it (datasheet 4.8.5.1).
    if (offset === RTC_0) this.state.latchedTime = this.state.date;
    return value;
  }

  override peek(offset: number): number {
    const { registers, state } = this;
    switch (offset) {
      case CTRL:
        return registers[CTRL >> 2]! | (this.isRunning ? CTRL_ACTIVE : 0);
      case RTC_1:
        return state.latchedTime;
      case RTC_0:
        return state.time;
      case IRQ_SETUP_0: {
        const setup = registers[IRQ_SETUP_0 >> 2]!;
        return (setup & MATCH_ENA) !== 0 ? setup | MATCH_ACTIVE : setup;
      }
      case INTR:
        return this.isMatch() ? 1 : 0;
      case INTS:
        return ((this.isMatch() ? 1 : 0) & registers[INTE >> 2]!) | registers[INTF >> 2]!;
      default:
        return super.peek(offset);
    }
  }

  override write(offset: number, value: number): void {
    const wasRunning = this.isRunning;
    super.write(offset, value);
    if (offset === CTRL && (value & CTRL_LOAD) !== 0) {
      this.state.date = this.registers[SETUP_0 >> 2]!;
      this.state.time = this.registers[SETUP_1 >> 2]!;
      this.state.latchedTime = this.state.date;
    }
    if (this.isRunning !== wasRunning) this.scheduleTick();
    this.updateInterrupt();
  }

  override reset(): void {
    super.reset();
    this.tick.cancel();
    this.updateInterrupt();
  }

  private get isRunning(): boolean {
    return (this.registers[CTRL >> 2]! & CTRL_ENABLE) !== 0;
  }

  private scheduleTick(): void {
    const hz = this.rtcHz() / (this.registers[CLKDIV_M1 >> 2]! + 1);
    if (!this.isRunning || hz === 0) this.tick.cancel();
    else this.tick.schedule(Math.ceil(this.scheduler.now + 1e9 / hz) as Nanoseconds);
  }

  private second(): void {
    const { state } = this;
    const [time, isMidnight] = nextSecond(state.time);
    state.time = time;
    if (isMidnight) {
      const mayLeap = (this.registers[CTRL >> 2]! & CTRL_FORCE_NOTLEAPYEAR) === 0;
      state.date = nextDay(state.date, mayLeap);
    }
    this.scheduleTick();
    this.updateInterrupt();
  }

  /** Every enabled field of the alarm equals the clock's (datasheet 4.8.5.3). */
  private isMatch(): boolean {
    const { registers, state } = this;
    const setup0 = registers[IRQ_SETUP_0 >> 2]!;
    const setup1 = registers[IRQ_SETUP_1 >> 2]!;
    if ((setup0 & MATCH_ENA) === 0) return false;
    const isEqual = (enable: number, setup: number, now: number, [shift, mask]: readonly [number, number]) =>
      enable === 0 || ((setup ^ now) & (mask << shift)) === 0;
    return (
      isEqual(setup0 & (1 << 24), setup0, state.date, DATE.day) &&
      isEqual(setup0 & (1 << 25), setup0, state.date, DATE.month) &&
      isEqual(setup0 & (1 << 26), setup0, state.date, DATE.year) &&
      isEqual(setup1 & (1 << 28), setup1, state.time, TIME.second) &&
      isEqual(setup1 & (1 << 29), setup1, state.time, TIME.minute) &&
      isEqual(setup1 & (1 << 30), setup1, state.time, TIME.hour) &&
      isEqual(setup1 & (1 << 31), setup1, state.time, TIME.weekday)
    );
  }

  private updateInterrupt(): void {
    this.interrupts.setLevel(Interrupt.RTC_IRQ, this.peek(INTS) !== 0);
  }
}

function field(word: number, [shift, mask]: readonly [number, number]): number {
  return (word >>> shift) & mask;
}

function nextSecond(time: number): [time: number, isMidnight: boolean] {
  const seconds =
    field(time, TIME.hour) * 3600 + field(time, TIME.minute) * 60 + field(time, TIME.second) + 1;
  const isMidnight = seconds >= 86_400;
  const within = isMidnight ? 0 : seconds;
  const weekday = (field(time, TIME.weekday) + (isMidnight ? 1 : 0)) % 7;
  const hour = Math.floor(within / 3600);
  const minute = Math.floor(within / 60) % 60;
  return [(weekday << 24) | (hour << 16) | (minute << 8) | (within % 60), isMidnight];
}

function nextDay(date: number, mayLeap: boolean): number {
  let day = field(date, DATE.day) + 1;
  let month = field(date, DATE.month);
  let year = field(date, DATE.year);
  const isLeap = mayLeap && year % 4 === 0 && month === 2;
  if (day > (DAYS_OF_MONTH[month - 1] ?? 31) + (isLeap ? 1 : 0)) {
    day = 1;
    month++;
  }
  if (month > 12) {
    month = 1;
    year++;
  }
  return (year << 12) | (month << 8) | day;
}
