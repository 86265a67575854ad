import type { Nanoseconds } from "../../base/brand";
import type { CoreClock } from "../armv6m/core";
import type { Scheduler } from "../scheduler";

/**
 * Turns the core's cycles into virtual time and back. Both count from the last change of clk_sys, so that neither
 * drifts; virtual time is whole nanoseconds.
 */
export class CoreTime implements CoreClock {
  readonly state = { sinceCycle: 0, sinceNs: 0, hz: 1 };

  constructor(private readonly scheduler: Scheduler) {}

  get revision(): number {
    return this.scheduler.revision;
  }

  sync(cycles: number): void {
    this.scheduler.now = this.timeAt(cycles);
  }

  /** The first cycle at or after an instant: `timeAt` says so too, however both round. */
  cycleAt(time: Nanoseconds): number {
    const { sinceCycle, sinceNs, hz } = this.state;
    const seconds = Math.floor((time - sinceNs) / 1e9);
    const rest = time - sinceNs - seconds * 1e9;
    let cycle = Math.ceil(sinceCycle + seconds * hz + (rest * hz) / 1e9);
    while (this.timeAt(cycle) < time) cycle++;
    while (this.timeAt(cycle - 1) >= time) cycle--;
    return cycle;
  }

  /** clk_sys runs at `hz` from now on. */
  setFrequency(hz: number, cycles: number): void {
    if (hz === this.state.hz) return;
    this.sync(cycles);
    this.state.sinceCycle = cycles;
    this.state.sinceNs = this.scheduler.now;
    this.state.hz = hz;
    // Whoever counts in cycles until an event has to count again.
    this.scheduler.revision++;
  }

  /**
   * Whole seconds are counted apart: the nanoseconds of a longer time, times cycles per second, are too large to be
   * exact. What is left errs by less than `ROUNDING`, which keeps a whole number from being rounded down.
   */
  private timeAt(cycle: number): Nanoseconds {
    const { sinceCycle, sinceNs, hz } = this.state;
    const elapsed = cycle - sinceCycle;
    const seconds = Math.floor(elapsed / hz);
    const rest = ((elapsed - seconds * hz) * 1e9) / hz;
    return (sinceNs + seconds * 1e9 + Math.floor(rest + ROUNDING)) as Nanoseconds;
  }
}

/** In nanoseconds: a second as a double is exact to 1.2e-7 of them. */
const ROUNDING = 1e-6;
