import { nanoseconds, type Nanoseconds } from "../base/brand";

/** From where on something is a finding. */
export interface Thresholds {
  /** A task that is ready waits longer than this for its poll. */
  readonly starvation: Nanoseconds;
  /** One poll runs longer than this, without interrupts. */
  readonly longPoll: Nanoseconds;
  /** Tasks keep waking tasks for this long, and the core never sleeps. */
  readonly busy: Nanoseconds;
  /** A task has waited for this long, before memory is searched for who could wake it. */
  readonly stuck: Nanoseconds;
  /** Sends to a full channel have held a task back for this long in all. */
  readonly backpressure: Nanoseconds;
  /** A task's future takes this many bytes of RAM. */
  readonly futureBytes: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  starvation: nanoseconds(10e6),
  longPoll: nanoseconds(5e6),
  busy: nanoseconds(1e9),
  stuck: nanoseconds(1e9),
  backpressure: nanoseconds(500e6),
  futureBytes: 8192,
};
