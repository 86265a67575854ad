import type { Movement } from "../run-control/movement";
import { returnGoals } from "./return-goals";
import { runToGoals } from "./run-to-goals";
import type { StepContext } from "./step-context";

/** To whoever called the function, or, of an `async fn`, to whoever awaits it, once it has returned. */
export function stepOut(context: StepContext, ...[runner]: Parameters<Movement>) {
  return runToGoals(returnGoals(context), context, runner);
}
