import assert from "node:assert/strict";
import { openFile, runCommand, searchPalette, tracePage } from "./workbench.mjs";

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
