import type { Nanoseconds } from "../../../base/brand";
import { RegisterBlock, repeat } from "../../register-block";
import type { Scheduler, TimedEvent } from "../../scheduler";

const CTRL = 0x00;
const LOAD = 0x04;
const REASON = 0x08;
const SCRATCH0 = 0x0c;
const TICK = 0x2c;

const TRIGGER = 0x8000_0000;
const ENABLE = 1 << 30;
const PAUSE = 0x0700_0000;
const TICK_ENABLE = 1 << 9;
const TICK_RUNNING = 1 << 10;
const TICK_CYCLES = 0x1ff;
/** The counter goes down by 2 per tick (erratum RP2040-E1). */
const COUNTS_PER_TICK = 2;

/** Why the watchdog reset the chip: bits of REASON. */
export const WatchdogReason = { timer: 1, force: 2 } as const;

/**
 * The watchdog (datasheet 4.7), and the tick generator that TIMER counts by: clk_ref divided by TICK.CYCLES, meant to
 * be 1 MHz. Debugging does not pause it, as the emulated machine stands still in a stop anyway.
 */
export class Watchdog extends RegisterBlock<{ loaded: number; loadedAt: number; refHz: number }> {
  private readonly expiry: TimedEvent;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly onTickChange: (periodNs: number) => void,
    private readonly onReset: () => void,
  ) {
    super(
      "WATCHDOG",
      0x4005_8000,
      0x1000,
      {
        [CTRL]: { name: "CTRL", reset: PAUSE, writable: ENABLE | PAUSE },
        [LOAD]: { name: "LOAD" },
        [REASON]: { name: "REASON" },
        ...repeat(SCRATCH0, 4, 8, (n) => ({ name: `SCRATCH${n}`, writable: 0xffff_ffff })),
        [TICK]: { name: "TICK", reset: TICK_ENABLE, writable: TICK_ENABLE | TICK_CYCLES },
      },
      { loaded: 0, loadedAt: 0, refHz: 0 },
    );
    this.expiry = scheduler.addEvent("WATCHDOG expiry", () => this.expire(WatchdogReason.timer));
  }

  /** The time from tick to tick; Infinity while there is none. */
  get tickPeriodNs(): number {
    const tick = this.registers[TICK >> 2]!;
    const cycles = tick & TICK_CYCLES;
    return (tick & TICK_ENABLE) === 0 || cycles === 0 || this.state.refHz === 0
      ? Infinity
      : (cycles * 1e9) / this.state.refHz;
  }

  /** clk_ref runs at `hz` from now on. */
  setReferenceFrequency(hz: number): void {
    if (hz === this.state.refHz) return;
    this.rebase(() => {
      this.state.refHz = hz;
    });
  }

  override peek(offset: number): number {
    if (offset === CTRL) return (this.registers[CTRL >> 2]! | this.count()) >>> 0;
    if (offset === TICK) {
      const running = this.tickPeriodNs === Infinity ? 0 : TICK_RUNNING;
      return this.registers[TICK >> 2]! | running;
    }
    return super.peek(offset);
  }

  override write(offset: number, value: number): void {
    if (offset === LOAD) this.load(value & 0xff_ffff);
    else if (offset === CTRL) this.writeCtrl(value);
    else if (offset === TICK) this.rebase(() => super.write(offset, value));
    else super.write(offset, value);
  }

  /** A reset that the watchdog itself caused leaves REASON and the scratch registers standing. */
  resetAfterExpiry(): void {
    const kept = this.registers.slice(REASON >> 2, TICK >> 2);
    this.reset();
    this.registers.set(kept, REASON >> 2);
  }

  override reset(): void {
    const { refHz } = this.state;
    super.reset();
    this.state.refHz = refHz;
    this.expiry.cancel();
    this.onTickChange(this.tickPeriodNs);
  }

  private writeCtrl(value: number): void {
    this.rebase(() => super.write(CTRL, value));
    if (value >= TRIGGER) this.expire(WatchdogReason.force);
  }

  private load(value: number): void {
    this.state.loaded = value;
    this.state.loadedAt = this.scheduler.now;
    this.scheduleExpiry();
  }

  private get isEnabled(): boolean {
    return (this.registers[CTRL >> 2]! & ENABLE) !== 0;
  }

  private count(): number {
    const { loaded, loadedAt } = this.state;
    if (!this.isEnabled) return loaded;
    const period = this.tickPeriodNs;
    const ticks = period === Infinity ? 0 : Math.floor((this.scheduler.now - loadedAt) / period);
    return Math.max(0, loaded - ticks * COUNTS_PER_TICK);
  }

  /** Changes what the count depends on without making it jump. */
  private rebase(change: () => void): void {
    const count = this.count();
    const period = this.tickPeriodNs;
    change();
    this.load(count);
    if (this.tickPeriodNs !== period) this.onTickChange(this.tickPeriodNs);
  }

  private scheduleExpiry(): void {
    const ticks = Math.ceil(this.state.loaded / COUNTS_PER_TICK);
    const period = this.tickPeriodNs;
    if (!this.isEnabled || period === Infinity) this.expiry.cancel();
    else this.expiry.schedule(Math.ceil(this.state.loadedAt + ticks * period) as Nanoseconds);
  }

  private expire(reason: number): void {
    this.registers[REASON >> 2] = reason;
    this.onReset();
  }
}
