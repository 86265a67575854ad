#!/usr/bin/env node
// Stands in for the desktop's `code` where that cannot be downloaded: takes the words with which
// `@vscode/test-electron` starts it, and runs the tests in VS Code in a browser. Ends as the tests end.
import { parseArgs } from "node:util";
import { clearTimeout, setTimeout } from "node:timers";
import { startVsCode } from "./vscode-host.mjs";

const LIMIT = 240_000;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "extensions-dir": { type: "string" },
    "user-data-dir": { type: "string" },
  },
});

const host = await startVsCode({
  workspace: positionals[0],
  development: values.extensionDevelopmentPath,
  tests: values.extensionTestsPath,
  extensions: values["extensions-dir"],
  environment: ownVariables(),
});
let timer;
const late = new Promise((resolve) => {
  timer = setTimeout(resolve, LIMIT, { code: 1, why: `it took more than ${LIMIT / 1000} s` });
});
const { code, why } = await Promise.race([host.testsEnded, late]);
clearTimeout(timer);
await host.stop();
if (why !== undefined) console.error(why);
process.exitCode = code;

/** What the tests are told through the environment. */
function ownVariables() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("POLLSCOPE_")));
}
