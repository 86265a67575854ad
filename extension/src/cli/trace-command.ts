import { writeFile } from "node:fs/promises";
import { nanoseconds } from "#adapter/base/brand";
import { formatDuration } from "#adapter/base/duration";
import { UserError } from "#adapter/base/errors";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import { busPins } from "#adapter/debuggee/parts";
import { NO_TASK, type TaskIndex } from "#adapter/trace/event";
import type { Trace } from "#adapter/trace/trace";
import { encodeTrace } from "#adapter/trace/trace-file";
import type { LogLine } from "#adapter/logs/log-line";
import { launch } from "./launch";
import { LogQueue } from "./log-queue";
import { noteProblems, type Output } from "./output";
import type { TraceRequest } from "./requests";
import { taskNamed } from "./task-name";
import { earlyEnd } from "./text/early-end";
import { eventJson } from "./text/event-json";
import { logJson } from "./text/log-json";
import { EventLines, type EventLinesOptions } from "./text/event-lines";
import { summaryJson, summaryLines } from "./text/summary-lines";

/** Virtual time after which events are printed and progress is shown. */
const STEP = nanoseconds(100e6);

/** Runs a firmware and prints its trace. */
export async function runTrace(
  request: TraceRequest,
  output: Output,
  showPath: (path: string) => string,
): Promise<void> {
  const debuggee = await launch(request);
  const { trace } = debuggee;
  const isWanted = taskFilter(trace, request.task);
  const logs = new LogQueue(debuggee);
  const print = request.isJson
    ? jsonPrinter(trace, logs, { isWanted, showPath })
    : textPrinter(trace, logs, {
        style: output.style,
        isWanted,
        showPath,
        hiddenPins: new Set(busPins(debuggee.parts)),
      });
  const end = await runInSteps(debuggee, request, output, print);
  await output.write(print.finish());
  if (request.save !== undefined) await save(trace, request.save);
  noteProblems(output, debuggee.problems);
  if (end !== undefined) output.note(end);
}

/** Prints rows of a trace. */
interface Printer {
  /** Text of the rows from `first` on. */
  rows(first: number): string;
  /** What comes after the last row. */
  finish(): string;
}

/** Runs to the end; returns a sentence if the run ended early. Ctrl-C ends it, with the summary so far. */
async function runInSteps(
  debuggee: Debuggee,
  { duration }: TraceRequest,
  output: Output,
  print: Printer,
): Promise<string | undefined> {
  const abort = new AbortController();
  const onInterrupt = () => abort.abort();
  process.once("SIGINT", onInterrupt);
  try {
    let printed = 0;
    for (let goal = 0; ;) {
      goal = Math.min(duration, goal + STEP);
      const reason = await debuggee.run(nanoseconds(goal), abort.signal);
      await output.write(print.rows(printed));
      printed = debuggee.trace.events.length;
      const isOver = reason.kind !== "time" || goal === duration || !output.isOpen;
      // One that sleeps for good would have slept to the end.
      if (reason.kind === "stuck") debuggee.trace.endTime = duration;
      if (isOver) return earlyEnd(reason.kind, debuggee.target.now, duration);
      output.progress(`${formatDuration(nanoseconds(goal))} of ${formatDuration(duration)} emulated …`);
    }
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

function taskFilter(trace: Trace, name: string | undefined): (task: TaskIndex) => boolean {
  if (name === undefined) return () => true;
  const isNamed = taskNamed(name, trace.tasks);
  return (task) => task !== NO_TASK && isNamed(trace.tasks[task]!);
}

function textPrinter(trace: Trace, logs: LogQueue, options: EventLinesOptions): Printer {
  const lines = new EventLines(trace, options);
  const left = [...options.hiddenPins].map((pin) => `GP${pin}`).join(", ");
  const note = left === "" ? [] : [options.style.dim(`Changes of ${left} are left out; --json has them.`)];
  return {
    rows: (first) =>
      joinRows(trace, first, { logs, line: (row) => lines.line(row), log: (line) => lines.log(line) }),
    finish: () =>
      [...lines.flush(trace.endTime), "", ...summaryLines(trace, options.style), ...note, ""].join("\n"),
  };
}

function jsonPrinter(
  trace: Trace,
  logs: LogQueue,
  { isWanted, showPath }: Pick<EventLinesOptions, "isWanted" | "showPath">,
): Printer {
  const line = (row: number) =>
    isWanted(trace.events.task(row)) ? JSON.stringify(eventJson(trace, row, showPath)) : undefined;
  const log = (logged: LogLine) =>
    isWanted(NO_TASK) ? JSON.stringify(logJson(logged, showPath)) : undefined;
  return {
    rows: (first) => joinRows(trace, first, { logs, line, log }),
    finish: () => `${JSON.stringify(summaryJson(trace))}\n`,
  };
}

/** What makes the lines of events and of messages; undefined for what is left out. */
interface LineMakers {
  readonly logs: LogQueue;
  readonly line: (row: number) => string | undefined;
  readonly log: (line: LogLine) => string | undefined;
}

function joinRows(trace: Trace, first: number, { logs, line, log }: LineMakers): string {
  const lines: (string | undefined)[] = [];
  for (let row = first; row < trace.events.length; row++) {
    lines.push(...logs.before(row).map(log), line(row));
  }
  lines.push(...logs.before(trace.events.length).map(log));
  return lines.map((text) => (text === undefined ? "" : `${text}\n`)).join("");
}

async function save(trace: Trace, path: string): Promise<void> {
  try {
    await writeFile(path, encodeTrace(trace));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The trace cannot be saved (${reason})`, "choose another place with --save");
  }
}
