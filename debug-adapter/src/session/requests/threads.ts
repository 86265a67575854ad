import type { DebugProtocol } from "@vscode/debugprotocol";
import { threadDescriptions } from "../../debuggee/threads";
import type { Launched } from "../launched";
import { CORE_THREAD } from "../thread-ids";

/** The core and every task that was spawned. While the firmware runs, what was known when it last stood still. */
export async function threads(launched: Launched): Promise<DebugProtocol.ThreadsResponse["body"]> {
  const { debuggee, knowledge } = launched;
  if (launched.isStopped) launched.lastDescriptions = threadDescriptions(await launched.inspection());
  const known = launched.lastDescriptions;
  const tasks = knowledge.history.states().flatMap(({ kind }, task) => {
    if (kind === "unspawned") return [];
    const name = known.tasks.get(task) ?? `${debuggee.trace.tasks[task]!.name} · ${kind}`;
    return [{ id: launched.threads.of(task as never, debuggee.trace), name }];
  });
  return { threads: [{ id: CORE_THREAD, name: known.core }, ...tasks] };
}
