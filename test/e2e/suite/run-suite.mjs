import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";

/** Stands in for the desktop's `code`: takes the same words and opens VS Code in a browser. */
const BROWSER_CODE = join(import.meta.dirname, "../host/code.mjs");

/**
 * Runs the suite of this folder inside VS Code's extension host and tells of every check.
 * @param options.executable the VS Code to run it in; in a browser unless given
 */
export async function runSuite({ executable = BROWSER_CODE, extensions, workspace, report, onOutcome }) {
  writeFileSync(report, "");
  let why;
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: join(import.meta.dirname, "test-extension"),
      extensionTestsPath: join(import.meta.dirname, "index.mjs"),
      launchArgs: [workspace, `--extensions-dir=${extensions}`],
      extensionTestsEnv: { POLLSCOPE_E2E_REPORT: report },
    });
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  const lines = readFileSync(report, "utf8").split("\n").filter(Boolean);
  const outcomes = lines.map((line) => JSON.parse(line)).filter(({ name }) => name !== undefined);
  outcomes.forEach(onOutcome);
  // An extension host that dies is reported like one that has done its work; only the last line tells.
  const hasEnded = lines.length === outcomes.length + 1;
  const error = hasEnded ? null : (why ?? "the extension host died before the last check");
  onOutcome({ name: "the suite in the extension host comes to its end", error });
}
