import { EventKind, unpackPollEnd } from "../../trace/event";
import type { RunOptions, RunPlace, Runner } from "../run-control/movement";
import type { StopCause } from "../run-control/stop";
import type { Goal, StepContext } from "./step-context";

/** Runs until a goal is reached, or the task that is stepped has ended. */
export async function runToGoals(
  goals: readonly Goal[],
  context: StepContext,
  runner: Runner,
): Promise<StopCause> {
  const end = await runner.runTo(goals, taskEnd(context));
  switch (end.kind) {
    case "reached":
      return stepped(eventOf(end.place, goals));
    case "task-event":
      return stepped(`${context.source.trace.tasks[end.event.task]?.name ?? "the task"} has ended`);
    case "stopped":
      return end.cause;
  }
}

/** The end of the last poll of the task that is stepped. */
export function taskEnd({ origin: { task } }: StepContext): RunOptions {
  if (task === undefined) return {};
  return {
    onTaskEvent: (event) =>
      event.kind === EventKind.PollEnd &&
      event.task === task &&
      unpackPollEnd(event.payload).result === "ready",
  };
}

/** The cause of a stop at the end of a step. */
export function stepped(event: string | undefined): StopCause {
  return event === undefined ? { kind: "step" } : { kind: "step", event };
}

function eventOf(place: RunPlace, goals: readonly Goal[]): string | undefined {
  return goals.find((goal) => goal === place)?.event?.();
}
