import type { Address } from "../../base/brand";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { SourcePlace } from "../../symbols/source-files";
import { Register } from "../../target/architecture";
import type { Frame } from "../../unwind/backtrace";
import type { CodeScope } from "./code-rows";
import type { FollowedScopes } from "./followed-scopes";
import type { ProgramCode } from "./program-code";

/** One run of an async function: its future, by what it is and where it lies. */
export interface FutureInstance {
  readonly body: AsyncFunction;
  /** Undefined where an optimised build does not tell. */
  readonly address: Address | undefined;
}

/** A function that is being executed. */
export interface StepFrame {
  readonly scope: CodeScope;
  /** Where execution is, or where it goes on when the callee returns. */
  readonly pc: Address;
  readonly place: SourcePlace | undefined;
  /** With the function's code, what names this activation; undefined where the stack could not be followed. */
  readonly callFrameAddress: number | undefined;
  readonly stackPointer: number;
  /** The exception in whose handler it runs, 0 in thread mode. */
  readonly exception: number;
  /** The future whose body it is. */
  readonly future: FutureInstance | undefined;
  /** Whether what it called last is the handler of an exception. */
  readonly isInterrupted: boolean;
  readonly isOwn: boolean;
}

/**
 * The frames of a backtrace that have debug info, innermost first.
 * @param followed for the backtrace of where the debuggee stands
 */
export function stepFrames(
  frames: readonly Frame[],
  code: ProgramCode,
  followed?: FollowedScopes,
): StepFrame[] {
  const found: StepFrame[] = [];
  let isInterrupted = false;
  for (const frame of frames) {
    if (frame.kind === "exception") isInterrupted = true;
    else if (frame.kind === "normal") {
      const step = stepFrame(frame, code, isInterrupted);
      if (step !== undefined) found.push(withSeenFuture(step, followed));
      isInterrupted = false;
    }
  }
  return found;
}

/** Where the frame does not tell which future it polls, what was seen on the way there may. */
function withSeenFuture(frame: StepFrame, followed: FollowedScopes | undefined): StepFrame {
  const { future } = frame;
  if (future === undefined || future.address !== undefined) return frame;
  return { ...frame, future: { ...future, address: followed?.futureIn(frame) } };
}

function stepFrame(
  { machine, pc, place, entryOffset }: Frame,
  code: ProgramCode,
  isInterrupted: boolean,
): StepFrame | undefined {
  let scope = code.rows.scopeAt(machine.lookupPc);
  while (scope !== undefined && scope.entryOffset !== entryOffset) scope = scope.parent;
  if (scope === undefined) return undefined;
  const body = code.bodies.bodyOf(scope);
  return {
    scope,
    pc,
    place,
    callFrameAddress: machine.cfa,
    stackPointer: machine.registers.get(Register.sp) ?? 0,
    exception: machine.state.exception,
    future: body && { body, address: code.bodies.futureAt(scope, machine.lookupPc, machine) },
    isInterrupted,
    isOwn: code.own.isOwn(scope),
  };
}
