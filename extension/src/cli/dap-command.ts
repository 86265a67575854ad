import { once } from "node:events";
import { PollscopeSession } from "#adapter/session/debug-session";
import { processWorld } from "#adapter/session/session-world";

/**
 * Debugs for an editor that speaks DAP on our standard input and output. The launch request says what; it may name
 * samples, which are in the package's folder. Ends the process when the editor disconnects or goes away.
 */
export async function runDap(packageFolder: string): Promise<void> {
  const session = new PollscopeSession(processWorld(packageFolder));
  session.start(process.stdin, process.stdout);
  await once(process.stdin, "close");
}
