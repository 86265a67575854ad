import type { AsyncFunction } from "../../symbols/async-functions";
import type { TaskIndex } from "../../trace/event";
import type { Debuggee } from "../debuggee";
import { poolOf } from "../inspect-tasks";

/** The async function whose state machine a task's future is; undefined if the debug info does not tell. */
export function taskBody(
  { embassy, handWritten, trace }: Pick<Debuggee, "embassy" | "handWritten" | "trace">,
  task: TaskIndex,
): AsyncFunction | undefined {
  if (handWritten !== undefined) return handWritten.futures[task]?.body;
  const address = trace.tasks[task]?.address;
  return embassy === undefined || address === undefined ? undefined : poolOf(embassy, address)?.body;
}
