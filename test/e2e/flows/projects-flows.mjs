import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pause, showDebugViews, stackRow, stopDebugging, toolbarButton } from "./debug-view.mjs";
import { openQuickly } from "./workbench.mjs";

/** F5 in a workspace of several folders: one without a project, and two projects. */
export const projectsFlows = [
  [
    "F5 asks which of several projects is meant when the active editor is in none",
    async ({ page }) => {
      await openQuickly(page, "idea.rs");
      await page.keyboard.press("F5");
      await page.getByPlaceholder(/^Remembered; the project of the file/).waitFor();
      const rows = page.locator(".quick-input-list .monaco-list-row");
      await rows.filter({ hasText: /^second/ }).waitFor();
      await rows.filter({ hasText: /^first/ }).click();
      await debugs(page, /^blink_task/);
    },
  ],
  [
    "F5 takes the project of the active editor",
    async ({ page }) => {
      await openQuickly(page, "second.rs");
      await page.keyboard.press("F5");
      await debugs(page, /^sensor_task/);
      await openQuickly(page, "first.rs");
      await page.keyboard.press("F5");
      await debugs(page, /^blink_task/);
    },
  ],
  [
    "each project was built in its own folder",
    async ({ workspace }) => {
      const folder = dirname(workspace);
      for (const name of ["first", "second"]) {
        const built = readFileSync(join(folder, name, "target/built.txt"), "utf8");
        if (built.trim() !== join(folder, name)) throw new Error(`${name} was built in ${built}`);
      }
    },
  ],
];

/** Waits until a task of the firmware can be seen, and ends the session. */
async function debugs(page, task) {
  await toolbarButton(page, "Pause").waitFor();
  await showDebugViews(page, ["Call Stack"]);
  await pause(page);
  await stackRow(page, task).first().waitFor();
  await stopDebugging(page);
}
