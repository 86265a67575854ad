import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type { AwaitingTask } from "#adapter/protocol/custom-requests";

/** Beyond so many tasks at a line only their number is told. */
const NAMED = 3;

/** What stands behind an `.await` line while the firmware is stopped: who is suspended there, and for how long. */
export function awaitLineText(tasks: readonly AwaitingTask[]): string {
  const named = tasks.slice(0, tasks.length > NAMED ? NAMED - 1 : NAMED).map(taskText);
  const others = tasks.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more`] : [])].join(" \u00b7 ");
}

function taskText({ name, state, suspendedFor, wait }: AwaitingTask): string {
  if (state === "ready") return `${name} ready`;
  return `${name} suspended for ${formatDuration(nanoseconds(suspendedFor))}${wait === "" ? "" : `, ${wait}`}`;
}
