// Places in `state`.
const CONTROL = 0;
const RELOAD = 1;
/** The counter's value at the anchor cycle; while it runs, everything else follows from these two. */
const ANCHOR_VALUE = 2;
const ANCHOR_CYCLE = 3;
const COUNT_FLAG = 4;
const CYCLES_PER_REFERENCE_TICK = 5;

const ENABLE = 1;
const TICKINT = 2;
const CLKSOURCE = 4;

/**
 * The system timer (ARMv6-M ARM B3.3): 24 bits, down to 0, then RELOAD. It is not counted but calculated from the
 * core's cycle count, so that it costs nothing while nobody looks.
 */
export class SysTick {
  readonly state = new Float64Array(6);
  /** The cycle at which the counter next reaches 0 and raises its exception; Infinity if it does not. */
  dueCycle = Infinity;

  constructor(private readonly onZero: () => void) {
    this.reset(0);
  }

  reset(cycles: number): void {
    this.state.fill(0);
    this.state[ANCHOR_CYCLE] = cycles;
    this.state[CYCLES_PER_REFERENCE_TICK] = 1;
    this.updateDue();
  }

  /** How many core cycles a tick of the external reference clock takes (RP2040: the watchdog's 1 us tick). */
  setReference(cyclesPerTick: number, cycles: number): void {
    this.anchor(cycles);
    this.state[CYCLES_PER_REFERENCE_TICK] = cyclesPerTick;
    this.updateDue();
  }

  /** The counter has reached `dueCycle`. */
  fire(): void {
    this.anchor(this.dueCycle);
    this.onZero();
  }

  /** A register between SYST_CSR (0xe000e010) and SYST_CALIB, or undefined if there is none. */
  read(offset: number, cycles: number): number | undefined {
    switch (offset) {
      case 0x10: {
        this.anchor(cycles);
        const flag = this.state[COUNT_FLAG]!;
        this.state[COUNT_FLAG] = 0;
        return this.state[CONTROL]! | (flag << 16);
      }
      case 0x14:
        return this.state[RELOAD]!;
      case 0x18:
        this.anchor(cycles);
        return this.state[ANCHOR_VALUE]!;
      case 0x1c:
        // No calibration value: NOREF 0, SKEW 0, TENMS 0, as on RP2040 (datasheet 2.4.8).
        return 0;
      default:
        return undefined;
    }
  }

  /** Returns whether there is such a register. */
  write(offset: number, value: number, cycles: number): boolean {
    this.anchor(cycles);
    switch (offset) {
      case 0x10:
        this.state[CONTROL] = value & (ENABLE | TICKINT | CLKSOURCE);
        break;
      case 0x14:
        this.state[RELOAD] = value & 0xffffff;
        break;
      case 0x18:
        // Any write clears the counter and the flag; it does not raise the exception (B3.3.5).
        this.state[ANCHOR_VALUE] = 0;
        this.state[COUNT_FLAG] = 0;
        break;
      default:
        return offset === 0x1c;
    }
    this.updateDue();
    return true;
  }

  /** Works out when the counter is next due, after a restored state. */
  updateDue(): void {
    const control = this.state[CONTROL]!;
    const raises = (control & ENABLE) !== 0 && (control & TICKINT) !== 0;
    this.dueCycle = raises ? this.state[ANCHOR_CYCLE]! + this.ticksToZero() * this.cyclesPerTick() : Infinity;
  }

  /** Moves the anchor to the last tick at or before `cycles`. */
  private anchor(cycles: number): void {
    const state = this.state;
    if ((state[CONTROL]! & ENABLE) === 0) {
      state[ANCHOR_CYCLE] = cycles;
      return;
    }
    const perTick = this.cyclesPerTick();
    const ticks = Math.floor((cycles - state[ANCHOR_CYCLE]!) / perTick);
    if (ticks <= 0) return;
    if (ticks >= this.ticksToZero()) state[COUNT_FLAG] = 1;
    state[ANCHOR_VALUE] = this.valueAfter(ticks);
    state[ANCHOR_CYCLE]! += ticks * perTick;
    this.updateDue();
  }

  private valueAfter(ticks: number): number {
    const value = this.state[ANCHOR_VALUE]!;
    const reload = this.state[RELOAD]!;
    if (ticks <= value) return value - ticks;
    return reload - ((ticks - value - 1) % (reload + 1));
  }

  private ticksToZero(): number {
    const value = this.state[ANCHOR_VALUE]!;
    if (value > 0) return value;
    const reload = this.state[RELOAD]!;
    return reload > 0 ? reload + 1 : Infinity;
  }

  private cyclesPerTick(): number {
    return (this.state[CONTROL]! & CLKSOURCE) !== 0 ? 1 : this.state[CYCLES_PER_REFERENCE_TICK]!;
  }
}
