import { PollCycles } from "../../debuggee/poll-cycle/poll-cycle";
import type { CycleTask, PollCycleArguments, PollCycleBody } from "../../protocol/poll-cycle";
import type { TaskIndex } from "../../trace/event";
import type { Launched } from "../launched";

/** Made when the first question comes: a session without this view pays nothing for it. */
const known = new WeakMap<Launched, PollCycles>();

/** The last poll-wake cycle of a task; while the firmware runs without who holds its waker. */
export async function pollCycle(
  launched: Launched,
  { threadId }: PollCycleArguments,
): Promise<PollCycleBody> {
  let cycles = known.get(launched);
  if (cycles === undefined) {
    cycles = new PollCycles(launched.debuggee);
    known.set(launched, cycles);
  }
  const { debuggee } = launched;
  const subject = launched.subjectOf(threadId);
  const task = subject.kind === "task" ? subject.task : cycles.lastTask();
  const tasks = debuggee.trace.tasks.flatMap((_, row) =>
    cycles.hasSeen(row as TaskIndex) ? [taskOf(launched, row as TaskIndex)] : [],
  );
  const time = Math.round(debuggee.target.now);
  if (task === undefined) return { time, task: null, polls: 0, steps: [], tasks };
  const inspection = launched.isStopped ? await launched.inspection() : undefined;
  const { polls, steps } = await cycles.of(task, inspection);
  return { time, task: taskOf(launched, task), polls, steps, tasks };
}

function taskOf({ threads, debuggee }: Launched, task: TaskIndex): CycleTask {
  return { threadId: threads.of(task, debuggee.trace), name: debuggee.trace.tasks[task]!.name };
}
