import { existsSync } from "node:fs";
import { nanoseconds } from "#adapter/base/brand";
import { parseDuration } from "#adapter/base/duration";
import { inspectTasks, type InspectedTask } from "#adapter/debuggee/inspect-tasks";
import { type RunOptions, runFirmware } from "#test/helpers/run-firmware";
import { textStyle } from "../../extension/src/cli/text/style";
import { taskTreeLines } from "../../extension/src/cli/text/task-tree-lines";

/** The tasks of a prebuilt firmware at an instant. */
export async function tasksAt(name: string, options: RunOptions): Promise<InspectedTask[]> {
  const { debuggee } = await runFirmware(`${folderOf(name)}/${name}.elf`, options);
  return inspectTasks(debuggee);
}

/** Their await trees as the command prints them. */
export async function treesAt(name: string, options: RunOptions): Promise<string> {
  const now = nanoseconds(parseDuration(options.for)!);
  const show = { now, style: textStyle(false, {}), showPath: shortPath };
  const tasks = await tasksAt(name, options);
  return tasks.map((task) => `${taskTreeLines(task, undefined, show).join("\n")}\n`).join("\n");
}

/** Without what is the same for every file of a package. */
function shortPath(path: string): string {
  return path.replace(/^\/pollscope\//, "").replace(/^.*\/(embassy-\w+-[\d.]+)\//, "$1/");
}

function folderOf(name: string): string {
  if (name.startsWith("suspended-")) return "test/firmware/suspended/prebuilt";
  if (/^(?:trace-hooks|two-executors)/.test(name)) return "test/firmware/prebuilt";
  const others = "test/firmware/samples-dev";
  return existsSync(`${others}/${name}.elf`) ? others : "samples/prebuilt";
}
