import type { TaskEvent } from "../../executor/task-events";
import { EventKind } from "../../trace/event";
import type { Trace } from "../../trace/trace";

const KINDS = { poll: EventKind.PollBegin, wake: EventKind.Wake, spawn: EventKind.Spawn } as const;

/** Names that a refusal lists. */
const MOST_NAMES = 8;

/** Which events of which tasks a breakpoint waits for. */
export interface TaskCondition {
  readonly kind: EventKind;
  /** A task, `worker[2]`; all slots of a pool, `worker`; or all tasks, `*`. */
  readonly task: string;
}

/** Reads `poll:blink_task`, `wake:worker[2]`, `spawn:*`; undefined for what is no breakpoint of tasks. */
export function parseTaskCondition(name: string): TaskCondition | undefined {
  const [, kind, task] = /^\s*(poll|wake|spawn)\s*:(?!:)\s*(.+?)\s*$/.exec(name) ?? [];
  return kind === undefined || task === undefined
    ? undefined
    : { kind: KINDS[kind as keyof typeof KINDS], task };
}

export function isMeant({ kind, task }: TaskCondition, event: TaskEvent, trace: Trace): boolean {
  return event.kind === kind && isNamed(task, trace.tasks[event.task]?.name);
}

/** How the tasks of a firmware are known. */
export interface KnownTasks {
  readonly trace: Trace;
  /** Whether tasks become known only as they are polled: then any name may be one. */
  readonly areFoundLater: boolean;
}

/** Why a breakpoint of tasks can never be hit; undefined if it can. */
export function refusalOf({ task }: TaskCondition, { trace, areFoundLater }: KnownTasks): string | undefined {
  if (areFoundLater) return undefined;
  const names = trace.tasks.map(({ name }) => name);
  if (names.length === 0) return "no executor is observed in this firmware, so its tasks are not known";
  if (task === "*" || names.some((name) => isNamed(task, name))) return undefined;
  const listed = names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ", …" : "");
  return `there is no task ${task}; the tasks are ${listed}`;
}

function isNamed(wanted: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return wanted === "*" || name === wanted || name.replace(/\[\d+\]$/, "") === wanted;
}
