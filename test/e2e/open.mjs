// `npm run vscode`: VS Code with the extension from this folder and the samples open, to try things by hand.
// The desktop's VS Code if `code` is on the path; else, or with `--browser`, its server on the loopback interface, for
// any browser here.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { missingServer } from "./host/requirements.mjs";
import { startServer } from "./host/vscode-host.mjs";
import { missingBuild } from "./stage.mjs";

const CANNOT_RUN = 3;
const root = resolve(import.meta.dirname, "../..");
const samples = join(root, "samples");

const missing = missingBuild();
if (missing !== undefined) giveUp(missing);
if (process.argv.includes("--browser") || !hasDesktop()) await openServer();
else openDesktop();

function hasDesktop() {
  return spawnSync("code", ["--version"], { shell: process.platform === "win32" }).status === 0;
}

function openDesktop() {
  const words = [`--extensionDevelopmentPath=${root}`, samples];
  spawn("code", words, { stdio: "inherit", shell: process.platform === "win32" });
}

async function openServer() {
  const missing = missingServer();
  if (missing !== undefined) giveUp(`there is no \`code\` on the path; install VS Code, or ${missing}`);
  const folder = mkdtempSync(join(tmpdir(), "pollscope-vscode-"));
  const extensions = join(folder, "extensions");
  mkdirSync(extensions);
  symlinkSync(root, join(extensions, "pollscope.pollscope"), "junction");
  const server = await startServer(folder, { workspace: samples, extensions, isQuiet: false });
  console.log(`Open this in a browser on this machine; Ctrl+C ends it.\n\n    ${server.url}\n`);
  process.once("SIGINT", () => {
    void server.stop().then(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  });
}

function giveUp(why) {
  console.error(`VS Code cannot be opened: ${why}.`);
  process.exit(CANNOT_RUN);
}
