import type { TracepointHit } from "../../target/target";
import type { RunPlace } from "../run-control/movement";
import type { PolledFutures } from "./future-match";
import type { ProgramCode } from "./program-code";
import type { StepOrigin, StepSource } from "./step-origin";

/** What the parts of one step share. */
export interface StepContext {
  readonly source: StepSource;
  readonly code: ProgramCode;
  readonly origin: StepOrigin;
  readonly match: PolledFutures;
}

/** A place at which a step gets control, and what it means to have come there. */
export interface Goal extends RunPlace {
  readonly accept: (hit: TracepointHit) => boolean;
  /** What the user is told at the end; undefined where the place says it all. */
  readonly event?: () => string | undefined;
}
