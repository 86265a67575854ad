// node test/e2e/run.mjs ["suite", or PART OF A FLOW'S NAME]: see README.md.
// Exit status: 0 all passed; 1 some failed; 3 this machine cannot run them.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { missingRequirement } from "./host/requirements.mjs";
import { checkOpen } from "./open-check.mjs";
import { missingBuild, stage } from "./stage.mjs";
import { runFlows } from "./flows/run-flows.mjs";
import { runSuite } from "./suite/run-suite.mjs";
import { tallied } from "./tally.mjs";

const CANNOT_RUN = 3;

const missing = missingRequirement() ?? missingBuild();
if (missing !== undefined) {
  console.error(`The end-to-end tests cannot run here: ${missing}.`);
  process.exit(CANNOT_RUN);
}

const staged = await stage();
const report = join(staged.folder, "report.jsonl");
const wanted = process.argv[2] ?? "";
const { onOutcome, onNotRun, onSecondAttempt, conclude } = tallied();
try {
  if ("suite".includes(wanted)) await runSuite({ ...staged, report, onOutcome });
  await checkOpen({ wanted, onOutcome });
  await runFlows({ ...staged, wanted, onOutcome, onNotRun, onSecondAttempt });
} finally {
  rmSync(staged.folder, { recursive: true, force: true });
}
conclude();
