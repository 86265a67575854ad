import { UserError } from "#adapter/base/errors";
import type { Computer, ProgramEnd, ProgramRun } from "../computer/computer";

/** Milliseconds without a word after which a tool is taken to hang: writing all of a large flash takes less. */
const SILENCE = 180_000;

/**
 * Runs a tool that talks to a board, but not for ever.
 * @returns undefined if there is no such program
 * @throws UserError if it says nothing for minutes; it is ended then
 */
export async function runTool(computer: Computer, run: ProgramRun): Promise<ProgramEnd | undefined> {
  const silent = new AbortController();
  const over = new AbortController();
  let heard = computer.now();
  const watch = async () => {
    while (computer.now() - heard < SILENCE) {
      await computer.sleep(heard + SILENCE - computer.now(), over.signal);
    }
    silent.abort();
  };
  watch().catch(() => undefined);
  try {
    return await computer.run({
      ...run,
      signal: AbortSignal.any([run.signal, silent.signal]),
      onLine: (line) => {
        heard = computer.now();
        run.onLine?.(line);
      },
    });
  } catch (error) {
    if (run.signal.aborted || !silent.signal.aborted) throw error;
    throw new UserError(
      `${run.program} has said nothing for ${SILENCE / 60_000} minutes, and was ended`,
      "unplug the board and the probe, plug them in again, and flash once more",
    );
  } finally {
    over.abort();
  }
}
