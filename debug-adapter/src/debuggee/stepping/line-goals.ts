import type { SourcePlace } from "../../symbols/source-files";
import type { TracepointHit } from "../../target/target";
import type { CodeRow } from "./code-rows";
import { exceptionAt, frameAt } from "./hit-frame";
import type { Goal, StepContext } from "./step-context";
import type { AwaitLink } from "./step-origin";
import type { StepFrame } from "./step-stack";

/** The beginnings of other lines of a coroutine, reached by the same future, in whatever poll. */
export function linesOfFuture({ future, place }: AwaitLink, context: StepContext): Goal[] {
  const { code, match } = context;
  const rows = code.lines.ofBody(future.body).statements.filter(({ line }) => line !== place?.line);
  const ahead = withoutLeftovers(rows, place, context);
  match.follow(future.body);
  return ahead.map(({ address, scope }): Goal => {
    return { address, accept: (hit) => match.isPolled(hit, scope, future) };
  });
}

/** The beginnings of other lines of a function, in the same activation. */
export function linesOfFrame(frame: StepFrame, context: StepContext): Goal[] {
  const { place } = frame;
  const rows = context.code.lines
    .ofFunction(frame.scope)
    .filter(({ line, file }) => line !== place?.line || file !== place.file);
  return sameActivation(withoutLeftovers(rows, place, context), frame, context);
}

function withoutLeftovers(
  rows: readonly CodeRow[],
  place: SourcePlace | undefined,
  { code }: StepContext,
): readonly CodeRow[] {
  if (place === undefined) return rows;
  const scopes = [...new Set(rows.map(({ scope }) => scope))];
  const leftovers = scopes.map((scope) => code.order.leftovers(scope, place.line));
  return rows.filter((row) => !leftovers.some((each) => each.has(row)));
}

/** Beginnings of statements in the frame's own code that satisfy a condition. */
export function linesWhere(
  isWanted: (row: CodeRow) => boolean,
  frame: StepFrame,
  context: StepContext,
): Goal[] {
  const rows = context.code.rows.of(frame.scope.owner);
  return sameActivation(
    rows.filter((row) => row.isStatement && row.line !== 0 && isWanted(row)),
    frame,
    context,
  );
}

/**
 * Where the next pass begins through a loop that stands on the line of its `.await`: no other line follows before the
 * loop ends, if it does.
 */
export function nextAwait({ future, place }: AwaitLink, context: StepContext): Goal[] {
  const { code, match, origin } = context;
  const isAwait = future.body.coroutine.states.some(
    (state) => state.kind === "suspended" && state.place?.line === place?.line,
  );
  if (place === undefined || !isAwait) return [];
  const from = origin.frames[0]?.pc;
  return code.lines.ofBody(future.body).scopes.flatMap((scope) =>
    code.lines.loopsOn(place.line, scope).map((address): Goal => {
      // The pass that is under way may still have to come by here.
      const isAhead = from !== undefined && code.flows.of(scope.owner).leadsTo(from, address);
      let passedAt: number | undefined;
      const accept = (hit: TracepointHit) => {
        if (!match.isPolled(hit, scope, future)) return false;
        if (!isAhead) return true;
        // Asked twice at one instant it says the same.
        passedAt ??= hit.time;
        return hit.time !== passedAt;
      };
      return { address, accept };
    }),
  );
}

/**
 * The very instruction that begins the line at which the step begins: where a loop has no other line, it is where the
 * next pass through the loop begins. What shares line and column with other code may be where a poll goes on, and is
 * left out.
 */
export function nextPass(frame: StepFrame, context: StepContext): Goal[] {
  const rows = context.code.rows.of(frame.scope.owner).filter((row) => row.scope === frame.scope);
  const here = rows.find(({ address, isStatement }) => address === frame.pc && isStatement);
  if (here === undefined || here.line === 0) return [];
  const isRepeated = rows.some(
    ({ address, line, column }) => address !== here.address && line === here.line && column === here.column,
  );
  if (isRepeated) return [];
  const { future } = frame;
  if (future === undefined) return sameActivation([here], frame, context);
  return [{ address: here.address, accept: (hit) => context.match.isPolled(hit, here.scope, future) }];
}

function sameActivation(
  rows: readonly CodeRow[],
  { callFrameAddress, exception }: StepFrame,
  { code }: StepContext,
): Goal[] {
  const accept = (hit: TracepointHit) =>
    exceptionAt(hit) === exception && frameAt(hit, code.unwinder).cfa === callFrameAddress;
  return rows.map(({ address }) => ({ address, accept }));
}
