import type { EmbassyLayout, TaskPool } from "../executor/embassy/layout";
import type { HandWrittenObserver } from "../executor/hand-written/observer";
import type { FutureNode } from "../futures/await-tree";
import { AwaitTrees, type TaskFuture } from "../futures/await-trees";
import { timerNow } from "../futures/timer-now";
import { WAIT_REGISTERS } from "../futures/wait-registers";
import type { TaskIndex } from "../trace/event";
import { type TaskState, taskStates } from "../trace/task-state";
import type { Suspension } from "../trace/trace";
import type { MemoryView } from "../target/target";
import { inMemory, nowhere } from "../values/location";
import type { MemoryRange } from "../target/memory-ranges";
import { copyMemory, PICO_MEMORY } from "../values/memory-copy";
import type { Debuggee } from "./debuggee";
import type { Firmware } from "./firmware";

/** A task at the instant at which the machine stands. */
export interface InspectedTask {
  readonly name: string;
  readonly state: TaskState;
  /** Undefined while it is being polled, before it is spawned, after it has ended, and where its future is not known. */
  readonly future: FutureNode | undefined;
}

/** Every task of a debuggee that stands still, in the order of the trace. */
export async function inspectTasks(debuggee: Debuggee): Promise<InspectedTask[]> {
  return inspectTasksIn(debuggee, await copyMemory(debuggee.target, TASK_MEMORY), {
    states: taskStates(debuggee.trace),
  });
}

/** The memory that tasks are inspected in: that of values, and registers that tell what futures wait for. */
export const TASK_MEMORY: readonly MemoryRange[] = [...PICO_MEMORY, ...WAIT_REGISTERS];

/**
 * The same for memory that has been read.
 * @param untouched the task whose poll is beginning, if one is: its future is still as the last poll has left it
 */
export function inspectTasksIn(
  { firmware, trace, embassy, handWritten }: Debuggee,
  memory: MemoryView,
  {
    states,
    untouched,
  }: {
    readonly states: readonly TaskState[];
    readonly untouched?: TaskIndex | undefined;
  },
): InspectedTask[] {
  const futures: TaskFuture[] = [];
  const rows = new Map<number, number>();
  trace.tasks.forEach(({ name, address }, row) => {
    const found = handWritten === undefined ? slotFuture(embassy, address) : polledFuture(handWritten, row);
    if (found === undefined) return;
    const kind = states[row]?.kind;
    const isAtRest = kind === "ready" || kind === "suspended" || row === untouched;
    rows.set(row, futures.length);
    futures.push({ name, ...found, isAtRest });
  });
  const trees = awaitTreesOf(firmware).read(futures, memory, timerNow(memory));
  return trace.tasks.map(({ name }, row) => {
    const at = rows.get(row);
    const state = states[row]!;
    const tree = at === undefined ? undefined : trees[at];
    const future = tree?.address === null ? asSuspended(tree, trace.suspension(state.suspension)) : tree;
    return { name, state, future };
  });
}

/** The future in a slot of one of Embassy's pools. */
function slotFuture(embassy: EmbassyLayout | undefined, header: number): FoundFuture | undefined {
  const pool = embassy && poolOf(embassy, header);
  if (pool?.body === undefined) return undefined;
  return { type: pool.body.coroutine.type, location: inMemory(header + pool.futureOffset) };
}

/** The future that an executor written by hand polls. */
function polledFuture({ futures }: HandWrittenObserver, row: number): FoundFuture | undefined {
  const future = futures[row];
  if (future?.type === undefined) return undefined;
  const { type, address } = future;
  return { type, location: address === undefined ? nowhere(NOT_TOLD) : inMemory(address) };
}

/** A future that was not found, by what the end of its last poll has told. */
function asSuspended(tree: FutureNode, suspension: Suspension | undefined): FutureNode {
  const [frame] = suspension?.frames ?? [];
  if (suspension === undefined || frame === undefined) return tree;
  const awaits = suspension.awaiting === null ? "" : `awaits ${suspension.awaiting}; `;
  return { ...tree, state: "suspended", place: frame.place, note: `${awaits}${NOT_TOLD}` };
}

type FoundFuture = Pick<TaskFuture, "type" | "location">;

const NOT_TOLD = "where it lies is not known: the code that polls it does not say";

/** What has been learnt of a firmware's types is kept from stop to stop. */
const awaitTrees = new WeakMap<Firmware, AwaitTrees>();

/** The decoder of a firmware's await trees: it remembers what it has learnt, so each has one. */
export function awaitTreesOf(firmware: Firmware): AwaitTrees {
  let trees = awaitTrees.get(firmware);
  if (trees === undefined) {
    trees = new AwaitTrees(firmware.program);
    awaitTrees.set(firmware, trees);
  }
  return trees;
}

/** The pool that a task's header lies in. */
export function poolOf({ pools }: EmbassyLayout, header: number): TaskPool | undefined {
  return pools.find((each) => isSlotOf(each, header));
}

function isSlotOf({ address, slots, slotBytes }: TaskPool, header: number): boolean {
  const offset = header - address;
  return offset >= 0 && offset < slots * slotBytes && offset % slotBytes === 0;
}
