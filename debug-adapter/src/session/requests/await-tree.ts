import { whyNoneIsRunningIn } from "../../debuggee/why-not-running/why-not-running";
import type { AwaitTreeArguments, AwaitTreeBody } from "../../protocol/await-tree";
import type { TaskIndex } from "../../trace/event";
import type { Launched } from "../launched";
import { toTask } from "./tasks";
import { toWhy } from "./why";

/** The await trees of all tasks that were spawned; of this instant, also while the firmware runs. */
export async function awaitTree(launched: Launched, { reasons }: AwaitTreeArguments): Promise<AwaitTreeBody> {
  const inspection = await launched.look();
  const time = launched.debuggee.target.now;
  const tellsWhy = reasons && launched.isStopped;
  const whys = tellsWhy ? whyNoneIsRunningIn(launched.debuggee, inspection.still, inspection.tasks) : [];
  const tasks = inspection.tasks.flatMap((each, row) => {
    const task = toTask(launched, inspection, each, row as TaskIndex);
    if (task === undefined) return [];
    const why = whys[row];
    const isWaiting = task.state === "ready" || task.state === "suspended";
    return [{ ...task, why: why !== undefined && isWaiting ? toWhy(launched, why) : null }];
  });
  return { time, tasks: tasks.sort((a, b) => a.threadId - b.threadId) };
}
