import { formatInstant } from "#adapter/base/duration";
import { coreBacktrace } from "#adapter/debuggee/core-backtrace";
import { type InspectedTask, inspectTasks } from "#adapter/debuggee/inspect-tasks";
import { launchTo } from "./launch";
import { noteProblems, type Output } from "./output";
import type { TasksRequest } from "./requests";
import { taskNamed } from "./task-name";
import type { ShowPath } from "./text/event-json";
import { taskTreeJson } from "./text/task-tree-json";
import { taskTreeLines } from "./text/task-tree-lines";

/** Runs a firmware to an instant and prints what each of its tasks awaits there. */
export async function runTasks(request: TasksRequest, output: Output, showPath: ShowPath): Promise<void> {
  const debuggee = await launchTo(request, output);
  const tasks = namedTasks(await inspectTasks(debuggee), request.task);
  const now = debuggee.target.now;
  const polled = innermostPolled(tasks);
  const frames = polled === undefined ? [] : (await coreBacktrace(debuggee)).frames;
  const stackOf = (task: InspectedTask) => (task === polled ? frames : []);
  if (request.isJson) {
    const json = { time_ns: now, tasks: tasks.map((task) => taskTreeJson(task, stackOf(task), showPath)) };
    await output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const { style } = output;
    const options = { now, style, showPath };
    const blocks = tasks.map((task) => `${taskTreeLines(task, stackOf(task), options).join("\n")}\n`);
    const which = tasks.length === 0 ? "No tasks are known" : "The tasks";
    const heading = style.bold(`${which} at ${formatInstant(now)} s`);
    await output.write([`${heading}\n`, ...blocks].join("\n"));
  }
  noteProblems(output, debuggee.problems);
}

/** The task that the core is polling; an executor in an interrupt may poll one inside the poll of another. */
function innermostPolled(tasks: readonly InspectedTask[]): InspectedTask | undefined {
  return tasks
    .filter(({ state }) => state.kind === "running")
    .reduce<InspectedTask | undefined>(
      (latest, each) => (latest === undefined || each.state.since > latest.state.since ? each : latest),
      undefined,
    );
}

function namedTasks(tasks: readonly InspectedTask[], name: string | undefined): readonly InspectedTask[] {
  return name === undefined ? tasks : tasks.filter(taskNamed(name, tasks));
}
