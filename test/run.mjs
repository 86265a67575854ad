// `npm test`: runs every check of the project and closes with one line that counts them.
// A check that cannot run here is named, with what it needs; under CI that is a failure.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const isCi = (process.env.CI ?? "") !== "";
const counts = { passed: 0, failed: 0 };
const notRun = [];

/** Runs a command with its output shown; true if it succeeded. */
function run(title, command, args, options = {}) {
  const began = Date.now();
  process.stdout.write(`\n== ${title}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`== ${title}: ${status === 0 ? "done" : "FAILED"} in ${seconds} s\n`);
  return status === 0;
}

/** A check that either holds or does not. */
function check(title, script) {
  if (run(title, "npm", ["run", "--silent", script])) counts.passed++;
  else counts.failed++;
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

/**
 * Every sample and test firmware built from source, and compared with what is committed. That takes many minutes, of
 * which cargo keeps one processor busy for most: the other checks go on beside it. Returns what waits for its end.
 */
function samplesFromSource() {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-samples-"));
  const output = join(folder, "output.txt");
  const file = openSync(output, "w");
  const began = Date.now();
  const build = spawn("npm", ["run", "--silent", "samples", "--", "--check"], {
    cwd: root,
    stdio: ["ignore", file, file],
  });
  const ended = once(build, "close");
  return async () => {
    const [status] = await ended;
    closeSync(file);
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    process.stdout.write(`\n== Samples from source\n${readFileSync(output, "utf8")}`);
    process.stdout.write(`== Samples from source: ${status === 0 ? "done" : "FAILED"} in ${seconds} s\n`);
    rmSync(folder, { recursive: true });
    if (status === 0) counts.passed++;
    else counts.failed++;
  };
}

const samplesAreBuilt = isCi ? samplesFromSource() : undefined;
check("Types", "typecheck");
check("Lint", "lint");
check("Format", "format:check");
check("Build", "build:quiet");
// The tests of the samples run on what was built from source, too, if that is there.
await samplesAreBuilt?.();
unitTests();
endToEndTests();

for (const what of new Set(notRun)) process.stdout.write(`not run: ${what}\n`);
if (isCi) counts.failed += new Set(notRun).size;
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
