import type { Program } from "../../symbols/program";
import { memberAt } from "../../symbols/types/member-access";
import type { Type } from "../../symbols/types/type";

const EXECUTOR_OWN =
  /^embassy_executor::(?:raw::(?:SyncExecutor|Executor|TaskHeader|run_queue::\w+)|(?:arch|platform)::(?:\w+::)*\w*Executor)$/;

/** The queue that is linked through the tasks' headers: its links are no wakers. */
const TIMER_QUEUE_OWN = /^embassy_time_queue_utils::queue_integrated::(?:Queue|QueueItem)$/;

/** Whether values of a type are Embassy's own bookkeeping of its tasks, by the type's path without generics. */
export function isOwnStructure(path: string): boolean {
  return EXECUTOR_OWN.test(path) || TIMER_QUEUE_OWN.test(path);
}

/** Whether values of a type are references to tasks, which can wake them (`wake_task`). */
export function isTaskReference(path: string): boolean {
  return path === "embassy_executor::raw::TaskRef";
}

/**
 * Whether a function is the executor's loop: what it keeps on the stack are links of its queue. Not the functions that
 * poll a task: in release builds the task's own code is inlined there.
 */
export function isExecutorLoop(name: string): boolean {
  return /^<?embassy_executor::(?!.*\bTaskStorage\b).*\bExecutor\b/.test(name);
}

/** Where a task's own entry in the queue of timers lies. */
export interface TimerEntry {
  readonly type: Type;
  /** In bytes from the start of the header. */
  readonly offset: number;
}

/**
 * The entry of embassy-time's queue that is integrated in each task header. The header knows it as opaque words; undefined
 * for a program that awaits no timers, or keeps them elsewhere.
 */
export function findTimerEntry(program: Program): TimerEntry | undefined {
  const header = program.types.named("embassy_executor::raw::TaskHeader");
  const item = header && memberAt(header, ["timer_queue_item"]);
  const type = program.types.named("embassy_time_queue_utils::queue_integrated::QueueItem");
  return item === undefined || type === undefined || type.byteSize > item.type.byteSize
    ? undefined
    : { type, offset: item.offset };
}
