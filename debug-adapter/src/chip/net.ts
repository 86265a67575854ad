/**
 * What one driver does to a net, in the order of strength: an output beats a resistor on the board (some kiloohms),
 * that beats the pull of a pad (50 kiloohms and more), and that beats nothing. The two pulls of one pad together are
 * a bus keeper (RP2040 datasheet 2.19.4.2).
 */
export const Drive = {
  floating: 0,
  low: 1,
  high: 2,
  pullDown: 3,
  pullUp: 4,
  keep: 5,
  resistorDown: 6,
  resistorUp: 7,
} as const;
export type Drive = (typeof Drive)[keyof typeof Drive];

/** One thing that drives a net: a chip's pad, a part's pin, a resistor. */
export interface NetDriver {
  readonly name: string;
  readonly drive: Drive;
  set(drive: Drive): void;
}

/**
 * An electrical node: what is wired together has one level. Zero ohms, no capacitance, no delay.
 *
 * Drivers and listeners are added while the world is built, so that all that changes later is the `state`.
 * Where nothing drives the net it reads low, like a pad with its default pull-down; two strong drivers against each
 * other read low too (an open-drain bus is a wired AND) and are reported once per conflict.
 */
export class Net {
  readonly state = { drives: [] as number[], isHigh: false, isContended: false };
  private readonly drivers: string[] = [];
  private readonly listeners: ((isHigh: boolean) => void)[] = [];

  constructor(
    readonly name: string,
    private readonly onContention?: (net: string, drivers: readonly string[]) => void,
  ) {}

  get isHigh(): boolean {
    return this.state.isHigh;
  }

  /** True while one driver pulls hard up and another hard down. */
  get isContended(): boolean {
    return this.state.isContended;
  }

  addDriver(name: string): NetDriver {
    const index = this.drivers.push(name) - 1;
    const { state } = this;
    state.drives.push(Drive.floating);
    const resolve = () => this.resolve();
    return {
      name,
      get drive() {
        return state.drives[index] as Drive;
      },
      set(drive) {
        if (state.drives[index] === drive) return;
        state.drives[index] = drive;
        resolve();
      },
    };
  }

  /** Calls `listener` after each change of the level. */
  listen(listener: (isHigh: boolean) => void): void {
    this.listeners.push(listener);
  }

  private resolve(): void {
    const state = this.state;
    let seen = 0;
    for (const drive of state.drives) seen |= 1 << drive;
    this.noteContention((seen & STRONG) === STRONG);
    const isHigh = levelOf(seen, state.isHigh);
    if (isHigh === state.isHigh) return;
    state.isHigh = isHigh;
    for (const listener of this.listeners) {
      listener(isHigh);
      // A listener that drove the net has already told everyone of the newer level.
      if (state.isHigh !== isHigh) return;
    }
  }

  private noteContention(isContended: boolean): void {
    if (isContended === this.state.isContended) return;
    this.state.isContended = isContended;
    if (!isContended) return;
    const strong = this.drivers.filter((_, i) => ((1 << this.state.drives[i]!) & STRONG) !== 0);
    this.onContention?.(this.name, strong);
  }
}

const STRONG = (1 << Drive.low) | (1 << Drive.high);

/** The level of a net on which the drives in the bit set `seen` are present. */
function levelOf(seen: number, wasHigh: boolean): boolean {
  if ((seen & (1 << Drive.low)) !== 0) return false;
  if ((seen & (1 << Drive.high)) !== 0) return true;
  const resistors = seen & ((1 << Drive.resistorUp) | (1 << Drive.resistorDown));
  if (resistors !== 0) return settle(resistors, 1 << Drive.resistorUp, 1 << Drive.resistorDown, wasHigh);
  const pulls = seen & ((1 << Drive.pullUp) | (1 << Drive.pullDown));
  if (pulls !== 0) return settle(pulls, 1 << Drive.pullUp, 1 << Drive.pullDown, wasHigh);
  return (seen & (1 << Drive.keep)) !== 0 && wasHigh;
}

/** Two of the same strength against each other leave the level where it is. */
function settle(seen: number, up: number, down: number, wasHigh: boolean): boolean {
  return seen === (up | down) ? wasHigh : seen === up;
}
