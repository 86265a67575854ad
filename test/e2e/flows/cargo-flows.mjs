import { stackRow, pause, stopDebugging, toolbarButton } from "./debug-view.mjs";
import { writeLaunch } from "../fixtures/cargo-project.mjs";
import { notification, openFile, runCommand } from "./workbench.mjs";

/** F5 in a project of two programs. */
export const cargoFlows = [
  [
    "F5 without a configuration asks which program is meant, builds it and debugs it",
    async ({ page, screenshot }) => {
      await page
        .locator(".explorer-viewlet .monaco-list-row")
        .filter({ has: page.getByText("src", { exact: true }) })
        .click();
      await openFile(page, "main.rs");
      // VS Code takes the debugger that the language of the editor with the focus has.
      await page.locator(".editor-instance .monaco-editor.focused .view-line").first().waitFor();
      await page.keyboard.press("F5");
      await choose(page, "blink");
      await toolbarButton(page, "Pause").waitFor();
      await runCommand(page, "View: Show Run and Debug");
      await pause(page);
      await stackRow(page, /^blink_task · /).waitFor();
      await stopDebugging(page);
      await screenshot("debug-cargo");
    },
  ],
  [
    "F5 again builds the same program without a question",
    async ({ page }) => {
      await page.keyboard.press("F5");
      await toolbarButton(page, "Pause").waitFor();
      await stopDebugging(page);
    },
  ],
  [
    "what does not compile is in the Problems panel, and no session starts",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Choose the Program to Debug");
      await choose(page, "broken");
      await page.keyboard.press("F5");
      const problem = page.locator(".markers-panel .monaco-list-row").filter({ hasText: "mismatched types" });
      await problem.filter({ hasText: "[Ln 2, Col 22]" }).waitFor();
      await notification(page, "The firmware does not build: 1 error");
      await screenshot("debug-problems");
      await runCommand(page, "Notifications: Clear All Notifications");
    },
  ],
  [
    "a launch configuration is run as it is written",
    async ({ page, workspace }) => {
      writeLaunch(workspace);
      await runCommand(page, "View: Show Run and Debug");
      await page.locator(".start-debug-action-item").filter({ hasText: "blink" }).waitFor();
      await page.keyboard.press("F5");
      await toolbarButton(page, "Pause").waitFor();
      await pause(page);
      await stackRow(page, /^blink_task · suspended .*main\.rs:31/).waitFor();
      await stopDebugging(page);
    },
  ],
];

async function choose(page, program) {
  await page.getByPlaceholder(/^Remembered for this folder/).waitFor();
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: program }).first().click();
}
