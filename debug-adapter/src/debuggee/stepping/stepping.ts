import { UserError } from "../../base/errors";
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
import { observedTasks, originOf, type StepOrigin, type StepSource, type StepSubject } from "./step-origin";
import { stepOut } from "./step-out";
import { stepOver } from "./step-over";
import { FuturesByFrame } from "./thrifty/futures-by-frame";
import { tasksInMemory } from "./thrifty/tasks-in-memory";
import { noWakeSteps, thriftyToNextPoll, thriftyToPollEnd } from "./thrifty/thrifty-event-steps";
import { thriftyIn, thriftyOut, thriftyOver } from "./thrifty/thrifty-steps";
import { toNextEventOf, toNextPoll, toNextWake, toPollEnd } from "./task-event-steps";

export type Granularity = "line" | "instruction";

type Step = (context: StepContext, runner: Runner) => Promise<StopCause>;

/** The steps of a debuggee, each as a movement for run control. */
export class Stepping {
  private readonly code: ProgramCode;

  constructor(private readonly source: StepSource) {
    this.code = programCode(source.firmware);
  }

  /** Whether tracepoints cost the target so much that a step must do with few of them. */
  private get isThrifty(): boolean {
    return this.source.target.capabilities.tracepoints !== "free";
  }

  /** To the next line of the same function call, or of the same future. */
  over(subject: StepSubject, granularity: Granularity = "line"): Movement {
    const step = this.isThrifty ? thriftyOver : stepOver;
    return this.movement(subject, step, granularity === "line" ? undefined : stepOverInstruction);
  }

  /** To the next line of the user's code: of a function that is called, or of a future that is awaited. */
  in(subject: StepSubject, granularity: Granularity = "line"): Movement {
    const step = this.isThrifty ? thriftyIn : stepIn;
    return this.movement(subject, step, granularity === "line" ? undefined : stepInstruction);
  }

  /** To the caller, or to whoever awaits the future. */
  out(subject: StepSubject): Movement {
    return this.movement(subject, this.isThrifty ? thriftyOut : stepOut, undefined);
  }

  /** To the beginning of the next poll, of whichever task. */
  toNextPoll(): Movement {
    return this.isThrifty ? thriftyToNextPoll(this.source, this.code) : toNextPoll(this.source);
  }

  /**
   * To the next wake, of whichever task.
   * @throws UserError where stores cannot be watched
   */
  toNextWake(): Movement {
    if (this.isThrifty) throw noWakeSteps();
    return toNextWake(this.source);
  }

  /** To the end of the poll that is under way; if there is none, of the next. */
  toPollEnd(): Movement {
    return this.isThrifty ? thriftyToPollEnd(this.source, this.code) : toPollEnd(this.source);
  }

  /**
   * To whatever a task does next, or is done to it; undefined stands for any task.
   * @throws UserError where stores cannot be watched
   */
  toNextEventOf(task: TaskIndex | undefined): Movement {
    if (this.isThrifty) throw noWakeSteps();
    return toNextEventOf(task, this.source);
  }

  private movement(
    subject: StepSubject,
    step: Step,
    byInstruction: ((runner: Runner) => Promise<StopCause>) | undefined,
  ): Movement {
    return async (runner) => {
      const { source, code } = this;
      if (this.isThrifty && subject.kind === "task" && source.embassy === undefined) throw noTasksKnown();
      const tasks = this.isThrifty ? await tasksInMemory(source) : observedTasks(source);
      // A task that is not being polled is at no instruction: its smallest step is a line.
      const isExecuted = subject.kind === "core" || tasks.polledTask === subject.task;
      const known = this.isThrifty ? undefined : followedScopes(source.target, source.firmware).followKnown();
      try {
        if (byInstruction !== undefined && isExecuted) return await byInstruction(runner);
        const origin = await originOf(subject, { source, code, tasks });
        if (!isExecuted && origin.awaits.length === 0) return stepped(this.whyNoStep(origin.task));
        return await this.stepFrom(origin, step, runner);
      } finally {
        known?.remove();
      }
    };
  }

  private async stepFrom(origin: StepOrigin, step: Step, runner: Runner): Promise<StopCause> {
    const { source, code } = this;
    if (this.isThrifty)
      return step({ source, code, origin, match: new FuturesByFrame(source, code, origin) }, runner);
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

function noTasksKnown(): UserError {
  const what = "Nothing is known of the tasks of this executor where it cannot be watched as it runs";
  return new UserError(what, "step the core, or debug in the emulated Pico");
}
