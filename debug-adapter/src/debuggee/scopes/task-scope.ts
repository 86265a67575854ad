import { formatDuration, formatInstant } from "../../base/duration";
import type { TaskIndex } from "../../trace/event";
import { wakeSourceWords } from "../../trace/event-words";
import { taskStateWords } from "../../trace/task-state";
import type { Inspection } from "../inspection";
import { ageOf } from "../threads";
import type { Scope } from "./scope";
import { fact, listOf, type Variable } from "./variable";

/** What a task has done so far, and what can make it run again. */
export function taskScope(inspection: Inspection, task: TaskIndex): Scope {
  const rows = taskFacts(inspection, task);
  const list = listOf(rows.length + 1, async () => [
    ...rows,
    fact("waker", await wakerWords(inspection, task)),
  ]);
  return { name: "Task", kind: "task", variables: list };
}

function taskFacts(inspection: Inspection, task: TaskIndex): Variable[] {
  const { debuggee, tasks } = inspection;
  const { state } = tasks[task]!;
  const { bytes, futureBytes } = debuggee.trace.tasks[task]!;
  return [
    fact("state", `${taskStateWords(state)}${ageOf(inspection, state)}`),
    ...(debuggee.isObserved ? seenFacts(inspection, task) : []),
    fact("size", `${bytes} bytes${futureBytes === null ? "" : `, of them ${futureBytes} its future`}`),
  ];
}

/** What only those know who have watched it from its beginning. */
function seenFacts(inspection: Inspection, task: TaskIndex): Variable[] {
  const { history } = inspection.knowledge;
  const { polls, wakes, timeRun, longestPoll } = history.summaryOf(task);
  const delay = history.lastDelayOf(task);
  return [
    fact("polls", String(polls)),
    fact("wakes", String(wakes)),
    fact("last wake", wakeWords(inspection, task)),
    fact("time run", formatDuration(timeRun)),
    fact("longest poll", longestPoll === null ? NOT_YET : formatDuration(longestPoll)),
    fact("scheduling delay", delay === undefined ? NOT_YET : `${formatDuration(delay)} before its last poll`),
  ];
}

const NOT_YET = "not yet";

/** `by TIMER_IRQ_0 at 1.131 767 850 s, time_driver.rs:117`. */
function wakeWords(inspection: Inspection, task: TaskIndex): string {
  const wake = inspection.knowledge.history.lastWakeOf(task);
  if (wake === undefined) return NOT_YET;
  const place = inspection.lastWakePlace(task);
  const where = place === undefined ? "" : `, ${place.file.name}:${place.line}`;
  return `by ${wakeSourceWords(inspection.debuggee.trace, wake.source)} at ${formatInstant(wake.time)} s${where}`;
}

/** Who holds the waker of a task: `timer queue`, `BANK0_WAKERS[15]`; or that nobody does. */
async function wakerWords(inspection: Inspection, task: TaskIndex): Promise<string> {
  const { kind } = inspection.tasks[task]!.state;
  if (kind === "ended" || kind === "unspawned") return "of no use: it has no future";
  const found = (await inspection.wakers()).tasks[task];
  if (found === undefined)
    return "not known: wakers are searched for only where Embassy's executor runs the tasks";
  const certain = found.search.holders
    .filter(({ certainty }) => certainty === "waker")
    .map(({ text }) => text);
  const all = found.timer?.kind === "queued" ? ["the queue of timers", ...certain] : certain;
  if (all.length > 0) return `held by ${all.join(", ")}`;
  const doubtful = [...new Set(found.search.holders.map(({ text }) => text))];
  if (doubtful.length === 0) return kind === "running" ? "nobody holds it yet" : "nobody holds it";
  const more = doubtful.length > MOST_DOUBTFUL ? ", …" : "";
  return `nobody holds it for certain, perhaps ${doubtful.slice(0, MOST_DOUBTFUL).join(", ")}${more}`;
}

/** Words that may be left over, in one line; `pollscope/why` has them all. */
const MOST_DOUBTFUL = 2;
