import { nanoseconds } from "../../base/brand";
import type { SuspensionDecoder } from "../../futures/suspension";
import type { MemoryView } from "../../target/target";
import { type TaskIndex, UNKNOWN_SUSPENSION } from "../../trace/event";
import type { TaskState } from "../../trace/task-state";
import type { Trace } from "../../trace/trace";
import { type EmbassyLayout, isFlagSet } from "./layout";
import { slotsOf } from "./task-slots";

/** Nobody has watched it become what it is. */
const UNKNOWN_TIME = nanoseconds(NaN);

export interface StatesInMemoryOptions {
  readonly layout: EmbassyLayout;
  readonly decoder: SuspensionDecoder;
  /** Where the tasks are rows, in the order of their slots. */
  readonly trace: Trace;
  readonly memory: MemoryView;
  /** The tasks whose polls are on the stack. */
  readonly polled: ReadonlySet<TaskIndex>;
}

/**
 * The states of all tasks as memory tells them, where nobody has watched the run. A slot that holds no task counts as
 * `unspawned`, whether it has held one or not, and since when a task is what it is cannot be known.
 */
export function statesInMemory({
  layout,
  decoder,
  trace,
  memory,
  polled,
}: StatesInMemoryOptions): TaskState[] {
  const { spawned, runQueued } = layout.header;
  return slotsOf(layout).map(({ header, pool }, row): TaskState => {
    const since = UNKNOWN_TIME;
    const suspension = UNKNOWN_SUSPENSION;
    if (!isFlagSet(memory, header, spawned)) return { kind: "unspawned", since, suspension };
    if (polled.has(row as TaskIndex)) return { kind: "running", since, suspension };
    const kind = isFlagSet(memory, header, runQueued) ? "ready" : "suspended";
    const { body, futureOffset } = pool;
    const found = body && decoder.decode(body, header + futureOffset, memory);
    return { kind, since, suspension: found === undefined ? suspension : trace.addSuspension(found) };
  });
}
