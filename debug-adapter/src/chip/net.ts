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

/** Something that is wired, until it is taken off for good. */
export interface Connection {
  remove(): void;
}

/** One thing that drives a net: a chip's pad, a part's pin, a resistor. */
export interface NetDriver extends Connection {
  readonly name: string;
  readonly drive: Drive;
  set(drive: Drive): void;
}

/** What a part sees of a net. */
export interface Wire {
  readonly isHigh: boolean;
  addDriver(name: string): Pick<NetDriver, "set">;
  /** Calls `listener` after each change of the level. */
  listen(listener: (isHigh: boolean) => void): void;
}

/**
 * An electrical node: what is wired together has one level. Zero ohms, no capacitance, no delay.
 *
 * Drivers and listeners of the chip are added while it is built, those of parts behind them in the order of the parts
 * (`Breadboard`), so that the `state` fits every net that is wired alike.
 * Where nothing drives the net it reads low, like a pad with its default pull-down; two strong drivers against each
 * other read low too (an open-drain bus is a wired AND) and are reported once per conflict.
 */
export class Net {
  readonly state = {
    drives: [] as number[],
    isHigh: false,
    isContended: false,
    changes: 0,
    /** Instants in nanoseconds; how long it was high until the level changed for the last time. */
    changedAt: 0,
    highBefore: 0,
  };
  private readonly drivers: NetDriver[] = [];
  /** Replaced, never changed: a part may be taken off while others are told. */
  private listeners: readonly ((isHigh: boolean) => void)[] = [];
  private observer: ((isHigh: boolean) => void) | undefined;

  constructor(
    readonly name: string,
    private readonly onContention?: (net: string, drivers: readonly string[]) => void,
    private readonly now: () => number = () => 0,
  ) {}

  get isHigh(): boolean {
    return this.state.isHigh;
  }

  /** True while one driver pulls hard up and another hard down. */
  get isContended(): boolean {
    return this.state.isContended;
  }

  /** How often the level has changed. */
  get changes(): number {
    return this.state.changes;
  }

  /** How long it has been high in all, up to now, in nanoseconds. */
  get highFor(): number {
    const { isHigh, changedAt, highBefore } = this.state;
    return isHigh ? highBefore + this.now() - changedAt : highBefore;
  }

  addDriver(name: string): NetDriver {
    const { state, drivers } = this;
    const resolve = () => this.resolve();
    const driver: NetDriver = {
      name,
      get drive() {
        return state.drives[drivers.indexOf(driver)] as Drive;
      },
      set(drive) {
        const index = drivers.indexOf(driver);
        if (state.drives[index] === drive) return;
        state.drives[index] = drive;
        resolve();
      },
      remove() {
        const index = drivers.indexOf(driver);
        drivers.splice(index, 1);
        state.drives.splice(index, 1);
        resolve();
      },
    };
    drivers.push(driver);
    state.drives.push(Drive.floating);
    return driver;
  }

  /** Calls `listener` after each change of the level. */
  listen(listener: (isHigh: boolean) => void): Connection {
    this.listeners = [...this.listeners, listener];
    return {
      remove: () => void (this.listeners = this.listeners.filter((other) => other !== listener)),
    };
  }

  /** Calls `observer` after all that is wired to the net. There is one. */
  observe(observer: (isHigh: boolean) => void): void {
    this.observer = observer;
  }

  private resolve(): void {
    const state = this.state;
    let seen = 0;
    for (const drive of state.drives) seen |= 1 << drive;
    this.noteContention((seen & STRONG) === STRONG);
    const isHigh = levelOf(seen, state.isHigh);
    if (isHigh === state.isHigh) return;
    state.highBefore = this.highFor;
    state.changedAt = this.now();
    state.isHigh = isHigh;
    state.changes++;
    for (const listener of this.listeners) {
      listener(isHigh);
      // A listener that drove the net has already told everyone of the newer level.
      if (state.isHigh !== isHigh) return;
    }
    this.observer?.(isHigh);
  }

  private noteContention(isContended: boolean): void {
    if (isContended === this.state.isContended) return;
    this.state.isContended = isContended;
    if (!isContended) return;
    const strong = this.drivers.filter(({ drive }) => ((1 << drive) & STRONG) !== 0);
    this.onContention?.(
      this.name,
      strong.map(({ name }) => name),
    );
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
