import type { Movement } from "../run-control/movement";
import { linesOfFrame, linesOfFuture, nextAwait, nextPass } from "./line-goals";
import { returnGoals } from "./return-goals";
import { runToGoals } from "./run-to-goals";
import type { Goal, StepContext } from "./step-context";

/**
 * To the next line of what is stepped. Of a coroutine that is the next line of the same future, however often its task
 * is suspended and polled on the way, and whatever else runs meanwhile. If there is none, to whoever gets its result.
 */
export function stepOver(context: StepContext, ...[runner]: Parameters<Movement>) {
  return runToGoals(overGoals(context), context, runner);
}

/** Where a step over may end. */
export function overGoals(context: StepContext): Goal[] {
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
  const next = link === undefined ? [] : nextAwait(link, context);
  return [...lines, ...pass, ...next, ...returnGoals(context)];
}
