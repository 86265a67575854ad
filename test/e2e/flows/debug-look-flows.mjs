import {
  debugSample,
  lineWith,
  pauseOnce,
  showDebugViews,
  stackRow,
  stopDebugging,
  toolbarButton,
} from "./debug-view.mjs";
import { changeSettings, runCommand } from "./workbench.mjs";

const THEMES = [
  { name: "light", label: "Default Light Modern", className: "vs" },
  { name: "high-contrast", label: "Default High Contrast", className: "hc-black" },
  { name: "dark", label: "Default Dark Modern", className: "vs-dark" },
];

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
  ...THEMES.map(({ name, label, className }) => [
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

/** Drags the edge of the side bar, as a person does who wants to read whole rows. */
async function widenSideBar(page, width) {
  const { x, y, width: before, height } = await page.locator(".part.sidebar").boundingBox();
  await page.mouse.move(x + before, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width, y + height / 2, { steps: 5 });
  await page.mouse.up();
}

/** The deadlock comes at 0.84 s of the firmware's time. */
async function pauseOnceDeadlocked(page) {
  const line = lineWith("deadlock/src/bin/bad.rs", "@suspend sensor-log");
  const stuck = new RegExp(`suspended for .*bad.rs:${line}`);
  const task = stackRow(page, /^sensor_task/);
  const isDeadlocked = async () => (await task.count()) > 0 && stuck.test(await task.innerText());
  await pauseOnce(page, isDeadlocked, "there is no deadlock");
}
