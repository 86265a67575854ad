import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import type { AwaitingTask } from "#adapter/protocol/custom-requests";

/** In characters: behind a line of code there is no more room in a window of usual width; the hover has it all. */
const ROOM = 44;

/**
 * What stands behind an `.await` line while the firmware is stopped: that tasks are suspended there, for how long, who,
 * and what for, as far as there is room; the state comes first.
 * @param around the function that the line is in: a task of that name need not be named
 */
export function awaitLineText(tasks: readonly AwaitingTask[], around: string | undefined): string {
  const [only] = tasks;
  if (only === undefined) return "";
  return tasks.length === 1 ? textOfOne(only, around) : textOfSeveral(tasks);
}

function textOfOne(task: AwaitingTask, around: string | undefined): string {
  const state = task.name === around ? stateText(task) : `${stateText(task)}: ${task.name}`;
  // The code of the line says that it is a timer, or which kind of lock.
  const wait = task.wait.replace(/^(timer|mutex|rwlock) /, "");
  const whole = `${state}, ${wait}`;
  return task.state === "ready" || wait === "" || whole.length > ROOM ? state : whole;
}

function stateText({ state, suspendedFor }: AwaitingTask): string {
  if (state === "ready") return "ready";
  return suspendedFor === null ? "suspended" : `suspended ${formatDuration(nanoseconds(suspendedFor))}`;
}

/** `3 suspended, 1 ready: worker[0], worker[1], 2 more`. */
function textOfSeveral(tasks: readonly AwaitingTask[]): string {
  const ready = tasks.filter(({ state }) => state === "ready").length;
  const counts = [
    [tasks.length - ready, "suspended"],
    [ready, "ready"],
  ] as const;
  const head = counts
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(", ");
  const names = tasks.map(({ name }) => name);
  for (let named = names.length; named > 0; named--) {
    const others = names.length - named;
    const listed = [...names.slice(0, named), ...(others > 0 ? [`${others} more`] : [])];
    const text = `${head}: ${listed.join(", ")}`;
    if (text.length <= ROOM) return text;
  }
  return head;
}
