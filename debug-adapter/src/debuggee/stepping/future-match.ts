import { stateOf, type StateKind } from "../../symbols/types/coroutine";
import type { TracepointHit } from "../../target/target";
import type { MachineFrame } from "../../unwind/machine-frame";
import type { CodeScope } from "./code-rows";
import { frameAt } from "./hit-frame";
import type { ProgramCode } from "./program-code";
import type { StepOrigin, StepSource } from "./step-origin";
import type { FutureInstance } from "./step-stack";

/** Tells futures apart in the middle of a run. */
export class FutureMatch {
  constructor(
    private readonly source: StepSource,
    private readonly code: ProgramCode,
    private readonly task: StepOrigin["task"],
  ) {}

  /**
   * Whether the body that is being executed in a scope polls this very future. Where an optimised build does not tell,
   * any future of the same async function counts that the same task polls.
   */
  isPolled(hit: TracepointHit, scope: CodeScope, future: FutureInstance): boolean {
    const frame = frameAt(hit, this.code.unwinder);
    const polled = this.futureIn(frame, scope);
    if (polled !== undefined && future.address !== undefined) return polled === future.address;
    return this.isInTask();
  }

  /** The address of the future that a body polls. */
  futureIn(frame: MachineFrame, scope: CodeScope): number | undefined {
    return this.code.bodies.futureAt(scope, frame.lookupPc, frame);
  }

  /** Whether the core polls the task that is stepped. */
  isInTask(): boolean {
    return this.source.taskEvents.polledTask === this.task;
  }
}

/** What memory says of a coroutine: while it is being polled the state it was in before. */
export function stateAt(hit: TracepointHit, { body, address }: FutureInstance): StateKind | undefined {
  const { offset, byteSize } = body.coroutine.discriminant;
  if (address === undefined || (byteSize !== 1 && byteSize !== 2 && byteSize !== 4)) return undefined;
  const discriminant = hit.memory.readUint(address + offset, byteSize);
  return discriminant === undefined ? undefined : stateOf(body.coroutine, discriminant)?.kind;
}
