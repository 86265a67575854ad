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

/**
 * Tells futures apart in the middle of a run. In an optimised build a body does not keep everywhere which future it
 * polls; what it was last seen to poll in the same poll of the task counts then. Where that is not known either, any
 * future of the same async function does that the task polls, and the user is told if there may be several.
 */
export class FutureMatch {
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

  /** Whether the body that is being executed in a scope polls this very future. */
  isPolled(hit: TracepointHit, scope: CodeScope, future: FutureInstance): boolean {
    const frame = frameAt(hit, this.code.unwinder);
    const polled = this.futureIn(frame, scope) ?? this.followed.get(scope)?.runs.runAt(hit).future;
    if (polled !== undefined && future.address !== undefined) return polled === future.address;
    if (!this.isInTask()) return false;
    if (this.mayBeSeveral(future.body)) this.guessed = future.body;
    return true;
  }

  /** The address of the future that a body polls. */
  futureIn(frame: MachineFrame, scope: CodeScope): number | undefined {
    return this.code.bodies.futureAt(scope, frame.lookupPc, frame);
  }

  /** Whether the core polls the task that is stepped. */
  isInTask(): boolean {
    return this.source.taskEvents.polledTask === this.task;
  }

  /** Notes from now on which futures the copies of a body poll. */
  follow(body: AsyncFunction): void {
    for (const scope of this.code.lines.ofBody(body).scopes) this.followCopy(scope);
  }

  dispose(): void {
    for (const each of this.followed.values()) each.remove();
    this.followed.clear();
  }

  /** What the user has to be told of how a future was recognised. */
  get doubt(): string | undefined {
    if (this.guessed === undefined) return undefined;
    return `this build does not tell here which future of ${this.guessed.name} is polled: it may be another one`;
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

  /** Whether the task can have more than one future of an async function at a time. */
  private mayBeSeveral(body: AsyncFunction): boolean {
    const { embassy, trace, firmware } = this.source;
    const header = this.task === undefined ? undefined : trace.tasks[this.task]?.address;
    const root = embassy && header !== undefined ? poolOf(embassy, header)?.body : undefined;
    if (root === undefined) return true;
    return mostFutures(body, root.coroutine.type, firmware.program.asyncFunctions) !== 1;
  }
}

/** What memory says of a coroutine: while it is being polled the state it was in before. */
export function stateAt(hit: TracepointHit, { body, address }: FutureInstance): StateKind | undefined {
  const { offset, byteSize } = body.coroutine.discriminant;
  if (address === undefined || (byteSize !== 1 && byteSize !== 2 && byteSize !== 4)) return undefined;
  const discriminant = hit.memory.readUint(address + offset, byteSize);
  return discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant)?.kind;
}
