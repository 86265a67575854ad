import type { Movement } from "../run-control/movement";
import { FutureMatch } from "./future-match";
import { type ProgramCode, programCode } from "./program-code";
import type { StepContext } from "./step-context";
import { originOf, type StepSource, type StepSubject } from "./step-origin";
import { stepOut } from "./step-out";
import { stepOver } from "./step-over";

/** The steps of a debuggee, each as a movement for run control. */
export class Stepping {
  private readonly code: ProgramCode;

  constructor(private readonly source: StepSource) {
    this.code = programCode(source.firmware);
  }

  /** To the next line of the same function call, or of the same future. */
  over(subject: StepSubject): Movement {
    return async (runner) => stepOver(await this.context(subject), runner);
  }

  /** To the caller, or to whoever awaits the future. */
  out(subject: StepSubject): Movement {
    return async (runner) => stepOut(await this.context(subject), runner);
  }

  private async context(subject: StepSubject): Promise<StepContext> {
    const { source, code } = this;
    const origin = await originOf(subject, source, code);
    return { source, code, origin, match: new FutureMatch(source, code, origin.task) };
  }
}
