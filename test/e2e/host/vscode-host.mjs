// A real VS Code: its server on the loopback interface, its workbench in a headless Chromium.
// Everything lives in a folder of its own that goes away with it.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { URLSearchParams } from "node:url";
import { CHROMIUM, NODE, SERVER, VSCODE } from "./requirements.mjs";

const START_TIMEOUT = 60_000;

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "window.confirmBeforeClose": "never",
  "workbench.reduceMotion": "on",
  "editor.accessibilitySupport": "off",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

/**
 * Starts VS Code.
 * @param options.workspace    the folder to open, or the file of a workspace of several; none for an empty window
 * @param options.extensions   the folder of the installed extensions
 * @param options.development  the folder of an extension under development, which tests need
 * @param options.tests        a module with `run()`, as `@vscode/test-electron` takes it
 * @param options.isRestricted whether the workspace is one that is not trusted
 * @param options.environment  variables for the extension host
 * @param options.settings     the user's settings, beside those that keep VS Code quiet
 * @param options.isQuiet      whether to keep VS Code from asking and telling what no test asked for
 * @param options.viewport     the size of the window
 * @returns the page, what the tests ended with, and `stop`
 */
export async function startVsCode(options) {
  const { chromium } = await import("playwright-core");
  const folder = mkdtempSync(join(tmpdir(), "pollscope-e2e-"));
  const server = await startServer(folder, options);
  const context = await chromium.launchPersistentContext(join(folder, "chromium"), {
    executablePath: CHROMIUM,
    headless: true,
    viewport: options.viewport ?? { width: 1400, height: 900 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-sync",
    ],
  });
  await context.addInitScript(keepServiceWorker);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(45_000);
  const messages = [];
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  let endTests;
  const testsEnded = new Promise((resolve) => {
    endTests = resolve;
  });
  // The workbench calls these two when the tests of an extension log or end.
  await page.exposeFunction("codeAutomationExit", (code) => endTests({ code }));
  await page.exposeFunction("codeAutomationLog", () => undefined);
  page.on("crash", () => endTests({ code: 1, why: "the page crashed" }));
  server.process.on("exit", () => endTests({ code: 1, why: "the server ended" }));
  await page.goto(server.url);
  const stop = async () => {
    await context.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  return { page, context, messages, testsEnded, stop };
}

/**
 * Runs in each page. Every webview registers its service worker anew and looks for a newer one before it loads. Chromium
 * puts that off while it is busy, beside a page that is drawn all the time for most of a minute; this server has only one.
 */
function keepServiceWorker() {
  const { ServiceWorkerContainer: container, ServiceWorkerRegistration: registration } = globalThis;
  if (container === undefined) return;
  const { register } = container.prototype;
  container.prototype.register = async function (...words) {
    const known = this.controller === null ? undefined : await this.getRegistration();
    return known ?? register.apply(this, words);
  };
  registration.prototype.update = function () {
    return Promise.resolve(this);
  };
}

/**
 * The server's dependencies are ordinary entries of our lock file and Node finds them, but the browser asks for
 * them below the server's own folder.
 */
function linkDependencies() {
  const link = join(VSCODE, "node_modules");
  if (!existsSync(link)) symlinkSync("../../..", link);
}

/** VS Code's server with its page, and no browser. */
export async function startServer(folder, options) {
  const { workspace, extensions, development, tests, settings: own = {} } = options;
  const { isRestricted = false, environment = {}, isQuiet = true } = options;
  linkDependencies();
  const data = join(folder, "data");
  mkdirSync(join(data, "User"), { recursive: true });
  // The server leaves sockets in its temporary folder.
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const quiet = isQuiet ? { ...SETTINGS, "security.workspace.trust.enabled": isRestricted } : {};
  const settings = { ...quiet, ...own };
  writeFileSync(join(data, "User", "settings.json"), JSON.stringify(settings));
  // Who reaches the server gets a shell, so even on the loopback interface it wants a token.
  const token = randomBytes(24).toString("hex");
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const words = [
    ...["--host", "127.0.0.1", "--port", "0", "--connection-token-file", tokenFile],
    ...["--server-data-dir", folder, "--extensions-dir", extensions, "--accept-server-license-terms"],
    ...["--telemetry-level", "off"],
    ...(isQuiet ? ["--enable-remote-auto-shutdown"] : []),
    // Without this the built workbench ignores the extension and the tests of the address below.
    ...(development === undefined ? [] : ["--enable-smoke-test-driver"]),
    ...(isRestricted || !isQuiet ? [] : ["--disable-workspace-trust"]),
  ];
  // It leads a process group of its own (server, extension host, file watcher): all end together.
  const server = spawn(NODE, [SERVER, ...words], {
    env: { ...inherited(), ...environment, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const kill = (signal) => {
    if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid, signal);
  };
  const killAtExit = () => kill("SIGKILL");
  process.once("exit", killAtExit);
  const authority = `127.0.0.1:${await listeningPort(server, join(folder, "server.log"))}`;
  const remote = (path) => `vscode-remote://${authority}${resolve(path)}`;
  const payload = [];
  if (development !== undefined) payload.push(["extensionDevelopmentPath", remote(development)]);
  if (tests !== undefined) payload.push(["extensionTestsPath", remote(tests)]);
  const query = new URLSearchParams({
    tkn: token,
    ...whatToOpen(workspace),
    ...(payload.length > 0 && { payload: JSON.stringify(payload) }),
  });
  const stop = async () => {
    const ended = new Promise((done) => server.once("exit", done));
    kill("SIGTERM");
    const impatience = setTimeout(kill, 5000, "SIGKILL");
    if (server.exitCode === null && server.signalCode === null) await ended;
    clearTimeout(impatience);
    process.off("exit", killAtExit);
  };
  return { process: server, url: `http://${authority}/?${query}`, stop };
}

function whatToOpen(workspace) {
  if (workspace === undefined) return { ew: "true" };
  return { [workspace.endsWith(".code-workspace") ? "workspace" : "folder"]: resolve(workspace) };
}

/** Installs a packaged extension into a folder of extensions, as a user's VS Code would. */
export function installExtension(vsix, extensions) {
  linkDependencies();
  const words = [
    "--install-extension",
    vsix,
    "--extensions-dir",
    extensions,
    "--server-data-dir",
    `${extensions}-data`,
  ];
  execFileSync(NODE, [SERVER, ...words, "--accept-server-license-terms"], {
    env: inherited(),
    stdio: "pipe",
  });
}

/** A small, explicit environment: the extension host inherits it. */
function inherited() {
  const names = ["PATH", "HOME", "LANG", "USER", "SHELL"];
  return Object.fromEntries(
    names.filter((name) => process.env[name]).map((name) => [name, process.env[name]]),
  );
}

/** The port that the system has chosen, from the line in which the server names it. */
function listeningPort(server, logFile) {
  const log = createWriteStream(logFile);
  let said = "";
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`VS Code's server ${why}:\n${said}`));
    const timeout = setTimeout(fail, START_TIMEOUT, "did not start in time");
    const onData = (data) => {
      log.write(data);
      if (said.length < 100_000) said += data;
      const port = /Extension host agent listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timeout);
      resolve(Number(port));
    };
    server.stdout.on("data", onData);
    server.stderr.on("data", onData);
    server.once("exit", (code) => {
      clearTimeout(timeout);
      fail(`ended with ${code}`);
    });
  });
}
