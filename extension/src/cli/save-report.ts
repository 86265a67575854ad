import { writeFile } from "node:fs/promises";
import { UserError } from "#adapter/base/errors";

/**
 * Saves a SARIF log where `--sarif` says.
 * @throws UserError if it cannot be written there
 */
export async function saveReport(path: string, log: Record<string, unknown>): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(log, null, 2)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The report cannot be saved (${reason})`, "choose another place with --sarif");
  }
}
