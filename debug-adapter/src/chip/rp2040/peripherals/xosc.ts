import type { Nanoseconds } from "../../../base/brand";
import { RegisterBlock } from "../../register-block";
import type { Scheduler, TimedEvent } from "../../scheduler";

const CTRL = 0x00;
const STATUS = 0x04;
const STARTUP = 0x0c;
const COUNT = 0x1c;

const ENABLE = 0xfab;
const STABLE = 0x8000_0000;
const BADWRITE = 1 << 24;
const ENABLED = 1 << 12;
/** The only value of FREQ_RANGE that is not reserved. */
const RANGE_1_15MHZ = 0xaa0;
const X4 = 1 << 20;

/** The crystal oscillator (datasheet 2.16): the Pico's 12 MHz crystal, which takes its time to start. */
export class Xosc extends RegisterBlock<{ isStable: boolean; countEndsAt: number }> {
  private readonly stable: TimedEvent;

  constructor(
    private readonly scheduler: Scheduler,
    readonly crystalHz: number,
    private readonly onChange: () => void,
  ) {
    super(
      "XOSC",
      0x4002_4000,
      0x1000,
      {
        [CTRL]: { name: "CTRL", writable: 0xff_ffff },
        [STATUS]: { name: "STATUS" },
        [0x08]: { name: "DORMANT", writable: 0xffff_ffff, isEmulated: false },
        [STARTUP]: { name: "STARTUP", reset: 0xc4, writable: X4 | 0x3fff },
        [COUNT]: { name: "COUNT", writable: 0xff },
      },
      { isStable: false, countEndsAt: 0 },
    );
    this.stable = scheduler.addEvent("XOSC stable", () => {
      this.state.isStable = true;
      this.onChange();
    });
  }

  /** What it delivers now: 0 until it is stable. */
  get frequencyHz(): number {
    return this.state.isStable ? this.crystalHz : 0;
  }

  override peek(offset: number): number {
    if (offset === STATUS) {
      const enabled = this.isEnabled ? ENABLED : 0;
      return ((this.state.isStable ? STABLE : 0) | enabled | this.registers[STATUS >> 2]!) >>> 0;
    }
    if (offset === COUNT) {
      const left = this.state.countEndsAt - this.scheduler.now;
      return left <= 0 ? 0 : Math.ceil((left * this.crystalHz) / 1e9);
    }
    return super.peek(offset);
  }

  override write(offset: number, value: number): void {
    if (offset === CTRL) this.writeCtrl(value);
    else if (offset === STATUS) this.registers[STATUS >> 2]! &= ~(value & BADWRITE);
    else if (offset === COUNT)
      this.state.countEndsAt = this.scheduler.now + ((value & 0xff) * 1e9) / this.crystalHz;
    else super.write(offset, value);
  }

  override reset(): void {
    super.reset();
    this.stable.cancel();
    this.onChange();
  }

  private get isEnabled(): boolean {
    return this.registers[CTRL >> 2]! >>> 12 === ENABLE;
  }

  private writeCtrl(value: number): void {
    const wasEnabled = this.isEnabled;
    this.store(CTRL, value);
    if ((value & 0xfff) !== RANGE_1_15MHZ) this.registers[STATUS >> 2]! |= BADWRITE;
    if (this.isEnabled === wasEnabled) return;
    this.state.isStable = false;
    if (this.isEnabled) this.stable.schedule((this.scheduler.now + this.startupTime()) as Nanoseconds);
    else this.stable.cancel();
    this.onChange();
  }

  /** STARTUP.DELAY counts multiples of 256 crystal cycles (datasheet 2.16.3). */
  private startupTime(): number {
    const startup = this.registers[STARTUP >> 2]!;
    const cycles = (startup & 0x3fff) * 256 * ((startup & X4) !== 0 ? 4 : 1);
    return Math.ceil((cycles * 1e9) / this.crystalHz);
  }
}
