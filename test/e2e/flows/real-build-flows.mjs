import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  lineWith,
  showDebugViews,
  stackRow,
  stopDebugging,
  stoppedAtLine,
  toolbarButton,
} from "./debug-view.mjs";
import { notification, openQuickly, runCommand } from "./workbench.mjs";

/** Cargo links in a second or two, and compiles anew what the target folder lacks. */
const BUILD = { timeout: 240_000 };

/** The attribute writes the function that main is compiled to, and the compiler gives it the line of the attribute. */
const MAIN = lineWith("blink/src/main.rs", "#[embassy_executor::main]");

/** F5 with the real cargo and compiler for the Pico, in a virtual workspace of many programs. */
export const realBuildFlows = [
  [
    "F5 in a virtual workspace asks which program is meant, builds it with progress, and stops at main",
    async ({ page, workspace, screenshot }) => {
      writeLaunch(workspace, { stopOnEntry: true, cargo: {} });
      await openQuickly(page, "blink/src/main.rs");
      await runCommand(page, "View: Show Run and Debug");
      await page.locator(".start-debug-action-item").filter({ hasText: "built here" }).waitFor();
      await page.locator('[id="status.notifications"]').click();
      await page.keyboard.press("F5");
      await page.getByPlaceholder(/^Remembered for this folder/).fill("blink");
      await page
        .locator(".quick-input-list .monaco-list-row")
        .filter({ hasText: /^blink/ })
        .first()
        .click();
      const progress = page.locator(".notification-list-item").filter({ hasText: /Building blink/ });
      await progress.filter({ hasText: /\d+ of \d+ crates/ }).waitFor(BUILD);
      await screenshot("debug-building");
      await toolbarButton(page, "Continue").waitFor(BUILD);
      await stoppedAtLine(page, MAIN);
      await showDebugViews(page, ["Variables", "Call Stack"]);
      await stackRow(page, /^blink::main/)
        .first()
        .waitFor();
      await screenshot("debug-built");
      await stopDebugging(page);
    },
  ],
  [
    "a type error is in Problems with its cause, and no session starts; corrected, F5 builds again",
    async ({ page, screenshot }) => {
      await openQuickly(page, "blink/src/main.rs");
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("Control+End");
      await page.keyboard.type('const WRONG: u32 = "many";');
      await runCommand(page, "File: Save");
      await page.keyboard.press("F5");
      const problem = page.locator(".markers-panel .monaco-list-row").filter({ hasText: "mismatched types" });
      await problem.filter({ hasText: "E0308" }).waitFor(BUILD);
      await notification(page, "The firmware does not build: 1 error");
      await screenshot("debug-type-error");
      await runCommand(page, "Notifications: Clear All Notifications");
      await openQuickly(page, "blink/src/main.rs");
      await page.keyboard.press("Control+End");
      await page.keyboard.press("Shift+Home");
      await page.keyboard.press("Delete");
      await runCommand(page, "File: Save");
      await page.keyboard.press("F5");
      await toolbarButton(page, "Continue").waitFor(BUILD);
      await runCommand(page, "Problems: Focus on Problems View");
      await page.locator(".markers-panel").getByText("No problems have been detected").waitFor();
      await stopDebugging(page);
    },
  ],
];

function writeLaunch(workspace, members) {
  const configuration = { type: "pollscope", request: "launch", name: "built here", ...members };
  const text = JSON.stringify({ version: "0.2.0", configurations: [configuration] }, null, 2);
  mkdirSync(join(workspace, ".vscode"), { recursive: true });
  writeFileSync(join(workspace, ".vscode/launch.json"), text);
}
