import type { TracepointHit } from "../../target/target";
import type { CodeRow, CodeScope } from "./code-rows";
import { exceptionAt, frameAt } from "./hit-frame";
import type { Goal, StepContext } from "./step-context";
import type { AwaitLink } from "./step-origin";
import type { StepFrame } from "./step-stack";

/** The beginnings of other lines of a coroutine, reached by the same future, in whatever poll. */
export function linesOfFuture({ future, place }: AwaitLink, { code, match }: StepContext): Goal[] {
  const { statements } = code.lines.ofBody(future.body);
  return statements
    .filter(({ line }) => line !== place?.line)
    .map(({ address, scope }) => ({ address, accept: (hit) => match.isPolled(hit, scope, future) }));
}

/** The beginnings of other lines of a function, in the same activation. */
export function linesOfFrame(frame: StepFrame, context: StepContext): Goal[] {
  const here = frame.place;
  const rows = context.code.lines.ofFunction(frame.scope);
  return sameActivation(
    rows.filter(({ line, file }) => line !== here?.line || file !== here.file),
    frame,
    context,
  );
}

/** All beginnings of statements of a scope that shares its code with the frame's. */
export function linesAround(scope: CodeScope, frame: StepFrame, context: StepContext): Goal[] {
  const rows = context.code.rows.of(scope.owner);
  return sameActivation(
    rows.filter((row) => row.scope === scope && row.isStatement && row.line !== 0),
    frame,
    context,
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
