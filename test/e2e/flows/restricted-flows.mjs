import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { adapterProcesses } from "./debug-view.mjs";
import { openFile, openQuickly, runCommand, searchPalette, tracePage } from "./workbench.mjs";

export const restrictedFlows = [
  [
    "in a restricted workspace a trace opens, and nothing can be run",
    async ({ page }) => {
      await openOnceKnown(page, "cut-off.pollscope");
      await tracePage(page).getByText("65,536 lines", { exact: true }).waitFor();
      const row = await searchPalette(page, "Pollscope: Trace a Sample");
      await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
      assert.equal(await row.count(), 0);
    },
  ],
];

/** F5 in a project that nobody has said to trust. */
export const restrictedProjectFlows = [
  [
    "in a restricted project F5 runs nothing, neither cargo nor firmware",
    async ({ page, workspace, extensions, screenshot }) => {
      await openQuickly(page, "main.rs");
      await page.keyboard.press("F5");
      // VS Code itself asks whether to trust the folder before it starts any debugger.
      const question = page.locator(".monaco-dialog-box");
      await question.waitFor();
      await screenshot("debug-restricted");
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "detached" });
      assert.deepEqual(adapterProcesses(extensions), []);
      assert.equal(existsSync(join(workspace, "target/built.txt")), false);
    },
  ],
];

/** Opens a file again until the workbench knows the extension's editor, and not as an unknown binary file. */
async function openOnceKnown(page, name) {
  const placeholder = page.locator(".monaco-editor-pane-placeholder");
  const webview = page.locator("iframe.webview:visible");
  for (;;) {
    await openFile(page, name);
    await webview.or(placeholder).first().waitFor();
    if (!(await placeholder.isVisible())) return;
    await runCommand(page, "View: Close Editor");
    await placeholder.waitFor({ state: "hidden" });
  }
}
