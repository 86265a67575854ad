import { formatInstant } from "#adapter/base/duration";
import { UserError } from "#adapter/base/errors";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { launchTo } from "./launch";
import type { Output } from "./output";
import type { InstantRequest } from "./requests";
import type { ShowPath } from "./text/event-json";
import type { ShownTask } from "./text/task-tree";
import { taskTreeJson } from "./text/task-tree-json";
import { taskTreeLines } from "./text/task-tree-lines";

/** What `pollscope tasks` was asked to do. */
export interface TasksRequest extends InstantRequest {
  readonly command: "tasks";
  readonly isJson: boolean;
  /** Only this task, or all slots of a pool of that name. */
  readonly task: string | undefined;
}

/** Looks at every task of a debuggee that stands still. */
export type InspectTasks = (debuggee: Debuggee) => Promise<readonly ShownTask[]>;

/** The command `pollscope tasks`: runs a firmware to an instant and prints what each of its tasks awaits. */
export function tasksCommand(
  inspectTasks: InspectTasks,
): (request: TasksRequest, output: Output, showPath: ShowPath) => Promise<void> {
  return async function runTasks(request, output, showPath) {
    const debuggee = await launchTo(request);
    const tasks = namedTasks(await inspectTasks(debuggee), request.task);
    const now = debuggee.target.now;
    if (request.isJson) {
      const json = { time_ns: now, tasks: tasks.map((task) => taskTreeJson(task, showPath)) };
      await output.write(`${JSON.stringify(json, null, 2)}\n`);
    } else {
      const { style } = output;
      const options = { now, style, showPath };
      const blocks = tasks.map((task) => `${taskTreeLines(task, options).join("\n")}\n`);
      const heading = style.bold(`The tasks at ${formatInstant(now)} s`);
      await output.write([`${heading}\n`, ...blocks].join("\n"));
    }
    for (const { where, what } of debuggee.problems) output.note(`${where}: ${what}`);
  };
}

function namedTasks(tasks: readonly ShownTask[], name: string | undefined): readonly ShownTask[] {
  if (name === undefined) return tasks;
  const named = tasks.filter((task) => task.name === name || task.name.startsWith(`${name}[`));
  if (named.length > 0) return named;
  const names = tasks.map((task) => task.name).join(", ");
  throw new UserError(
    `The firmware has no task ${JSON.stringify(name)}`,
    names === "" ? "no tasks of it are known" : `its tasks are ${names}`,
  );
}
