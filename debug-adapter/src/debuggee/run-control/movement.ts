import type { Address, Nanoseconds } from "../../base/brand";
import type { TaskEvent, TaskEventListener } from "../../executor/task-events";
import type { Pace } from "../../target/pace";
import type { Target, TracepointHit } from "../../target/target";
import type { StopCause } from "./stop";

/** An instruction at which a movement wants to get control. */
export interface RunPlace {
  readonly address: Address;
  /** Asked in the middle of the run, at no cost to the firmware: false lets it run on. */
  readonly accept?: (hit: TracepointHit) => boolean;
}

/** What else a movement waits for. */
export interface RunOptions {
  /** Told of each spawn, wake, poll and end of a task as it happens (task-events.ts); returns true to get control. */
  readonly onTaskEvent?: TaskEventListener;
  /** The instant at which the debuggee stops at the latest, for `time`. */
  readonly until?: Nanoseconds;
  /** Holds virtual time to the host's. Steps have none: who steps wants to be there. */
  readonly pace?: Pace;
}

/** How a run that a movement has asked for came to its end. */
export type RunEnd =
  | { readonly kind: "reached"; readonly place: RunPlace }
  /** `onTaskEvent` has accepted an event. The trace has its row already. */
  | { readonly kind: "task-event"; readonly event: TaskEvent }
  /** Something that comes first: a breakpoint of the user, a pause, a panic. The movement is over. */
  | { readonly kind: "stopped"; readonly cause: StopCause };

/** What a movement may do with the machine. */
export interface Runner {
  readonly target: Target;
  /**
   * Runs until one of the places is reached, a task event is accepted, or something else stops the debuggee. The
   * instruction at which it stands is no arrival: a place there is reached when the program comes back to it.
   */
  runTo(places: readonly RunPlace[], options?: RunOptions): Promise<RunEnd>;
  /**
   * Executes one instruction, or takes one exception: `reached` names where it stands then. A breakpoint of the user
   * at the next instruction does not count yet. A core that sleeps is run until it has executed one.
   */
  stepInstruction(): Promise<RunEnd>;
}

/** A way to go on: from one stop to the next. Steps are movements; so is to continue. */
export type Movement = (runner: Runner) => Promise<StopCause>;
