import type { AsyncFunction } from "../../symbols/async-functions";
import { stateOf, type StateKind } from "../../symbols/types/coroutine";
import type { TracepointHit } from "../../target/target";
import type { MachineFrame } from "../../unwind/machine-frame";
import { poolOf } from "../inspect-tasks";
import type { CodeScope } from "./code-rows";
import { type FollowedScopes, followedScopes } from "./followed-scopes";
import { mostFutures } from "./future-count";
import { frameAt } from "./hit-frame";
import type { ProgramCode } from "./program-code";
import type { ScopeRuns } from "./scope-runs";
import type { StepOrigin, StepSource } from "./step-origin";
import type { FutureInstance } from "./step-stack";

/** Tells which future a body polls. */
export interface PolledFutures {
  /** Whether the body that is being executed in a scope polls this very future. */
  isPolled(hit: TracepointHit, scope: CodeScope, future: FutureInstance): boolean;
  /** The address of the future that a body polls. */
  futureIn(frame: MachineFrame, scope: CodeScope): number | undefined;
  /** Whether the core polls the task that is stepped. */
  isInTask(): boolean;
  /** Notes from now on which futures the copies of a body poll. */
  follow(body: AsyncFunction): void;
  /** What the user has to be told of how a future was recognised. */
  readonly doubt: string | undefined;
}

/**
 * Tells futures apart in the middle of a run. In an optimised build a body does not keep everywhere which future it
 * polls; what it was last seen to poll in the same poll of the task counts then. Where that is not known either, any
 * future of the same async function does that the task polls, and the user is told if there may be several.
 */
export class FutureMatch implements PolledFutures {
  private readonly followed = new Map<CodeScope, ReturnType<FollowedScopes["follow"]>>();
  private readonly task: StepOrigin["task"];
  private guessed: AsyncFunction | undefined;

  constructor(
    private readonly source: StepSource,
    private readonly code: ProgramCode,
    { task, frames }: StepOrigin,
  ) {
    this.task = task;
    for (const frame of frames) {
      if (frame.future !== undefined) this.followCopy(frame.scope)?.resume(frame);
    }
  }

  isPolled(hit: TracepointHit, scope: CodeScope, future: FutureInstance): boolean {
    const frame = frameAt(hit, this.code.unwinder);
    const polled = this.futureIn(frame, scope) ?? this.followed.get(scope)?.runs.runAt(hit).future;
    if (polled !== undefined && future.address !== undefined) return polled === future.address;
    if (!this.isInTask()) return false;
    if (mayBeSeveral(future.body, this.task, this.source)) this.guessed = future.body;
    return true;
  }

  futureIn(frame: MachineFrame, scope: CodeScope): number | undefined {
    return this.code.bodies.futureAt(scope, frame.lookupPc, frame);
  }

  isInTask(): boolean {
    return this.source.taskEvents.polledTask === this.task;
  }

  follow(body: AsyncFunction): void {
    for (const scope of this.code.lines.ofBody(body).scopes) this.followCopy(scope);
  }

  dispose(): void {
    for (const each of this.followed.values()) each.remove();
    this.followed.clear();
  }

  get doubt(): string | undefined {
    return doubtOf(this.guessed);
  }

  /** A body that is a function of its own says what it polls. */
  private followCopy(scope: CodeScope): ScopeRuns | undefined {
    if (scope.parent === undefined) return undefined;
    let followed = this.followed.get(scope);
    if (followed === undefined) {
      this.followed.set(
        scope,
        (followed = followedScopes(this.source.target, this.source.firmware).follow(scope)),
      );
    }
    return followed.runs;
  }
}

/** What the user is told where a future was taken for another one of the same async function, maybe. */
export function doubtOf(guessed: AsyncFunction | undefined): string | undefined {
  if (guessed === undefined) return undefined;
  return `this build does not tell here which future of ${guessed.name} is polled: it may be another one`;
}

/** Whether a task can have more than one future of an async function at a time. */
export function mayBeSeveral(
  body: AsyncFunction,
  task: StepOrigin["task"],
  { embassy, trace, firmware }: StepSource,
): boolean {
  const header = task === undefined ? undefined : trace.tasks[task]?.address;
  const root = embassy && header !== undefined ? poolOf(embassy, header)?.body : undefined;
  if (root === undefined) return true;
  return mostFutures(body, root.coroutine.type, firmware.program.asyncFunctions) !== 1;
}

/** What memory says of a coroutine: while it is being polled the state it was in before. */
export function stateAt(
  { memory }: Pick<TracepointHit, "memory">,
  { body, address }: FutureInstance,
): StateKind | undefined {
  const { offset, byteSize } = body.coroutine.discriminant;
  if (address === undefined || (byteSize !== 1 && byteSize !== 2 && byteSize !== 4)) return undefined;
  const discriminant = memory.readUint(address + offset, byteSize);
  return discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant)?.kind;
}
