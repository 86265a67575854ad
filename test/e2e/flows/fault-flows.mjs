import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  adapterProcesses,
  consoleLine,
  pause,
  pauseOnce,
  showDebugViews,
  stackRow,
  stopDebugging,
  toolbarButton,
} from "./debug-view.mjs";
import { writeLaunch } from "../fixtures/cargo-project.mjs";
import { changeSettings, notification, runCommand } from "./workbench.mjs";

const prebuilt = resolve(import.meta.dirname, "../../../samples/prebuilt");

/** What goes wrong around a session, in a project. */
export const faultFlows = [
  [
    "an adapter that is killed while the firmware runs ends its session with a message, and F5 works again",
    async ({ page, workspace, extensions }) => {
      writeLaunch(workspace);
      await runCommand(page, "View: Show Run and Debug");
      await page.locator(".start-debug-action-item").filter({ hasText: "blink" }).waitFor();
      await page.keyboard.press("F5");
      await toolbarButton(page, "Pause").waitFor();
      adapterProcesses(extensions).forEach((pid) => process.kill(pid, "SIGKILL"));
      await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
      await notification(
        page,
        /The debug adapter of "blink" has ended unexpectedly, by a signal; start the session again/,
      );
      await runCommand(page, "Notifications: Clear All Notifications");
      await page.keyboard.press("F5");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Call Stack"]);
      await pause(page);
      await stackRow(page, /^blink_task/).waitFor();
    },
  ],
  [
    "firmware that is built anew under a session is told of, and a restart loads it",
    async ({ page, workspace, screenshot }) => {
      copyFileSync(join(prebuilt, "deadlock-bad-release.elf"), join(workspace, "target/blink"));
      await toolbarButton(page, "Continue").click();
      await toolbarButton(page, "Pause").waitFor();
      await pause(page);
      await runCommand(page, "Debug Console: Focus on Debug Console View");
      await consoleLine(
        page,
        /has changed since it was loaded; this session goes on with what was/,
      ).waitFor();
      await stackRow(page, /^blink_task/).waitFor();
      await screenshot("debug-rebuilt");
      await toolbarButton(page, "Restart").click();
      await consoleLine(page, /has been built anew since it was loaded; this is the new one/).waitFor();
      // Its tasks are there once it has waited for its crystal.
      const isOther = async () => (await stackRow(page, /^sensor_task/).count()) > 0;
      await pauseOnce(page, isOther, "the new firmware does not run");
      await stopDebugging(page);
    },
  ],
  [
    "a file that is no firmware is refused in a sentence, and no session stays",
    async ({ page, workspace, extensions }) => {
      copyFileSync(join(workspace, "Cargo.toml"), join(workspace, "target/blink"));
      await page.keyboard.press("F5");
      await page
        .locator(".monaco-dialog-box")
        .getByText(/blink is not an ELF file/)
        .waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
      if (adapterProcesses(extensions).length > 0) throw new Error("an adapter is left");
    },
  ],
  [
    "a missing cargo is told with the remedy",
    async ({ page, workspace, screenshot }) => {
      changeSettings(workspace, {
        "pollscope.cargo.path": "/nowhere/cargo",
        "window.commandCenter": false,
      });
      await page.locator(".command-center").waitFor({ state: "detached" });
      await page.keyboard.press("F5");
      await notification(
        page,
        "There is no cargo here (tried /nowhere/cargo); install Rust from https://rustup.rs, or set pollscope.cargo.path",
      );
      await screenshot("debug-no-cargo");
    },
  ],
];
