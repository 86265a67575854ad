import type { TracepointHit } from "../../target/target";
import { watchDrop } from "./drop-watch";
import { stateAt } from "./future-match";
import { isAtLevel } from "./hit-frame";
import { linesOfFuture, linesWhere } from "./line-goals";
import type { Goal, StepContext } from "./step-context";
import type { AwaitLink } from "./step-origin";
import type { FutureInstance, StepFrame } from "./step-stack";

/** Where a step gets control once the function at which it begins has ended. */
export function returnGoals(context: StepContext): Goal[] {
  const { frames, awaits } = context.origin;
  if (awaits.length === 0) return frameReturns(context);
  const [inner] = awaits;
  const caller = inner === undefined ? undefined : futureReturn(frames, inner.future);
  return [...(caller === undefined ? [] : [caller]), ...awaiterGoals(awaits, context)];
}

/**
 * To where an ordinary function returns: the nearest caller of the user's, since what lies between is not to be seen;
 * from code that is not the user's to the nearest caller of all. A handler of an exception returns to what it has
 * interrupted.
 */
function frameReturns(context: StepContext): Goal[] {
  const { frames } = context.origin;
  const [from] = frames;
  const goals: Goal[] = [];
  if (from === undefined) return goals;
  for (let i = 1; i < frames.length; i++) {
    const frame = frames[i]!;
    const isInlining = frame.callFrameAddress === from.callFrameAddress && !frame.isInterrupted;
    if (!frame.isOwn && from.isOwn && !frame.isInterrupted) continue;
    // The executor's loop, as any function that returns `!`, would be waited for in vain.
    if (!isInlining) return from.scope.owner.isNoReturn ? goals : [...goals, returnTo(frame)];
    goals.push(...linesWhere((row) => row.scope === frame.scope, from, context));
  }
  const caller = frames.find(({ callFrameAddress }) => callFrameAddress !== from.callFrameAddress);
  return caller === undefined || from.scope.owner.isNoReturn ? goals : [...goals, returnTo(caller)];
}

function returnTo(frame: StepFrame): Goal {
  return { address: frame.pc, accept: isAtLevel(frame) };
}

/** A function of the user's that polls a future by itself gets control when that returns, and not when it is pending. */
function futureReturn(frames: readonly StepFrame[], future: FutureInstance): Goal | undefined {
  const nearest = frames.slice(1).find(({ isOwn, future: other }) => isOwn || other !== undefined);
  if (nearest === undefined || nearest.future !== undefined) return undefined;
  return { address: nearest.pc, accept: (hit) => stateAt(hit, future) === "returned" };
}

/**
 * Those who await get control behind their `.await`: when the call of the poll returns and the future has returned,
 * or, if they poll it by way of something else, at their next line. They may also drop it, and go on.
 */
function awaiterGoals(awaits: readonly AwaitLink[], context: StepContext): Goal[] {
  const [stepped] = awaits;
  if (stepped === undefined) return [];
  const { goals: watched, event } = watchDrop(context.source, stepped.future);
  const goals = [...watched];
  for (let i = 1; i < awaits.length; i++) {
    const awaiter = awaits[i]!;
    const awaited = awaits[i - 1]!.future;
    const lines = linesOfFuture(awaiter, context);
    goals.push(...lines.map((goal) => ({ ...goal, event })));
    goals.push(...pollReturns(awaiter, awaited, context));
  }
  return goals;
}

function pollReturns(
  { future, place }: AwaitLink,
  awaited: FutureInstance,
  { code, match }: StepContext,
): Goal[] {
  const scopes = new Set(code.lines.ofBody(future.body).entries.map(({ scope }) => scope));
  const goals: Goal[] = [];
  for (const scope of scopes) {
    const rows = code.rows.of(scope.owner).filter((row) => row.scope === scope && row.line === place?.line);
    for (const at of rows.flatMap((row) => code.flows.returnsIn(row))) {
      const accept = (hit: TracepointHit) =>
        stateAt(hit, awaited) === "returned" && match.isPolled(hit, scope, future);
      goals.push({ address: at, accept });
    }
  }
  return goals;
}
