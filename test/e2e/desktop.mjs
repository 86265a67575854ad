// node test/e2e/desktop.mjs: the suite in a desktop VS Code, as `@vscode/test-electron` downloads it (or VSCODE, its path).
// Exit status: 0 all passed; 1 some failed; 3 this machine cannot run them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from "@vscode/test-electron";
import { writeVsix } from "../../extension/packaging/vsix.mjs";
import { missingBuild, writeWorkspace } from "./stage.mjs";
import { runSuite } from "./suite/run-suite.mjs";
import { tallied } from "./tally.mjs";

const CANNOT_RUN = 3;

const missing = missingBuild() ?? missingDisplay();
if (missing !== undefined) giveUp(missing);
const executable = process.env.VSCODE ?? (await download());

const folder = mkdtempSync(join(tmpdir(), "pollscope-desktop-"));
const tally = tallied();
try {
  const extensions = join(folder, "extensions");
  await install(join(folder, "pollscope.vsix"), extensions);
  const workspace = join(folder, "workspace");
  await writeWorkspace(workspace, join(folder, "build"));
  const report = join(folder, "report.jsonl");
  await runSuite({ executable, extensions, workspace, report, onOutcome: tally.onOutcome });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
tally.conclude();

async function download() {
  try {
    return await downloadAndUnzipVSCode({ version: "stable" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return giveUp(`VS Code cannot be downloaded (${reason}); name one that is installed in VSCODE`);
  }
}

function missingDisplay() {
  if (process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return undefined;
  return "a desktop VS Code needs a display (`xvfb-run -a npm run e2e:desktop`)";
}

async function install(vsix, extensions) {
  await writeVsix(vsix);
  const [cli, ...words] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  const all = [...words, `--extensions-dir=${extensions}`, "--install-extension", vsix];
  const { status } = spawnSync(cli, all, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) giveUp(`${cli} could not install the extension`);
}

function giveUp(why) {
  console.error(`The tests in a desktop VS Code cannot run here: ${why}.`);
  process.exit(CANNOT_RUN);
}
