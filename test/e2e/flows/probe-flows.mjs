// A debug probe with a board behind it: probe-rs is a stand-in whose board is an emulated Pico, of which VS Code's side
// learns nothing but through its gdb server.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  eventually,
  nextStop,
  showDebugViews,
  stackRow,
  stepTo,
  stopDebugging,
  stopped,
  stoppedAtLine,
  toggleBreakpoint,
  toolbarButton,
} from "./debug-view.mjs";
import { notification, runCommand, tracePage } from "./workbench.mjs";

const root = resolve(import.meta.dirname, "../../..");

/** Puts the stand-in where cargo puts probe-rs. */
export function writeProbeRs(workspace) {
  const home = join(workspace, "target/cargo-home");
  mkdirSync(join(home, "bin"), { recursive: true });
  rmSync(join(home, "bin/probe-rs"), { force: true });
  symlinkSync(join(root, "test/flash/fake-tools/probe-rs.mjs"), join(home, "bin/probe-rs"));
  behave(workspace, "no probe");
  return { CARGO_HOME: home };
}

const binOf = (workspace) => join(workspace, "target/cargo-home/bin");

function behave(workspace, mode) {
  const behaviour = { mode, pollscope: join(root, "dist/pollscope.js") };
  writeFileSync(join(binOf(workspace), "behaviour.json"), JSON.stringify(behaviour));
  writeFileSync(join(binOf(workspace), "asked.jsonl"), "");
}

/** What the stand-in was asked to do: `download`, `gdb`. */
function asked(workspace) {
  const lines = readFileSync(join(binOf(workspace), "asked.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line)[0]);
}

/** The line that stores the count of heartbeats; the two behind it await. */
const BEAT = 45;

export const probeFlows = [
  [
    "Flash and Debug without a probe says what is missing",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Flash and Debug");
      await choose(page, "blink");
      await notification(page, "No debug probe is attached; connect one to SWCLK, SWDIO and GND of the Pico");
      await screenshot("probe-none");
      await clear(page);
    },
  ],
  [
    "with a probe it flashes, and stops where main begins on the board",
    async ({ page, workspace, screenshot }) => {
      behave(workspace, "works");
      await flashAndDebug(page);
      await stopped(page);
      await showDebugViews(page, ["Variables", "Call Stack"]);
      await stackRow(page, /^main · running/).waitFor();
      await runCommand(page, "Pollscope: Show Timeline");
      await tracePage(page).getByText("On a board nobody sees what happens while it runs").waitFor();
      await screenshot("probe-main");
      const commands = asked(workspace).filter((command) => command !== "list");
      assert.deepEqual(commands, ["download", "gdb"]);
    },
  ],
  [
    "a breakpoint stops in a task, and the others tell what they wait for",
    async ({ page, screenshot }) => {
      await toggleBreakpoint(page, BEAT);
      await nextStop(page, () => toolbarButton(page, "Continue").click(), /breakpoint/);
      await stoppedAtLine(page, BEAT);
      await stackRow(page, /^heartbeat_task · running/).waitFor();
      await stackRow(page, /^blink_task · suspended \d/).waitFor();
      await screenshot("probe-breakpoint");
    },
  ],
  [
    "steps go over an await that suspends, while the board runs on",
    async ({ page, screenshot }) => {
      for (const line of [BEAT + 1, BEAT + 2]) {
        await toolbarButton(page, "Step Over").click();
        await stoppedAtLine(page, line);
      }
      // What was asked for in between was of an earlier stop: that must not stay.
      await page.locator(".debug-variables").getByText("Locals").waitFor();
      await screenshot("probe-step-over");
    },
  ],
  [
    "steps go to the next poll and to its end; a wake is refused with a reason",
    async ({ page, screenshot }) => {
      await stepTo(page, "Step to End of This Poll", /ends/);
      await stepTo(page, "Step to Next Poll", /begins/);
      await runCommand(page, "Pollscope: Step to Next Wake");
      await notification(page, "wake");
      await screenshot("probe-steps");
      await clear(page);
      await stopDebugging(page);
    },
  ],
  [
    "the probe can be used again; a server that dies ends the session with a reason",
    async ({ page, workspace, screenshot }) => {
      behave(workspace, "works");
      await flashAndDebug(page);
      await stopped(page);
      await toggleBreakpoint(page, BEAT);
      await toolbarButton(page, "Continue").click();
      behave(workspace, "unplugged");
      await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
      await runCommand(page, "Debug Console: Focus on Debug Console View");
      const console = page.locator(".repl .monaco-list-rows");
      const said = async () =>
        (await console.innerText()).includes("has gone; check that the probe is plugged in");
      await eventually(said, () => "the Debug Console does not say what happened");
      await screenshot("probe-gone");
    },
  ],
];

async function flashAndDebug(page) {
  await runCommand(page, "Pollscope: Flash and Debug");
  const probe = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Debugprobe on Pico" });
  await probe.first().click();
}

async function choose(page, name) {
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: name }).first().click();
}

async function clear(page) {
  await runCommand(page, "Notifications: Clear All Notifications");
}
