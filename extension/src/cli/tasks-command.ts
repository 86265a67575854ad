import { formatInstant } from "#adapter/base/duration";
import { coreBacktrace } from "#adapter/debuggee/core-backtrace";
import { type InspectedTask, inspectTasks } from "#adapter/debuggee/inspect-tasks";
import { searchWakers } from "#adapter/debuggee/why-not-running/search-wakers";
import { launchTo } from "./launch";
import { noteProblems, type Output } from "./output";
import type { TasksRequest } from "./requests";
import { taskNamed } from "./task-name";
import type { ShowPath } from "./text/event-json";
import { taskTreeJson } from "./text/task-tree-json";
import { taskTreeLines } from "./text/task-tree-lines";
import { wakerJson, wakerLines } from "./text/waker-text";

/** Runs a firmware to an instant and prints what each of its tasks awaits there. */
export async function runTasks(request: TasksRequest, output: Output, showPath: ShowPath): Promise<void> {
  const debuggee = await launchTo(request, output);
  const inspected = await inspectTasks(debuggee);
  const tasks = namedTasks(inspected, request.task);
  const wakers = await searchWakers(debuggee);
  const wakersOf = (task: InspectedTask) => wakers.tasks[inspected.indexOf(task)];
  const now = debuggee.target.now;
  const polled = innermostPolled(tasks);
  const stack = polled === undefined ? undefined : await coreBacktrace(debuggee);
  const stackOf = (task: InspectedTask) => (task === polled ? stack : undefined);
  if (request.isJson) {
    const rows = tasks.map((task) => ({
      ...taskTreeJson(task, stackOf(task), showPath),
      waker: wakerJson(task, wakersOf(task), showPath),
    }));
    const json = { time_ns: now, tasks: rows };
    await output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const { style } = output;
    const options = { now, style, showPath };
    const blocks = tasks.map((task) => {
      const lines = [
        ...taskTreeLines(task, stackOf(task), options),
        ...wakerLines(task, wakersOf(task), options),
      ];
      return `${lines.join("\n")}\n`;
    });
    const which = tasks.length === 0 ? "No tasks are known" : "The tasks";
    const heading = style.bold(`${which} at ${formatInstant(now)} s`);
    await output.write([`${heading}\n`, ...blocks].join("\n"));
  }
  const problem = stack?.problem;
  noteProblems(output, [...(problem === undefined ? [] : [problem]), ...debuggee.problems]);
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
