import type { Movement } from "../run-control/movement";
import { linesOfFrame, linesOfFuture, nextPass } from "./line-goals";
import { returnGoals } from "./return-goals";
import { runToGoals } from "./run-to-goals";
import type { Goal, StepContext } from "./step-context";

/**
 * To the next line of what is stepped. Of a coroutine that is the next line of the same future, however often its task
 * is suspended and polled on the way, and whatever else runs meanwhile. If there is none, to whoever gets its result.
 */
export async function stepOver(context: StepContext, ...[runner]: Parameters<Movement>) {
  return runToGoals(await overGoals(context), context, runner);
}

/** Where a step over may end. */
export async function overGoals(context: StepContext): Promise<Goal[]> {
  const { frames, awaits } = context.origin;
  const [frame] = frames;
  const [link] = awaits;
  const lines =
    link !== undefined
      ? linesOfFuture(link, context)
      : frame === undefined
        ? []
        : linesOfFrame(frame, context);
  const pass = frame === undefined ? [] : nextPass(frame, context);
  return [...(await lines), ...pass, ...(await returnGoals(context))];
}
