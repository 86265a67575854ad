import { UserError } from "#adapter/base/errors";

interface Named {
  readonly name: string;
}

/**
 * Whether a task is the one that the user named: that task, or any slot of a pool of that name.
 * @throws UserError if none of `tasks` is
 */
export function taskNamed(name: string, tasks: readonly Named[]): (task: Named) => boolean {
  const isNamed = (task: Named) => task.name === name || task.name.startsWith(`${name}[`);
  if (tasks.some(isNamed)) return isNamed;
  const names = tasks.map((task) => task.name).join(", ");
  throw new UserError(
    `The firmware has no task ${JSON.stringify(name)}`,
    names === "" ? "no tasks of it are known" : `its tasks are ${names}`,
  );
}
