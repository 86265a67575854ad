import {
  debugSample,
  pauseOnceDeadlocked,
  showDebugViews,
  stackRow,
  stopDebugging,
  toolbarButton,
  widenSideBar,
} from "./debug-view.mjs";
import { changeSettings, runCommand } from "./workbench.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";

/** Pictures of a session that stands still in a deadlock, in each theme and in a narrow window. */
export const debugLookFlows = [
  [
    "a deadlock is debugged for pictures",
    async ({ page }) => {
      await page.setViewportSize({ width: 1240, height: 600 });
      await debugSample(page, "deadlock-bad", "release build");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Variables", "Call Stack"]);
      await pauseOnceDeadlocked(page);
      await runCommand(page, "View: Hide Panel");
      await widenSideBar(page, 392);
      await stackRow(page, /^core 0/)
        .locator(".monaco-tl-twistie")
        .click();
      await stackRow(page, /^sensor_task/)
        .locator(".monaco-tl-twistie")
        .click();
      await stackRow(page, /^deadlock_bad::sensor_task/).click();
      await page.locator(".debug-variables").getByText("bus", { exact: false }).first().waitFor();
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, label, className }) => [
    `pictures of a debug session in the theme ${name}`,
    async ({ page, workspace, screenshot }) => {
      const quiet = { "editor.minimap.enabled": false, "breadcrumbs.enabled": false, "editor.fontSize": 11 };
      changeSettings(workspace, { "workbench.colorTheme": label, ...quiet });
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      await page.locator(".breadcrumbs-control").waitFor({ state: "hidden" });
      await page.locator(".part.statusbar").hover();
      await screenshot(`debug-${name}`);
      await stackRow(page, /^sensor_task/).hover();
      await stackRow(page, /^sensor_task/)
        .getByRole("button", { name: /Why Is This Task Not Running/ })
        .click();
      await page
        .locator(".quick-input-list .monaco-list-row")
        .filter({ hasText: /deadlock\s*sensor_task waits for mutex LOG held by upload_task/ })
        .waitFor();
      await screenshot(`debug-why-${name}`);
      await page.keyboard.press("Escape");
    },
  ]),
  [
    "pictures of a debug session in a narrow window",
    async ({ page, screenshot }) => {
      await page.setViewportSize({ width: 720, height: 700 });
      await toolbarButton(page, "Step to Next Poll").waitFor();
      await screenshot("debug-narrow");
      await stopDebugging(page);
    },
  ],
];
