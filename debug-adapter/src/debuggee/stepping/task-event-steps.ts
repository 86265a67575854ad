import type { TaskEvent } from "../../executor/task-events";
import { EventKind, type TaskIndex } from "../../trace/event";
import type { Movement } from "../run-control/movement";
import { taskEventWords } from "../run-control/task-event-words";
import { stepped } from "./run-to-goals";
import type { StepSource } from "./step-origin";

/** To the beginning of the next poll, of whichever task. */
export function toNextPoll(source: StepSource): Movement {
  return toEvent(source, ({ kind }) => kind === EventKind.PollBegin);
}

/** To the next wake, of whichever task. */
export function toNextWake(source: StepSource): Movement {
  return toEvent(source, ({ kind }) => kind === EventKind.Wake);
}

/** To the end of the poll that is under way; if there is none, of the next. */
export function toPollEnd(source: StepSource): Movement {
  return (runner) => {
    const { polledTask } = source.taskEvents;
    const isEnd = ({ kind, task }: TaskEvent) =>
      kind === EventKind.PollEnd && (polledTask === undefined || task === polledTask);
    return toEvent(source, isEnd)(runner);
  };
}

/** To whatever a task does next, or is done to it: spawn, wake, poll, end. Undefined stands for any task. */
export function toNextEventOf(task: TaskIndex | undefined, source: StepSource): Movement {
  return toEvent(source, (event) => task === undefined || event.task === task);
}

function toEvent({ trace }: StepSource, isWanted: (event: TaskEvent) => boolean): Movement {
  return async (runner) => {
    let happened: string | undefined;
    const onTaskEvent = (event: TaskEvent) => {
      if (!isWanted(event)) return false;
      happened = taskEventWords(event, trace);
      return true;
    };
    const end = await runner.runTo([], { onTaskEvent });
    return end.kind === "stopped" ? end.cause : stepped(happened);
  };
}
