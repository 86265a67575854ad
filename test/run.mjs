// `npm test`: runs every check of the project and closes with one line that counts them.
// A check that cannot run here is named, with what it needs; under CI that is a failure.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const isCi = (process.env.CI ?? "") !== "";
const counts = { passed: 0, failed: 0 };
const notRun = [];

/** Runs a command with its output shown; true if it succeeded. */
function run(title, command, args) {
  const began = Date.now();
  process.stdout.write(`\n== ${title}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  return concluded(title, status, began);
}

function concluded(title, status, began) {
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`== ${title}: ${status === 0 ? "done" : "FAILED"} in ${seconds} s\n`);
  return status === 0;
}

/** A check that either holds or does not. */
function check(title, script) {
  count(run(title, "npm", ["run", "--silent", script]));
}

function count(holds) {
  if (holds) counts.passed++;
  else counts.failed++;
}

/** Checks that know nothing of each other, so many at a time as there are processors; each tells what it printed at its end. */
async function checkSideBySide(checks) {
  const left = [...checks];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [title, script, ...args] = next;
      const began = Date.now();
      const npm = spawn("npm", ["run", "--silent", script, "--", ...args], { cwd: root, stdio: "pipe" });
      const printed = [];
      for (const stream of [npm.stdout, npm.stderr]) stream.on("data", (bytes) => printed.push(bytes));
      const [status] = await once(npm, "close");
      process.stdout.write(`\n== ${title}\n${Buffer.concat(printed).toString()}`);
      count(concluded(title, status, began));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

function unitTests() {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const succeeded = run("Tests", process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...reporters]);
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    counts.passed += numPassedTests;
    counts.failed += numFailedTests;
    for (const file of testResults) {
      // A file that fails to load has no test that could be counted.
      if (file.status === "failed" && file.assertionResults.length === 0) counts.failed++;
      for (const { status, fullName } of file.assertionResults) {
        if (status === "skipped" || status === "pending" || status === "todo") notRun.push(fullName);
      }
    }
  }
  if (!succeeded && counts.failed === 0) counts.failed++;
  rmSync(folder, { recursive: true });
}

/** The tests in a real VS Code need Chromium and packages of their own (test/e2e/README.md). */
function endToEndTests() {
  if (!existsSync(join(root, "test/e2e/host/node_modules"))) {
    notRun.push("end-to-end tests in VS Code: run `npm run e2e:install` first");
    return;
  }
  check("End to end in VS Code", "e2e");
}

// One sample from source, which the end-to-end tests build again, in the editor: the others' sources are compared with
// those that the committed ELFs were built from, and their build takes a quarter of an hour. The tests of the samples run on what was built here, too.
const one = ["--only", "blink", "--profile", "dev"];
const sampleFromSource = ["A sample from source", "samples", "--check", ...one, "samples"];
await checkSideBySide([
  ["Lint", "lint"],
  ["Build", "build:quiet"],
  ...(isCi ? [sampleFromSource] : []),
  ["Types", "typecheck"],
  ["Format", "format:check"],
]);
unitTests();
endToEndTests();

for (const what of new Set(notRun)) process.stdout.write(`not run: ${what}\n`);
if (isCi) counts.failed += new Set(notRun).size;
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
