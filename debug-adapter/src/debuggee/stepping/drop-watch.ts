import type { Program } from "../../symbols/program";
import { Register } from "../../target/architecture";
import { stateAt } from "./future-match";
import type { Goal } from "./step-context";
import type { FutureInstance } from "./step-stack";

/** Notices that a future is dropped at an await, which is how it is cancelled. */
export interface DropWatch {
  /** Places at which nothing stops. */
  readonly goals: readonly Goal[];
  /** What has happened, for the user; undefined if it was not dropped, or if that could not be seen. */
  readonly event: () => string | undefined;
}

/** Watches the function that the compiler makes to drop a future; an optimised build may have inlined it. */
export function watchDrop(program: Program, future: FutureInstance): DropWatch {
  const { body, address } = future;
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
