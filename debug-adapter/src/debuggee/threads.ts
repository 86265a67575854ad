import { type Nanoseconds, nanoseconds } from "../base/brand";
import { formatDuration } from "../base/duration";
import type { FutureNode } from "../futures/await-tree";
import type { TaskIndex } from "../trace/event";
import { type TaskState, taskStateWords } from "../trace/task-state";
import type { SourcePlace } from "../trace/trace";
import type { Inspection } from "./inspection";

/** What a reader is told of the core and of each task that was spawned, in a few words each. */
export interface ThreadDescriptions {
  readonly core: string;
  /** By row in the trace: `blink_task · suspended 312.0 ms more, blink.rs:18`. */
  readonly tasks: ReadonlyMap<number, string>;
}

export function threadDescriptions(inspection: Inspection): ThreadDescriptions {
  const tasks = new Map<number, string>();
  inspection.tasks.forEach(({ name, state }, task) => {
    if (state.kind !== "unspawned")
      tasks.set(task, `${name} · ${describeTask(inspection, task as TaskIndex)}`);
  });
  return { core: `core 0${coreWords(inspection)}`, tasks };
}

/** `suspended 312.0 ms more, blink.rs:18`, `ready for 12.00 us`, `ended`; where it is not known which, both. */
export function describeTask(inspection: Inspection, task: TaskIndex): string {
  const { state, future } = inspection.tasks[task]!;
  const age = ageOf(inspection, state);
  switch (state.kind) {
    case "unspawned":
    case "running":
    case "ended":
      return state.kind;
    case "ready":
      return `${taskStateWords(state)}${age}`;
    case "suspended": {
      const place = suspensionPlace(inspection, task);
      const where = place === null ? "" : `, ${fileName(place.file)}:${place.line}`;
      const rest = future && timeLeft(future);
      const howLong = rest === undefined ? age : ` ${formatDuration(rest)} more`;
      return `${taskStateWords(state)}${howLong}${where}`;
    }
  }
}

/** ` for 12.00 us`; nothing where it is not known since when. */
export function ageOf({ debuggee }: Inspection, { since }: TaskState): string {
  return Number.isNaN(since) ? "" : ` for ${formatDuration(nanoseconds(debuggee.target.now - since))}`;
}

/** The innermost `.await` in the user's own code at which a task is or was suspended; null where that is not known. */
export function suspensionPlace({ debuggee, tasks }: Inspection, task: TaskIndex): SourcePlace | null {
  return debuggee.trace.suspension(tasks[task]!.state.suspension)?.place ?? null;
}

/** How long it is until the first timer that a future waits for is due; undefined if it waits for none. */
export function timeLeft({ wait, children }: FutureNode): Nanoseconds | undefined {
  const times = children.map(timeLeft).filter((each) => each !== undefined);
  const dueIn = wait?.dueIn ?? 0;
  if (dueIn > 0) times.push(nanoseconds(dueIn));
  return times.length === 0 ? undefined : nanoseconds(Math.min(...times));
}

/** What the core is doing: an exception, a poll, sleep, or none of them. */
function coreWords({ backtrace, debuggee, knowledge, pollSections }: Inspection): string {
  const exception = backtrace.frames.find(({ kind }) => kind === "exception");
  const [section] = pollSections;
  if (exception !== undefined && (section === undefined || section.interruptedBy.length > 0)) {
    return ` · handling ${exception.name}`;
  }
  if (section !== undefined) return ` · polling ${debuggee.trace.tasks[section.task]!.name}`;
  return knowledge.history.isAsleep() ? " · asleep" : "";
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
