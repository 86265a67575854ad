import { dirname, join } from "node:path";
import { changeSettings, openQuickly, runCommand, tab } from "./workbench.mjs";

const HELD = /`guard` is a std::sync::MutexGuard and is held across an await/;

/** Lints as a person meets them, in a workspace of two folders with settings of their own. */
export const lintFlows = [
  [
    "a guard that is no longer dropped is found while one types",
    async ({ page, screenshot }) => {
      await openQuickly(page, "right.rs");
      await runCommand(page, "Problems: Focus on Problems View");
      await page.locator(".markers-panel").waitFor();
      await goTo(page, "right.rs", 6);
      await runCommand(page, "Delete Line");
      await problemRow(page).waitFor();
      await screenshot("lint-found");
    },
  ],
  [
    "half-typed code has no findings of what it was, and taking it back brings them back",
    async ({ page }) => {
      await goTo(page, "right.rs", 5);
      await runCommand(page, "Insert Line Below");
      await page.keyboard.type("if (");
      await problemRow(page).waitFor({ state: "detached" });
      await runCommand(page, "Delete Line");
      await problemRow(page).waitFor();
    },
  ],
  [
    "a quick fix drops it before the await, and the finding goes",
    async ({ page, screenshot }) => {
      await goTo(page, "right.rs", 4, 14);
      await page.keyboard.press("Control+.");
      const fix = page
        .locator(".action-widget .monaco-list-row")
        .filter({ hasText: "Drop `guard` before the await" });
      await fix.waitFor();
      await screenshot("lint-fixes");
      await fix.click();
      await problemRow(page).waitFor({ state: "detached" });
      await page.locator(".editor-instance .view-lines").getByText("drop(guard);").first().waitFor();
    },
  ],
  [
    "a file with Windows' line ends has its finding in the other folder",
    async ({ page }) => {
      await openQuickly(page, "wrong.rs");
      await problemRow(page).waitFor();
    },
  ],
  [
    "settings of that folder hold at once, and only there",
    async ({ page, workspace }) => {
      const wrong = join(dirname(workspace), "wrong");
      changeSettings(wrong, { "pollscope.lints.severities": { "guard-across-await": "off" } });
      await problemRow(page).waitFor({ state: "detached" });
      await goTo(page, "right.rs", 6);
      await runCommand(page, "Delete Line");
      await problemRow(page).waitFor();
      changeSettings(wrong, { "pollscope.lints.enabled": true });
      await page.locator(".markers-panel .monaco-list-row").filter({ hasText: HELD }).nth(1).waitFor();
    },
  ],
  [
    "the explanation of a lint opens as a page",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Explain a Lint");
      await page
        .locator(".quick-input-list .monaco-list-row")
        .filter({ hasText: "guard-across-await" })
        .first()
        .click();
      await tab(page, "Preview guard-across-await.md").waitFor();
      await screenshot("lint-page");
    },
  ],
];

/** A row of the Problems panel. */
function problemRow(page) {
  return page.locator(".markers-panel .monaco-list-row").filter({ hasText: HELD }).first();
}

/** Puts the cursor into a line of a file that is open. */
async function goTo(page, file, line, column = 1) {
  await openQuickly(page, file);
  await page.keyboard.press("Control+G");
  await page.locator(".quick-input-widget input.input").first().fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await page.locator(".part.statusbar").getByText(`Ln ${line}, Col ${column}`, { exact: true }).waitFor();
  // On a busy machine keys that are pressed at once would still go to the box that the line was typed into.
  await page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
}
