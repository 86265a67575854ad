import { formatDuration, formatInstant } from "#adapter/base/duration";
import { type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { whyNoneIsRunning } from "#adapter/debuggee/why-not-running/why-not-running";
import type { Why } from "#adapter/debuggee/why-not-running/why";
import { launchTo } from "./launch";
import { noteProblems, type Output } from "./output";
import type { WhyRequest } from "./requests";
import { taskNamed } from "./task-name";
import { placeText, type ShowPath } from "./text/event-json";
import { whyJson } from "./text/why-json";

/** Runs a firmware to an instant and prints why tasks are not running. */
export async function runWhy(request: WhyRequest, output: Output, showPath: ShowPath): Promise<void> {
  const debuggee = await launchTo(request, output);
  const whys = (await whyNoneIsRunning(debuggee)).map((why) => ({ ...why, name: why.task }));
  const isWanted =
    request.task === undefined
      ? ({ state }: Why) => state !== "ended" && state !== "unspawned"
      : taskNamed(request.task, whys);
  const wanted = whys.filter((why) => isWanted(why));
  const now = debuggee.target.now;
  if (request.isJson) {
    const json = { time_ns: now, tasks: wanted.map((why) => whyJson(why, showPath)) };
    await output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const blocks = wanted.map((why) => `${whyLines(why, { now, showPath, output }).join("\n")}\n`);
    const none = blocks.length === 0 ? "No task is alive" : "Why tasks are not running";
    await output.write(
      [`${output.style.bold(`${none} at ${formatInstant(now)} s`)}\n`, ...blocks].join("\n"),
    );
  }
  noteProblems(output, debuggee.problems);
  debuggee.dispose();
}

interface WhyOptions {
  readonly now: Nanoseconds;
  readonly showPath: ShowPath;
  readonly output: Output;
}

/** The task, a line for each step, and the verdict. */
function whyLines(
  { task, state, since, steps, verdict }: Why,
  { now, showPath, output: { style } }: WhyOptions,
): string[] {
  const time = state === "unspawned" ? "" : ` for ${formatDuration(nanoseconds(now - since))}`;
  return [
    `${style.bold(task)}  ${state}${time}`,
    ...steps.map(({ text, place, depth }) => {
      const where = place === null ? "" : `  ${style.dim(placeText(place, showPath))}`;
      return `  ${"  ".repeat(depth)}${text}${where}`;
    }),
    `  ${style.yellow(`=> ${verdict.text}`)}`,
  ];
}
