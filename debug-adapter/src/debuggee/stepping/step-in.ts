import { address } from "../../base/brand";
import { stateOf } from "../../symbols/types/coroutine";
import type { TracepointHit } from "../../target/target";
import type { Runner } from "../run-control/movement";
import type { StopCause } from "../run-control/stop";
import { type CodeRow, isWithin } from "./code-rows";
import { frameAt, registersAt } from "./hit-frame";
import { linesOfFuture, linesWhere } from "./line-goals";
import { endOf, stepped, taskEnd } from "./run-to-goals";
import type { Goal, StepContext } from "./step-context";
import type { AwaitLink } from "./step-origin";
import { overGoals } from "./step-over";
import { stepFrames } from "./step-stack";

/**
 * To the next line of the user's code that is executed on behalf of what is stepped: in a function that it calls, in
 * the body of a future that it awaits, or, if there is none, where a step over would end. What lies between, as the
 * plumbing of a poll, is passed. Of a task that is not being polled it is the next line of the task.
 */
export async function stepIn(context: StepContext, runner: Runner): Promise<StopCause> {
  const goals = [...overGoals(context), ...functionEntries(context), ...inlinedLines(context)];
  const entries = bodyEntries(context);
  /** Futures whose bodies have been entered on the way, and wait for their next line. */
  const entered: EnteredFuture[] = [];
  for (;;) {
    const lines = entered.flatMap(({ link }) => linesOfFuture(link, context));
    const fresh = entries.map((row) => freshEntry(row, entered, context));
    const end = await runner.runTo([...goals, ...lines, ...fresh], taskEnd(context));
    const entry = end.kind === "reached" ? fresh.find((each) => each === end.place) : undefined;
    if (entry?.found === undefined) return endOf(end, goals, context);
    const { link } = entry.found;
    // A body of a single line has no line behind its head.
    const isOneLine = context.code.lines.ofBody(link.future.body).statements.includes(entry.row);
    if (isOneLine && link.place === undefined) return stepped(undefined);
    entered.push(entry.found);
  }
}

interface EnteredFuture {
  readonly link: AwaitLink;
}

interface FreshEntry extends Goal {
  readonly row: CodeRow;
  found: EnteredFuture | undefined;
}

/** Where polls of futures other than the one that is stepped begin. */
function bodyEntries({ source, code }: StepContext): CodeRow[] {
  const bodies = source.firmware.program.asyncFunctions.all;
  return bodies
    .filter(({ declaration }) => declaration?.file.origin.kind === "own")
    .flatMap((body) => code.lines.ofBody(body).entries);
}

function freshEntry(row: CodeRow, entered: readonly EnteredFuture[], context: StepContext): FreshEntry {
  const { code, match, origin } = context;
  const entry: FreshEntry = {
    row,
    address: row.address,
    found: undefined,
    accept: (hit) => {
      const body = code.bodies.bodyOf(row.scope);
      const polled = match.futureIn(frameAt(hit, code.unwinder), row.scope);
      if (body === undefined || polled === undefined) return false;
      const isKnown = [...origin.awaits, ...entered.map(({ link }) => link)].some(
        ({ future }) => future.body === body && future.address === polled,
      );
      if (isKnown || !isOnBehalf(hit, context)) return false;
      const { offset, byteSize } = body.coroutine.discriminant;
      const discriminant = hit.memory.readUint(polled + offset, byteSize as 1 | 2 | 4);
      const state = discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant);
      const place = state?.kind === "suspended" ? state.place : undefined;
      entry.found = { link: { future: { body, address: address(polled) }, place } };
      return true;
    },
  };
  return entry;
}

/** Where the user's functions begin; from code that is not the user's, where any function does. */
function functionEntries(context: StepContext): Goal[] {
  const { code, origin } = context;
  const isInOwnCode = origin.frames[0]?.isOwn ?? true;
  const rows = isInOwnCode ? code.own.entries : code.own.allEntries;
  return rows.map((row) => ({ address: row.address, accept: (hit) => isOnBehalf(hit, context) }));
}

/** Lines of what an optimised build has inlined into the function at hand. */
export function inlinedLines(context: StepContext): Goal[] {
  const [frame] = context.origin.frames;
  if (frame === undefined) return [];
  const { code } = context;
  const isInside = ({ scope }: CodeRow) =>
    scope !== frame.scope && isWithin(scope, frame.scope) && code.own.isOwn(scope);
  return linesWhere(isInside, frame, context);
}

/** Whether what is being executed was called, at whatever distance, by what is stepped, and not by an interrupt. */
function isOnBehalf(hit: TracepointHit, { origin, code, match }: StepContext): boolean {
  if (origin.task !== undefined && !match.isInTask()) return false;
  const { frames } = code.unwinder.unwind(registersAt(hit), hit.memory);
  const border = frames.findIndex(({ kind }) => kind === "exception");
  const level = stepFrames(border < 0 ? frames : frames.slice(0, border), code);
  const [from] = origin.frames;
  if (from === undefined) return true;
  const future = origin.awaits[0]?.future;
  return level.some((frame, i) =>
    future === undefined
      ? i > 0 && frame.callFrameAddress === from.callFrameAddress && frame.scope.owner === from.scope.owner
      : frame.future?.address === future.address && frame.future?.body === future.body,
  );
}
