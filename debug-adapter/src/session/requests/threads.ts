import type { DebugProtocol } from "@vscode/debugprotocol";
import { threadDescriptions } from "../../debuggee/threads";
import type { Launched } from "../launched";
import { CORE_THREAD } from "../thread-ids";

/**
 * The core and every task that was spawned, each with what it is doing; while the firmware runs only with its name, as
 * that changes faster than anybody could be told.
 */
export async function threads(launched: Launched): Promise<DebugProtocol.ThreadsResponse["body"]> {
  const { debuggee } = launched;
  const known = launched.isStopped ? threadDescriptions(await launched.inspection()) : undefined;
  const tasks = (await launched.states()).flatMap(({ kind }, task) => {
    if (kind === "unspawned") return [];
    const name = known?.tasks.get(task) ?? debuggee.trace.tasks[task]!.name;
    return [{ id: launched.threads.of(task as never, debuggee.trace), name }];
  });
  return { threads: [{ id: CORE_THREAD, name: known?.core ?? "core 0" }, ...tasks] };
}
