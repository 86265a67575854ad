import type { Address } from "../../base/brand";
import type { Target, TracepointHit } from "../../target/target";
import type { StopCause } from "./stop";

/** An instruction at which a movement wants to get control. */
export interface RunPlace {
  readonly address: Address;
  /** Asked in the middle of the run, at no cost to the firmware: false lets it run on. */
  readonly accept?: (hit: TracepointHit) => boolean;
}

/** How a run that a movement has asked for came to its end. */
export type RunEnd =
  | { readonly kind: "reached"; readonly place: RunPlace }
  /** Something that comes first: a breakpoint of the user, a pause, a panic. The movement is over. */
  | { readonly kind: "stopped"; readonly cause: StopCause };

/** What a movement may do with the machine. */
export interface Runner {
  readonly target: Target;
  /** Runs until one of the places is reached, or something else stops the debuggee. */
  runTo(places: readonly RunPlace[]): Promise<RunEnd>;
  /** Executes one instruction; a breakpoint of the user at the next one does not count yet. */
  stepInstruction(): Promise<RunEnd>;
}

/** A way to go on: from one stop to the next. Steps are movements; so is to continue. */
export type Movement = (runner: Runner) => Promise<StopCause>;
