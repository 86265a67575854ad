import type { Movement } from "../run-control/movement";
import type { StopCause } from "../run-control/stop";
import { returnGoals } from "./return-goals";
import { runToGoals, stepped } from "./run-to-goals";
import type { StepContext } from "./step-context";

/** To whoever called the function, or, of an `async fn`, to whoever awaits it, once it has returned. */
export async function stepOut(context: StepContext, ...[runner]: Parameters<Movement>): Promise<StopCause> {
  const goals = returnGoals(context);
  const owner = context.origin.frames[0]?.scope.owner;
  if (goals.length === 0 && owner?.isNoReturn === true) return stepped(`${owner.path} never returns`);
  return runToGoals(goals, context, runner);
}
