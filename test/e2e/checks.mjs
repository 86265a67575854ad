import { appendFileSync } from "node:fs";

/**
 * Runs named checks one after the other and tells of each: a line of JSON in the file `report`, which another
 * process reads, and at last one without a name.
 */
export async function runChecks(checks, report) {
  let failed = 0;
  for (const [name, check] of checks) {
    let error = null;
    try {
      await check();
    } catch (cause) {
      error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      failed++;
    }
    appendFileSync(report, `${JSON.stringify({ name, error })}\n`);
  }
  appendFileSync(report, '{"end":true}\n');
  return failed;
}
