import type { Nanoseconds } from "../../../base/brand";
import type { InterruptInput, Peripheral } from "../../peripheral";
import { restoreState } from "../../plain-state";
import type { Scheduler, TimedEvent } from "../../scheduler";
import { Interrupt } from "../interrupts";

const TIMEHW = 0x00;
const TIMELW = 0x04;
const TIMEHR = 0x08;
const TIMELR = 0x0c;
const ALARM0 = 0x10;
const ALARM3 = 0x1c;
const ARMED = 0x20;
const TIMERAWH = 0x24;
const TIMERAWL = 0x28;
const DBGPAUSE = 0x2c;
const PAUSE = 0x30;
const INTR = 0x34;
const INTE = 0x38;
const INTF = 0x3c;
const INTS = 0x40;

const NAMES: Readonly<Record<number, string>> = {
  [TIMEHW]: "TIMEHW",
  [TIMELW]: "TIMELW",
  [TIMEHR]: "TIMEHR",
  [TIMELR]: "TIMELR",
  [ALARM0]: "ALARM0",
  [0x14]: "ALARM1",
  [0x18]: "ALARM2",
  [ALARM3]: "ALARM3",
  [ARMED]: "ARMED",
  [TIMERAWH]: "TIMERAWH",
  [TIMERAWL]: "TIMERAWL",
  [DBGPAUSE]: "DBGPAUSE",
  [PAUSE]: "PAUSE",
  [INTR]: "INTR",
  [INTE]: "INTE",
  [INTF]: "INTF",
  [INTS]: "INTS",
};

const TWO_TO_32 = 2 ** 32;
const ALARMS = 4;

function resetState() {
  return {
    /** The count at `baseTime`; from there it goes up by one per tick. Exact to 2^53 us, which is 285 years. */
    baseCount: 0,
    baseTime: 0,
    /** Nanoseconds from tick to tick; Infinity while the watchdog makes none. */
    tickPeriod: Infinity,
    /** TIMEHR as the last read of TIMELR left it. */
    latchedHigh: 0,
    /** TIMELW, which takes effect with the write of TIMEHW. */
    writtenLow: 0,
    alarms: new Uint32Array(ALARMS),
    armed: 0,
    paused: 0,
    debugPause: 7,
    intr: 0,
    inte: 0,
    intf: 0,
  };
}

/** TIMER (datasheet 4.6): a 64-bit count of the watchdog's ticks, and four alarms that compare its low word. */
export class Timer implements Peripheral {
  readonly name = "TIMER";
  readonly baseAddress = 0x4005_4000;
  readonly size = 0x1000;
  readonly state = resetState();
  private readonly alarmEvents: readonly TimedEvent[];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly interrupts: InterruptInput,
  ) {
    this.alarmEvents = Array.from({ length: ALARMS }, (_, n) =>
      scheduler.addEvent(`TIMER alarm ${n}`, () => this.fire(n)),
    );
  }

  /** The 64-bit count. */
  get count(): number {
    const { baseCount, baseTime, tickPeriod, paused } = this.state;
    if (paused !== 0 || tickPeriod === Infinity) return baseCount;
    return baseCount + Math.floor((this.scheduler.now - baseTime) / tickPeriod);
  }

  /** The watchdog's tick has changed; the count goes on from where it is. */
  setTickPeriod(nanoseconds: number): void {
    const count = this.count;
    this.state.tickPeriod = nanoseconds;
    this.rebase(count);
  }

  read(offset: number): number {
    if (offset === TIMELR) {
      const count = this.count;
      this.state.latchedHigh = Math.floor(count / TWO_TO_32);
      return count % TWO_TO_32;
    }
    return this.peek(offset);
  }

  peek(offset: number): number {
    const { state } = this;
    switch (offset) {
      case TIMERAWL:
      case TIMELR:
        return this.count % TWO_TO_32;
      case TIMERAWH:
        return Math.floor(this.count / TWO_TO_32);
      case TIMEHR:
        return state.latchedHigh;
      case ARMED:
        return state.armed;
      case DBGPAUSE:
        return state.debugPause;
      case PAUSE:
        return state.paused;
      case INTR:
        return state.intr;
      case INTE:
        return state.inte;
      case INTF:
        return state.intf;
      case INTS:
        return this.ints;
      default:
        return offset >= ALARM0 && offset <= ALARM3 ? state.alarms[(offset - ALARM0) >> 2]! : 0;
    }
  }

  write(offset: number, value: number): void {
    const { state } = this;
    switch (offset) {
      case TIMELW:
        state.writtenLow = value;
        return;
      case TIMEHW:
        this.rebase(value * TWO_TO_32 + state.writtenLow);
        return;
      case ARMED:
        this.disarm(value & 0xf);
        return;
      case DBGPAUSE:
        state.debugPause = value & 6;
        return;
      case PAUSE:
        this.pause(value & 1);
        return;
      case INTR:
        state.intr &= ~value;
        this.updateInterrupts();
        return;
      case INTE:
        state.inte = value & 0xf;
        this.updateInterrupts();
        return;
      case INTF:
        state.intf = value & 0xf;
        this.updateInterrupts();
        return;
      default:
        if (offset >= ALARM0 && offset <= ALARM3) this.arm((offset - ALARM0) >> 2, value);
    }
  }

  reset(): void {
    restoreState(this.state, { ...resetState(), tickPeriod: this.state.tickPeriod });
    this.state.baseTime = Math.floor(this.scheduler.now);
    for (const event of this.alarmEvents) event.cancel();
    this.updateInterrupts();
  }

  registerName(offset: number): string | undefined {
    return NAMES[offset];
  }

  isEmulated(offset: number): boolean {
    return offset in NAMES;
  }

  private get ints(): number {
    return (this.state.intr & this.state.inte) | this.state.intf;
  }

  private rebase(count: number): void {
    this.state.baseCount = count;
    // Whole nanoseconds keep the arithmetic exact: no alarm is seen to go off before its time.
    this.state.baseTime = Math.floor(this.scheduler.now);
    for (let n = 0; n < ALARMS; n++) this.scheduleAlarm(n);
  }

  private arm(alarm: number, value: number): void {
    this.state.alarms[alarm] = value;
    this.state.armed |= 1 << alarm;
    this.scheduleAlarm(alarm);
  }

  private disarm(alarms: number): void {
    this.state.armed &= ~alarms;
    for (let n = 0; n < ALARMS; n++) if ((alarms & (1 << n)) !== 0) this.alarmEvents[n]!.cancel();
  }

  private pause(paused: number): void {
    const count = this.count;
    this.state.paused = paused;
    this.rebase(count);
  }

  /** An alarm goes off when the low word equals it: at once if it does already, else after up to 72 minutes. */
  private scheduleAlarm(alarm: number): void {
    const { state } = this;
    const event = this.alarmEvents[alarm]!;
    const period = state.tickPeriod;
    if ((state.armed & (1 << alarm)) === 0) return;
    if (state.paused !== 0 || period === Infinity) {
      event.cancel();
      return;
    }
    const count = this.count;
    const ticks = (state.alarms[alarm]! - (count % TWO_TO_32) + TWO_TO_32) % TWO_TO_32;
    const dueAt = state.baseTime + (count + ticks - state.baseCount) * period;
    event.schedule(Math.ceil(dueAt) as Nanoseconds);
  }

  private fire(alarm: number): void {
    this.state.armed &= ~(1 << alarm);
    this.state.intr |= 1 << alarm;
    this.updateInterrupts();
  }

  private updateInterrupts(): void {
    const { ints } = this;
    for (let n = 0; n < ALARMS; n++) {
      this.interrupts.setLevel(Interrupt.TIMER_IRQ_0 + n, (ints & (1 << n)) !== 0);
    }
  }
}
