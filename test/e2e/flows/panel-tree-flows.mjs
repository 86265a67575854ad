import assert from "node:assert/strict";
import {
  debugSample,
  eventually,
  lineWith,
  nextStop,
  pauseOnceDeadlocked,
  stopDebugging,
  toolbarButton,
} from "./debug-view.mjs";
import { showAlone, showPanel } from "./panel-view.mjs";
import { changeSettings, runCommand, tab } from "./workbench.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";

/** Await Tree and Executor, on a session that ends in a deadlock. */
export const panelTreeFlows = [
  [
    "the await tree follows a run, down to what each task waits for",
    async ({ page }) => {
      await page.setViewportSize({ width: 1240, height: 900 });
      await debugSample(page, "deadlock-bad", "release build");
      await toolbarButton(page, "Pause").waitFor();
      const tree = await showAlone(page, "Await Tree", "await-tree");
      await row(tree, /blink_task\s+suspended/).waitFor();
      await tree.getByText(/^At .* running\.$/).waitFor();
      const instant = () => tree.locator(".tree-when").innerText();
      const before = await instant();
      await eventually(
        async () => (await instant()) !== before,
        () => "the tree does not follow the run",
      );
      await runCommand(page, "View: Show Run and Debug");
      await pauseOnceDeadlocked(page);
      await showPanel(page, "Await Tree", "await-tree");
      await row(tree, /Mutex::lock\s+mutex LOG held by upload_task/).waitFor();
      await tree.getByText(/^At [\d. ]+ s\.$/).waitFor();
    },
  ],
  [
    "keys walk through the tree, close and open it, and open the source",
    async ({ page }) => {
      const tree = await showPanel(page, "Await Tree", "await-tree");
      await row(tree, /\bblink_task\s+suspended/)
        .locator(".tree-name")
        .click();
      await tab(page, "bad.rs").waitFor();
      const focused = tree.locator("[role=treeitem]:focus");
      const isAt = (pattern) =>
        eventually(
          async () => pattern.test(await focused.innerText()),
          () => `the focus is not at ${pattern}`,
        );
      await row(tree, /\bblink_task\s+suspended/).focus();
      await page.keyboard.press("Home");
      const first = await focused.innerText();
      await page.keyboard.press("ArrowLeft");
      await tree.locator('[role=treeitem]:focus[aria-expanded="false"]').waitFor();
      await page.keyboard.press("ArrowRight");
      await tree.locator('[role=treeitem]:focus[aria-expanded="true"]').waitFor();
      await page.keyboard.press("ArrowRight");
      assert.equal(await focused.getAttribute("aria-level"), "2");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await focused.innerText(), first);
      await page.keyboard.type("upload_t");
      await isAt(/^\W*upload_task/);
      await page.keyboard.press("Home");
      await page.keyboard.type("sensor_t");
      await isAt(/^\W*sensor_task/);
      await page.keyboard.press("Enter");
      const line = lineWith("deadlock/src/bin/bad.rs", "@suspend sensor-log");
      await page.locator(`.statusbar-item:has-text("Ln ${line},")`).waitFor();
    },
  ],
  [
    "the filter leaves rows with its words, and why tasks are not running is a chain with a verdict",
    async ({ page }) => {
      const tree = await showPanel(page, "Await Tree", "await-tree");
      const filter = tree.getByRole("searchbox", { name: "Filter tasks and futures" });
      await filter.fill("bus");
      await row(tree, /\bupload_task\s+suspended/).waitFor();
      assert.equal(await row(tree, /\bblink_task\s+suspended/).count(), 0);
      await filter.fill("");
      await tree.getByRole("button", { name: "Why not running?" }).click();
      await row(tree, /deadlock\s+sensor_task waits for mutex LOG held by upload_task/)
        .first()
        .waitFor();
      assert.equal(await tree.getByRole("button", { name: "Why not running?", pressed: true }).count(), 1);
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, label, className }) => [
    `pictures of the await tree and the executor in the theme ${name}`,
    async ({ page, workspace, screenshot }) => {
      changeSettings(workspace, {
        "workbench.colorTheme": label,
        "editor.minimap.enabled": false,
        "breadcrumbs.enabled": false,
        "editor.fontSize": 11,
      });
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      const tree = await showAlone(page, "Await Tree", "await-tree");
      await page.locator(".part.statusbar").hover();
      await screenshot(`await-tree-why-${name}`);
      await tree.getByRole("button", { name: "Why not running?" }).click();
      await row(tree, /Mutex::lock/)
        .first()
        .waitFor();
      await screenshot(`await-tree-${name}`);
      await tree.getByRole("button", { name: "Why not running?" }).click();
      const executor = await showAlone(page, "Executor", "executor");
      await executor.locator(".when").scrollIntoViewIfNeeded();
      await screenshot(`executor-${name}`);
      await executor.locator(".reset").scrollIntoViewIfNeeded();
      await screenshot(`executor-power-${name}`);
    },
  ]),
  [
    "the executor tells queues, timers, memory and sleep, and reckons with what one puts in",
    async ({ page }) => {
      const executor = await showPanel(page, "Executor", "executor");
      await executor.getByText(/in thread mode/).waitFor();
      const timer = executor
        .getByRole("row")
        .filter({ has: executor.getByRole("button", { name: "blink_task" }) });
      await timer.filter({ hasText: /in [\d.]+ ms/ }).waitFor();
      const pool = executor.getByRole("row", { name: /^sensor_task .*\b1 of 1\b/ });
      await pool.waitFor();
      const current = executor.getByRole("row", { name: /^The last second/ });
      const before = await current.innerText();
      const awake = executor.getByLabel("Core asleep");
      await awake.fill("2");
      await awake.press("Enter");
      await eventually(
        async () => (await current.innerText()) !== before,
        () => "the estimate does not change",
      );
      await awake.fill("-3");
      await awake.press("Enter");
      await eventually(
        async () => (await awake.inputValue()) === "2",
        () => "a current below zero is taken",
      );
      await executor.getByRole("button", { name: "Reset the assumptions" }).click();
      await eventually(
        async () => (await current.innerText()) === before,
        () => "the assumptions are not reset",
      );
    },
  ],
  [
    "a task that is just being woken stands first in the run queue",
    async ({ page, screenshot }) => {
      await nextStop(page, () => toolbarButton(page, "Step to Next Wake").click(), /blink_task woken/);
      const executor = await showAlone(page, "Executor", "executor");
      const queue = executor.getByRole("list", { name: "In the next round" });
      await queue.getByText(/blink_task\s+woken by TIMER_IRQ_0 at this instant/).waitFor();
      await executor.locator(".when").scrollIntoViewIfNeeded();
      await screenshot("executor-wake-dark");
    },
  ],
  [
    "pictures of both in a narrow side bar, and what was seen last stays when the session ends",
    async ({ page, screenshot }) => {
      const tree = await showAlone(page, "Await Tree", "await-tree", 400);
      await screenshot("await-tree-narrow");
      const executor = await showAlone(page, "Executor", "executor", 400);
      await executor.locator(".when").scrollIntoViewIfNeeded();
      await screenshot("executor-narrow");
      await stopDebugging(page);
      await executor.getByText(/the session has ended/).waitFor();
      await showPanel(page, "Await Tree", "await-tree");
      await tree.getByText(/the session has ended/).waitFor();
    },
  ],
];

/** A row of the tree by how its text begins. */
function row(tree, pattern) {
  return tree.getByRole("treeitem").filter({ hasText: pattern });
}
