import { copyMemory } from "../../../values/memory-copy";
import { boardTasks } from "../../board-states";
import { unwinderOf } from "../../core-backtrace";
import type { StepSource, TasksNow } from "../step-origin";

/** What tasks do, as it lies in memory and on the stack: for a target of which nobody has watched the executor. */
export async function tasksInMemory(source: StepSource): Promise<TasksNow> {
  const { target, firmware } = source;
  const memory = await copyMemory(target);
  const backtrace = unwinderOf(firmware).unwind(await target.readRegisters(), memory);
  const { states, polls } = boardTasks(source, backtrace, memory);
  return { polledTask: polls[0]?.task, states };
}
