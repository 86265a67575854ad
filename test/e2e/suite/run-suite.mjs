import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { startVsCode } from "../host/vscode-host.mjs";

const LIMIT = 180_000;

/** Runs the suite of this folder inside VS Code's extension host and tells of every check. */
export async function runSuite({ extension, workspace, report, onOutcome }) {
  writeFileSync(report, "");
  const host = await startVsCode({
    workspace,
    extension,
    tests: join(import.meta.dirname, "index.mjs"),
    environment: { POLLSCOPE_E2E_REPORT: report },
  });
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LIMIT, { why: `it took more than ${LIMIT / 1000} s` });
  });
  const { why } = await Promise.race([host.testsEnded, late]);
  clearTimeout(timer);
  await host.stop();
  const lines = readFileSync(report, "utf8").split("\n").filter(Boolean);
  const outcomes = lines.map((line) => JSON.parse(line)).filter(({ name }) => name !== undefined);
  outcomes.forEach(onOutcome);
  // An extension host that dies is reported like one that has done its work; only the last line tells.
  const hasEnded = lines.length === outcomes.length + 1;
  const error = hasEnded ? null : (why ?? "the extension host died before the last check");
  onOutcome({ name: "the suite in the extension host comes to its end", error });
}
