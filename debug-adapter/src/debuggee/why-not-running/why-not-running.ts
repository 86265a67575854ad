import { nanoseconds } from "../../base/brand";
import { formatDuration } from "../../base/duration";
import { UserError } from "../../base/errors";
import { timerNow } from "../../futures/timer-now";
import type { TaskIndex } from "../../trace/event";
import { summarize, type TaskSummary } from "../../trace/task-summary";
import { ValueReader } from "../../values/reader";
import { symbolsOf } from "../../values/symbol-lookup";
import type { Debuggee } from "../debuggee";
import { type InspectedTask, inspectTasksIn } from "../inspect-tasks";
import { type StillMachine, stillMachine } from "../still-machine";
import { lastWake } from "./last-wake";
import { searchWakersIn } from "./search-wakers";
import { suspendedWhy, type WaitingTasks } from "./suspended-why";
import type { Verdict, Why, WhyStep } from "./why";

/**
 * Why a task of a debuggee that stands still is not running.
 * @throws UserError if there is no such task
 */
export async function whyNotRunning(debuggee: Debuggee, task: TaskIndex): Promise<Why> {
  const still = await stillMachine(debuggee);
  const waiting = waitingTasks(debuggee, still, inspectTasksIn(debuggee, still.memory, still));
  if (waiting.tasks[task] === undefined) {
    throw new UserError(`There is no task ${task}`, "the trace lists the tasks");
  }
  return whyOf(waiting, task);
}

/** The same for all tasks, in the order of the trace: memory is searched once. */
export async function whyNoneIsRunning(debuggee: Debuggee): Promise<Why[]> {
  const still = await stillMachine(debuggee);
  return whyNoneIsRunningIn(debuggee, still, inspectTasksIn(debuggee, still.memory, still));
}

/**
 * The same, each once it is asked for.
 * @param tellsPast whether to tell by whom a task was woken before, which takes a pass over the whole trace
 */
export function whyNotRunningIn(
  debuggee: Debuggee,
  still: StillMachine,
  tasks: readonly InspectedTask[],
  { tellsPast = true }: { readonly tellsPast?: boolean } = {},
): (task: TaskIndex) => Why {
  const all = waitingTasks(debuggee, still, tasks);
  const waiting = tellsPast ? all : { ...all, summaryOf: () => undefined };
  const known: (Why | undefined)[] = [];
  return (task) => (known[task] ??= whyOf(waiting, task));
}

/** The same for memory and registers that have been read, and the tasks as they were found in them. */
export function whyNoneIsRunningIn(
  debuggee: Debuggee,
  still: StillMachine,
  tasks: readonly InspectedTask[],
): Why[] {
  const whyOf = whyNotRunningIn(debuggee, still, tasks);
  return tasks.map((_, row) => whyOf(row as TaskIndex));
}

function waitingTasks(
  debuggee: Debuggee,
  still: StillMachine,
  tasks: readonly InspectedTask[],
): WaitingTasks {
  const { memory } = still;
  const wakers = searchWakersIn(debuggee, still);
  const { program } = debuggee.firmware;
  const reader = new ValueReader(memory, symbolsOf(program));
  let summary: readonly TaskSummary[] | undefined;
  const summaryOf = (task: TaskIndex) => (summary ??= summarize(debuggee.trace).tasks)[task];
  return { tasks, wakers, reader, now: timerNow(memory), program, trace: debuggee.trace, summaryOf };
}

function whyOf(waiting: WaitingTasks, row: TaskIndex): Why {
  const { name, state } = waiting.tasks[row]!;
  const task = { task: name, state: state.kind, since: state.since };
  switch (state.kind) {
    case "unspawned":
      return { ...task, steps: [], verdict: verdict("unspawned", "it has not been spawned") };
    case "ended":
      return { ...task, steps: [], verdict: verdict("ended", "it has ended: its future has returned") };
    case "running":
      return { ...task, steps: [], verdict: verdict("running", "it is running: the core is polling it") };
    case "ready":
      return { ...task, ...readyWhy(waiting, row) };
    case "suspended":
      return { ...task, ...suspendedWhy(waiting, row) };
  }
}

/** Ready tasks wait for the core, which does one thing at a time. */
function readyWhy({ tasks, trace }: WaitingTasks, row: TaskIndex): Pick<Why, "steps" | "verdict"> {
  const steps: WhyStep[] = [];
  const wake = lastWake(trace, row);
  if (wake !== undefined) steps.push({ kind: "core", text: wake, place: null, depth: 0 });
  const running = innermostPolled(tasks);
  if (running === undefined) return { steps, verdict: verdict("ready", "it is ready: its turn is next") };
  const { since } = running.state;
  const time = Number.isNaN(since) ? "" : ` for ${formatDuration(nanoseconds(trace.endTime - since))}`;
  const text = `the core polls ${running.name}${time}`;
  steps.push({ kind: "core", text, place: null, depth: 0, task: running.name });
  return { steps, verdict: verdict("ready", `it is ready, and has to wait: ${text}`) };
}

function innermostPolled(tasks: readonly InspectedTask[]): InspectedTask | undefined {
  return tasks
    .filter(({ state }) => state.kind === "running")
    .sort((a, b) => b.state.since - a.state.since)[0];
}

function verdict(kind: Verdict["kind"], text: string): Verdict {
  return { kind, text, dueIn: null };
}
