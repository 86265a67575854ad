import { RegisterBlock } from "../../register-block";
import type { Scheduler } from "../../scheduler";

const CTRL = 0x00;
const FREQA = 0x04;
const FREQB = 0x08;
const DIV = 0x10;
const PHASE = 0x14;
const STATUS = 0x18;
const RANDOMBIT = 0x1c;
const COUNT = 0x20;

const DISABLE = 0xd1e;
const PASSWD = 0x9696;
const DIV_PASS = 0xaa0;
const STATUS_RUNNING = 0x8000_0000 | (1 << 16) | (1 << 12);

/** Nominal output after reset; a real chip's lies anywhere between 1.8 and 12 MHz (datasheet 2.17.1). */
const NOMINAL_HZ = 6_500_000;
const DIV_AFTER_RESET = 16;
/** Speed of each FREQ_RANGE code against LOW, by the number of stages in the ring (datasheet 2.17.3). */
const RANGE_SPEED: Readonly<Record<number, number>> = { 0xfa4: 1, 0xfa5: 8 / 6, 0xfa7: 2, 0xfa6: 4 };

/**
 * The ring oscillator (datasheet 2.17), which the chip starts from. Drive strengths (FREQA, FREQB) are stored but do
 * not change its speed, as no datasheet says by how much. RANDOMBIT follows a fixed sequence: the same program sees
 * the same bits in every run.
 */
export class Rosc extends RegisterBlock<{ randomState: number; countEndsAt: number }> {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly onChange: () => void,
  ) {
    super(
      "ROSC",
      0x4006_0000,
      0x1000,
      {
        [CTRL]: { name: "CTRL", reset: 0xaa0, writable: 0xff_ffff },
        [FREQA]: { name: "FREQA", writable: 0x7777 },
        [FREQB]: { name: "FREQB", writable: 0x7777 },
        [0x0c]: { name: "DORMANT", writable: 0xffff_ffff, isEmulated: false },
        [DIV]: { name: "DIV", reset: DIV_PASS + DIV_AFTER_RESET },
        [PHASE]: { name: "PHASE", reset: 0x08, writable: 0xf },
        [STATUS]: { name: "STATUS" },
        [RANDOMBIT]: { name: "RANDOMBIT" },
        [COUNT]: { name: "COUNT", writable: 0xff },
      },
      { randomState: 0x2545_f491, countEndsAt: 0 },
    );
  }

  get frequencyHz(): number {
    if (this.isDisabled) return 0;
    const speed = RANGE_SPEED[this.registers[CTRL >> 2]! & 0xfff] ?? 1;
    const divisor = this.registers[DIV >> 2]! - DIV_PASS || 32;
    return (NOMINAL_HZ * DIV_AFTER_RESET * speed) / divisor;
  }

  override read(offset: number): number {
    if (offset === RANDOMBIT) this.advanceRandom();
    return this.peek(offset);
  }

  override peek(offset: number): number {
    if (offset === STATUS) return this.isDisabled ? 0 : STATUS_RUNNING >>> 0;
    if (offset === RANDOMBIT) return this.state.randomState & 1;
    if (offset === COUNT) {
      const left = this.state.countEndsAt - this.scheduler.now;
      return left <= 0 ? 0 : Math.ceil((left * this.frequencyHz) / 1e9);
    }
    return super.peek(offset);
  }

  override write(offset: number, value: number): void {
    if (offset === FREQA || offset === FREQB) {
      // A write without the password sets the drive strengths to 0.
      this.store(offset, value >>> 16 === PASSWD ? value : 0);
    } else if (offset === DIV) {
      const divisor = value - DIV_PASS;
      this.registers[DIV >> 2] = divisor >= 0 && divisor < 32 ? value : DIV_PASS;
      this.onChange();
    } else if (offset === COUNT) {
      this.state.countEndsAt = this.scheduler.now + ((value & 0xff) * 1e9) / this.frequencyHz;
    } else {
      super.write(offset, value);
      if (offset === CTRL) this.onChange();
    }
  }

  private get isDisabled(): boolean {
    return this.registers[CTRL >> 2]! >>> 12 === DISABLE;
  }

  /** xorshift32: any sequence does that is not constant and comes out the same again. */
  private advanceRandom(): void {
    let x = this.state.randomState;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state.randomState = x | 0;
  }
}
