import { setTimeout as delay } from "node:timers/promises";
import { type Nanoseconds, nanoseconds } from "../base/brand";

/** The host's time, in milliseconds since some instant. */
export interface HostClock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

export const hostClock: HostClock = {
  now: () => performance.now(),
  wait: (milliseconds) => delay(milliseconds),
};

/** A person sees no steps of that length, and the process sleeps between them. */
const STEP_MILLISECONDS = 10;

/** A machine that was slower than it should be for longer than that goes on from where it is, and does not race. */
const LARGEST_LAG_MILLISECONDS = 100;

const NANOSECONDS = 1e6;

/** Holds the virtual time of a machine that runs to a multiple of the host's, so that a person can follow and take part. */
export class Pace {
  private hostStart = 0;
  private virtualStart = 0;

  /** @param speed virtual time by host time, above 0: 1 is that of a real chip */
  constructor(
    private readonly speed: number,
    private readonly clock: HostClock,
  ) {}

  /** The machine begins to run at `now`. */
  begin(now: Nanoseconds): void {
    this.hostStart = this.clock.now();
    this.virtualStart = now;
  }

  /** Up to where a machine that has come to `now` may run at once; `now` itself until most of a step is due. */
  limit(now: Nanoseconds): Nanoseconds {
    const perMillisecond = NANOSECONDS * this.speed;
    const reached = this.virtualStart + (this.clock.now() - this.hostStart) * perMillisecond;
    const behind = (reached - now) / perMillisecond;
    // A wait may end a little early.
    if (behind < STEP_MILLISECONDS / 2) return now;
    if (behind <= LARGEST_LAG_MILLISECONDS) return nanoseconds(reached);
    this.begin(nanoseconds(now + STEP_MILLISECONDS * perMillisecond));
    return nanoseconds(this.virtualStart);
  }

  /** Lets a step of the host's time pass. */
  wait(): Promise<void> {
    return this.clock.wait(STEP_MILLISECONDS);
  }
}
