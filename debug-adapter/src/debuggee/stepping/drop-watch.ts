import { Register } from "../../target/architecture";
import { stateAt } from "./future-match";
import type { Goal } from "./step-context";
import type { StepSource } from "./step-origin";
import type { FutureInstance } from "./step-stack";

/** Notices that a future is dropped at an await, which is how it is cancelled. */
export interface DropWatch {
  /** Places at which nothing stops. */
  readonly goals: readonly Goal[];
  /** What has happened, for the user; undefined if it was not dropped, or if that could not be seen. */
  readonly event: () => string | undefined;
}

/**
 * Watches the function that the compiler makes to drop a future; an optimised build may have inlined it. Nothing is
 * watched where that would cost the target something.
 */
export function watchDrop({ firmware, target }: StepSource, future: FutureInstance): DropWatch {
  if (target.capabilities.tracepoints !== "free") return { goals: [], event: () => undefined };
  const { body, address } = future;
  const { program } = firmware;
  const glue = program.functions.named(`core::ptr::drop_in_place<${body.coroutine.type.name}>`);
  let isDropped = false;
  const note: Goal["accept"] = (hit) => {
    if (hit.register(Register.r0) === address && stateAt(hit, future) === "suspended") isDropped = true;
    return false;
  };
  return {
    goals: glue.map((each) => ({ address: each.address, accept: note })),
    event: () => (isDropped ? `${body.name} was dropped at its .await` : undefined),
  };
}
