import type { TaskIndex } from "../../trace/event";
import type { Movement, Runner } from "../run-control/movement";
import type { StopCause } from "../run-control/stop";
import { followedScopes } from "./followed-scopes";
import { FutureMatch } from "./future-match";
import { type ProgramCode, programCode } from "./program-code";
import { stepped } from "./run-to-goals";
import type { StepContext } from "./step-context";
import { stepIn } from "./step-in";
import { stepInstruction, stepOverInstruction } from "./step-instruction";
import { originOf, type StepOrigin, type StepSource, type StepSubject } from "./step-origin";
import { stepOut } from "./step-out";
import { stepOver } from "./step-over";
import { toNextEventOf, toNextPoll, toNextWake, toPollEnd } from "./task-event-steps";

export type Granularity = "line" | "instruction";

type Step = (context: StepContext, runner: Runner) => Promise<StopCause>;

/** The steps of a debuggee, each as a movement for run control. */
export class Stepping {
  private readonly code: ProgramCode;

  constructor(private readonly source: StepSource) {
    this.code = programCode(source.firmware);
  }

  /** To the next line of the same function call, or of the same future. */
  over(subject: StepSubject, granularity: Granularity = "line"): Movement {
    return this.movement(subject, stepOver, granularity === "line" ? undefined : stepOverInstruction);
  }

  /** To the next line of the user's code: of a function that is called, or of a future that is awaited. */
  in(subject: StepSubject, granularity: Granularity = "line"): Movement {
    return this.movement(subject, stepIn, granularity === "line" ? undefined : stepInstruction);
  }

  /** To the caller, or to whoever awaits the future. */
  out(subject: StepSubject): Movement {
    return this.movement(subject, stepOut, undefined);
  }

  /** To the beginning of the next poll, of whichever task. */
  toNextPoll(): Movement {
    return toNextPoll(this.source);
  }

  /** To the next wake, of whichever task. */
  toNextWake(): Movement {
    return toNextWake(this.source);
  }

  /** To the end of the poll that is under way; if there is none, of the next. */
  toPollEnd(): Movement {
    return toPollEnd(this.source);
  }

  /** To whatever a task does next, or is done to it; undefined stands for any task. */
  toNextEventOf(task: TaskIndex | undefined): Movement {
    return toNextEventOf(task, this.source);
  }

  private movement(
    subject: StepSubject,
    step: Step,
    byInstruction: ((runner: Runner) => Promise<StopCause>) | undefined,
  ): Movement {
    return async (runner) => {
      const { source, code } = this;
      // A task that is not being polled is at no instruction: its smallest step is a line.
      const isExecuted = subject.kind === "core" || source.taskEvents.polledTask === subject.task;
      const known = followedScopes(source.target, source.firmware).followKnown();
      try {
        if (byInstruction !== undefined && isExecuted) return await byInstruction(runner);
        const origin = await originOf(subject, source, code);
        if (!isExecuted && origin.awaits.length === 0) return stepped(this.whyNoStep(origin.task));
        return await this.stepFrom(origin, step, runner);
      } finally {
        known.remove();
      }
    };
  }

  private async stepFrom(origin: StepOrigin, step: Step, runner: Runner): Promise<StopCause> {
    const { source, code } = this;
    const match = new FutureMatch(source, code, origin);
    try {
      return await step({ source, code, origin, match }, runner);
    } finally {
      match.dispose();
    }
  }

  private whyNoStep(task: TaskIndex | undefined): string {
    const name = task === undefined ? undefined : this.source.trace.tasks[task]?.name;
    return `${name ?? "the task"} has no future that could be stepped: it has ended, or was not spawned yet`;
  }
}
