import type { Runner } from "../../run-control/movement";
import type { StopCause } from "../../run-control/stop";
import { returnGoals } from "../return-goals";
import { stepped } from "../run-to-goals";
import type { StepContext } from "../step-context";
import { inlinedLines } from "../step-in";
import { overGoals } from "../step-over";
import { Entering } from "./entering";
import { Walk } from "./walk";

/** As `stepOver`, with few breakpoints. */
export function thriftyOver(context: StepContext, runner: Runner): Promise<StopCause> {
  return new Walk(context, runner, overGoals(context)).toGoal();
}

/** As `stepOut`, with few breakpoints. */
export function thriftyOut(context: StepContext, runner: Runner): Promise<StopCause> {
  const goals = returnGoals(context);
  const owner = context.origin.frames[0]?.scope.owner;
  if (goals.length === 0 && owner?.isNoReturn === true) {
    return Promise.resolve(stepped(`${owner.path} never returns`));
  }
  return new Walk(context, runner, goals).toGoal();
}

/** As `stepIn`, with few breakpoints. */
export function thriftyIn(context: StepContext, runner: Runner): Promise<StopCause> {
  const entering = new Entering(context, runner.target);
  return new Walk(context, runner, [...overGoals(context), ...inlinedLines(context)], entering).toGoal();
}
