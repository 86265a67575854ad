import type { Debuggee } from "#adapter/debuggee/debuggee";
import { ProblemList } from "#adapter/base/errors";
import { findEmbassyLayout } from "#adapter/executor/embassy/layout";
import type { FutureNode } from "#adapter/futures/await-tree";
import { AwaitTrees, type TaskFuture } from "#adapter/futures/await-trees";
import { TIMER_COUNTER, timerNow } from "#adapter/futures/timer-now";
import { type TaskState, taskStates } from "#adapter/trace/task-state";
import { copyMemory, PICO_MEMORY } from "#adapter/values/memory-copy";

/** A task at the instant at which the machine stands. */
export interface InspectedTask {
  readonly name: string;
  readonly state: TaskState;
  /** Undefined while it is being polled, before it is spawned, after it has ended, and where its future is not known. */
  readonly future: FutureNode | undefined;
}

/** Every task of a debuggee that stands still, in the order of the trace. */
export async function inspectTasks({ firmware, target, trace }: Debuggee): Promise<InspectedTask[]> {
  const { program } = firmware;
  const layout = findEmbassyLayout(program, new ProblemList());
  const states = taskStates(trace);
  const futures: TaskFuture[] = [];
  const rows = new Map<number, number>();
  trace.tasks.forEach(({ name, address }, row) => {
    const pool = layout?.pools.find((each) => {
      const offset = address - each.address;
      return offset >= 0 && offset < each.slots * each.slotBytes && offset % each.slotBytes === 0;
    });
    if (pool?.body === undefined) return;
    const kind = states[row]?.kind;
    const isAtRest = kind === "ready" || kind === "suspended";
    rows.set(row, futures.length);
    futures.push({ name, body: pool.body, address: address + pool.futureOffset, isAtRest });
  });
  const timer = { start: TIMER_COUNTER.high, byteSize: TIMER_COUNTER.byteSize };
  const memory = await copyMemory(target, [...PICO_MEMORY, timer]);
  const trees = new AwaitTrees(program).read(futures, memory, timerNow(memory));
  return trace.tasks.map(({ name }, row) => {
    const at = rows.get(row);
    return { name, state: states[row]!, future: at === undefined ? undefined : trees[at] };
  });
}
