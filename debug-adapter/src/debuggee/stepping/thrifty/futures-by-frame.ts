import type { AsyncFunction } from "../../../symbols/async-functions";
import type { TracepointHit } from "../../../target/target";
import type { MachineFrame } from "../../../unwind/machine-frame";
import type { CodeScope } from "../code-rows";
import { doubtOf, mayBeSeveral, type PolledFutures } from "../future-match";
import { frameAt } from "../hit-frame";
import type { ProgramCode } from "../program-code";
import type { StepOrigin, StepSource } from "../step-origin";
import type { FutureInstance } from "../step-stack";

/**
 * Tells futures apart by what the code keeps of them where it is asked; nothing is watched in between. A thrifty step
 * only asks in activations that it has entered itself, so the task is the right one.
 */
export class FuturesByFrame implements PolledFutures {
  private guessed: AsyncFunction | undefined;

  constructor(
    private readonly source: StepSource,
    private readonly code: ProgramCode,
    private readonly origin: Pick<StepOrigin, "task">,
  ) {}

  isPolled(hit: TracepointHit, scope: CodeScope, future: FutureInstance): boolean {
    const polled = this.futureIn(frameAt(hit, this.code.unwinder), scope);
    if (polled !== undefined && future.address !== undefined) return polled === future.address;
    if (mayBeSeveral(future.body, this.origin.task, this.source)) this.guessed = future.body;
    return true;
  }

  futureIn(frame: MachineFrame, scope: CodeScope): number | undefined {
    return this.code.bodies.futureAt(scope, frame.lookupPc, frame);
  }

  isInTask(): boolean {
    return true;
  }

  follow(): void {
    // Nothing is watched.
  }

  get doubt(): string | undefined {
    return doubtOf(this.guessed);
  }
}
