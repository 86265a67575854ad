// What the editor shows of layouts, as a person sees it.
import { eventually } from "./debug-view.mjs";
import { runCommand, tab } from "./workbench.mjs";

/** Opens a file of the workspace by its name. */
export async function openSource(page, name) {
  await runCommand(page, "Go to File...");
  await page.keyboard.type(name);
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await rows.filter({ hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await tab(page, name).waitFor();
  await page.locator(".editor-instance .monaco-editor.focused .view-line").first().waitFor();
}

/** A lens over a function, once it says so. */
export async function lens(page, text) {
  const found = page.locator(".codelens-decoration a").filter({ hasText: text }).first();
  await found.waitFor();
  return found;
}

/** Waits until no lens is left. */
export async function noLens(page) {
  const isGone = async () => (await page.locator(".codelens-decoration a").count()) === 0;
  await eventually(page, isGone, () => "lenses are still there");
}

/** A row of the view of async memory. */
export function memoryRow(page, text) {
  return page
    .locator(
      '.pane[aria-label^="Async Memory"] .monaco-list-row, .pane:has(.pane-header:has-text("Async Memory")) .monaco-list-row',
    )
    .filter({ hasText: text })
    .first();
}
