import { nanoseconds } from "../../base/brand";
import { formatDuration, formatInstant } from "../../base/duration";
import type { TaskIndex } from "../../trace/event";
import type { Inspection } from "../inspection";
import { sourceWords } from "../task-history";
import type { Scope } from "./scope";
import { fact, listOf, type Variable } from "./variable";

/** What a task has done so far. */
export function taskScope(inspection: Inspection, task: TaskIndex): Scope {
  const rows = taskFacts(inspection, task);
  return { name: "Task", kind: "task", variables: listOf(rows.length, () => rows) };
}

function taskFacts({ debuggee, knowledge, tasks }: Inspection, task: TaskIndex): Variable[] {
  const { trace, target } = debuggee;
  const { history } = knowledge;
  const { kind, since } = tasks[task]!.state;
  const { bytes, futureBytes } = trace.tasks[task]!;
  const { polls, wakes, timeRun, longestPoll } = history.summaryOf(task);
  const wake = history.lastWakeOf(task);
  const delay = history.lastDelayOf(task);
  const unknown = "not yet";
  return [
    fact("state", `${kind} for ${formatDuration(nanoseconds(target.now - since))}`),
    fact("polls", String(polls)),
    fact("wakes", String(wakes)),
    fact(
      "last wake",
      wake === undefined ? unknown : `by ${sourceWords(wake.source, trace)} at ${formatInstant(wake.time)} s`,
    ),
    fact("time run", formatDuration(timeRun)),
    fact("longest poll", longestPoll === null ? unknown : formatDuration(longestPoll)),
    fact("scheduling delay", delay === undefined ? unknown : `${formatDuration(delay)} before its last poll`),
    fact("size", `${bytes} bytes${futureBytes === null ? "" : `, of them ${futureBytes} its future`}`),
  ];
}
