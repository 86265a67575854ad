import { EventKind, unpackPollEnd } from "../../trace/event";
import type { RunEnd, RunOptions, Runner } from "../run-control/movement";
import type { StopCause } from "../run-control/stop";
import type { Goal, StepContext } from "./step-context";

/** Runs until a goal is reached, or the task that is stepped has ended. */
export async function runToGoals(
  goals: readonly Goal[],
  context: StepContext,
  runner: Runner,
): Promise<StopCause> {
  return endOf(await runner.runTo(goals, taskEnd(context)), goals, context);
}

/** How a step ends where a run to its goals has ended. */
export function endOf(end: RunEnd, goals: readonly Goal[], { source, match }: StepContext): StopCause {
  switch (end.kind) {
    case "reached":
      return stepped(goals.find((goal) => goal === end.place)?.event?.() ?? match.doubt);
    case "task-event":
      return stepped(`${source.trace.tasks[end.event.task]?.name ?? "the task"} has ended`);
    case "stopped":
      return end.cause;
  }
}

/** The end of the last poll of the task that is stepped. */
export function taskEnd({ origin: { task } }: StepContext): RunOptions {
  if (task === undefined) return {};
  return {
    onTaskEvent: (event) => {
      const isLast = event.kind === EventKind.PollEnd && unpackPollEnd(event.payload).result === "ready";
      return isLast && event.task === task;
    },
  };
}

/** The cause of a stop at the end of a step. */
export function stepped(event: string | undefined): StopCause {
  return event === undefined ? { kind: "step" } : { kind: "step", event };
}
