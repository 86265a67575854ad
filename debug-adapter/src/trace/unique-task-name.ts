import type { TaskInfo } from "./trace";

/** A task's name; where another has the same, as in two modules, with its address. */
export function uniqueTaskName(tasks: readonly TaskInfo[], { name, address }: TaskInfo): string {
  const isShared = tasks.filter((other) => other.name === name).length > 1;
  return isShared ? `${name} @ 0x${address.toString(16)}` : name;
}
