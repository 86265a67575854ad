// node test/e2e/run.mjs [PART OF A CHECK'S NAME]: see README.md.
// Exit status: 0 all passed; 1 some failed; 3 this machine cannot run them.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { missingRequirement } from "./host/requirements.mjs";
import { missingBuild, stage } from "./stage.mjs";
import { runFlows } from "./flows/run-flows.mjs";
import { runSuite } from "./suite/run-suite.mjs";

const CANNOT_RUN = 3;

const missing = missingRequirement() ?? missingBuild();
if (missing !== undefined) {
  console.error(`The end-to-end tests cannot run here: ${missing}.`);
  process.exit(CANNOT_RUN);
}

const staged = await stage();
const report = join(staged.folder, "report.jsonl");
const tally = { passed: 0, failed: 0 };

/** Prints the outcome of one check and counts it. */
function onOutcome({ name, error }) {
  if (error === null) tally.passed++;
  else tally.failed++;
  console.log(error === null ? `ok    ${name}` : `FAIL  ${name}\n${indent(error)}`);
}

function indent(text) {
  return text.replace(/^/gm, "        ");
}

try {
  await runSuite({ ...staged, report, onOutcome });
  await runFlows({ ...staged, wanted: process.argv[2] ?? "", onOutcome });
} finally {
  rmSync(staged.folder, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
