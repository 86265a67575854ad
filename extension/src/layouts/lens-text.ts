import { type FutureLayout, suspendPoints } from "./layout-facts";
import type { PlacedFunction } from "./place-futures";

/** What a lens over an async fn says: `future 312 B, 4 suspend points, 2 tasks`; of several instances the range. */
export function lensText({ instances, isCurrent }: PlacedFunction): string {
  const tasks = taskCount(instances);
  const parts = [
    `future ${range(instances.map(({ bytes }) => bytes))} B`,
    counted(
      instances.map((each) => suspendPoints(each).length),
      "suspend point",
    ),
    ...(instances.length > 1 ? [`${instances.length} instances`] : []),
    ...(tasks > 0 ? [counted([tasks], "task")] : []),
    ...(isCurrent ? [] : ["as of the last build"]),
  ];
  return parts.join(", ");
}

/** Slots of pools that hold it: a task that holds several instances counts for each. */
function taskCount(instances: readonly FutureLayout[]): number {
  return instances.reduce((sum, { tasks }) => sum + (tasks ?? 0), 0);
}

function counted(numbers: readonly number[], what: string): string {
  const isOne = numbers.every((each) => each === 1);
  return `${range(numbers)} ${what}${isOne ? "" : "s"}`;
}

function range(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least} to ${most}`;
}
