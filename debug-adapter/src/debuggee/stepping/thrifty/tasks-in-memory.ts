import { type Address, address } from "../../../base/brand";
import { type EmbassyLayout, isFlagSet } from "../../../executor/embassy/layout";
import type { TaskIndex } from "../../../trace/event";
import { UNKNOWN_SUSPENSION } from "../../../trace/event";
import type { TaskState } from "../../../trace/task-state";
import { Register } from "../../../target/architecture";
import type { MemoryView } from "../../../target/target";
import { overMemory } from "../../../unwind/fetched-memory";
import { poolOf } from "../../inspect-tasks";
import type { StepSource, TasksNow } from "../step-origin";
import type { StepFrame } from "../step-stack";
import { callersOf, type Standing } from "./standing";

/** What tasks do, as it lies in memory and on the stack: for a target of which nobody has watched the executor. */
export async function tasksInMemory(source: StepSource, here: Standing): Promise<TasksNow> {
  const { target, trace, embassy } = source;
  if (embassy === undefined)
    return { polledTask: undefined, states: trace.tasks.map(() => stateOf("unspawned")) };
  return overMemory(target, (memory) => {
    const polledTask = polledTaskIn(here, source, memory);
    const states = trace.tasks.map(({ address: header }, task) => {
      if (task === polledTask) return stateOf("running");
      return stateOf(isFlagSet(memory, header, embassy.header.spawned) ? "suspended" : "unspawned");
    });
    return { polledTask, states };
  });
}

function stateOf(kind: TaskState["kind"]): TaskState {
  return { kind, since: 0 as TaskState["since"], suspension: UNKNOWN_SUSPENSION };
}

/** The function of an executor that polls a task: its header points there. */
export function pollFunctionOf(
  header: number,
  { header: { bytes }, pollFunctions }: EmbassyLayout,
  memory: MemoryView,
): Address | undefined {
  for (let offset = 0; offset + 4 <= bytes; offset += 4) {
    // Bit 0 of a pointer to a function says that it is Thumb code.
    const code = ((memory.readUint(header + offset, 4) ?? 0) & ~1) >>> 0;
    if (pollFunctions.includes(address(code))) return address(code);
  }
  return undefined;
}

/** The frame of the innermost function of an executor that polls a task. */
export function pollFrameOf({ frames }: Standing, { pollFunctions }: EmbassyLayout): StepFrame | undefined {
  return frames.find(
    ({ scope }) => scope.parent === undefined && pollFunctions.includes(scope.owner.address),
  );
}

/**
 * The task that the function on the stack polls: the only one that has this function, or the one whose body tells
 * which future it polls, or whose header begins the poll in r0.
 */
function polledTaskIn(here: Standing, source: StepSource, memory: MemoryView): TaskIndex | undefined {
  const { embassy, trace } = source;
  const poll = embassy && pollFrameOf(here, embassy);
  if (poll === undefined) return undefined;
  const { address: entry } = poll.scope.owner;
  const candidates = [...trace.tasks.keys()].filter(
    (task) => pollFunctionOf(trace.tasks[task]!.address, embassy!, memory) === entry,
  );
  const found = candidates.length === 1 ? candidates[0] : candidates.find((task) => isPolled(task));
  return found as TaskIndex | undefined;

  function isPolled(task: number): boolean {
    const header = trace.tasks[task]!.address;
    if (here.pc === entry) return here.registers[Register.r0] === header;
    const pool = poolOf(embassy!, header);
    return here.frames.some(
      ({ future }) => future?.body === pool?.body && future?.address === header + pool!.futureOffset,
    );
  }
}

/** Where what a task was returned to when its poll ends: behind the call of the function that polls it. */
export function pollEndOf(here: Standing, embassy: EmbassyLayout): StepFrame | undefined {
  const poll = pollFrameOf(here, embassy);
  if (poll === undefined) return undefined;
  const functions = callersOf({ ...here, owner: undefined });
  return functions[functions.indexOf(poll) + 1];
}
