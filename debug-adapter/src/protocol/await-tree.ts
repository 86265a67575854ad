import type { ProtocolTask, WhyBody } from "./custom-requests";

export interface AwaitTreeArguments {
  /** Whether to tell of each task why it is not running; only where the firmware stands still. */
  readonly reasons: boolean;
}

export interface AwaitTreeBody {
  /** The instant of all of it. */
  readonly time: number;
  /** Every task that has been spawned, in the order of their threads. */
  readonly tasks: readonly AwaitTreeTask[];
}

export interface AwaitTreeTask extends ProtocolTask {
  /** Null for a task that is running or has ended, while the firmware runs, and where it was not asked for. */
  readonly why: WhyBody | null;
}
