// What the editor shows of layouts, as a person sees it.
import { eventually } from "./debug-view.mjs";

/** A lens over a function, once it says so. */
export async function lens(page, text) {
  const found = page.locator(".codelens-decoration a").filter({ hasText: text }).first();
  await found.waitFor();
  return found;
}

/** Waits until no lens tells of a future. */
export async function noLens(page) {
  const isGone = async () =>
    (await page
      .locator(".codelens-decoration a")
      .filter({ hasText: /^future / })
      .count()) === 0;
  await eventually(isGone, () => "lenses are still there");
}

/** A row of the view of async memory. */
export function memoryRow(page, text) {
  return page
    .locator('.pane:has(.pane-header[aria-label^="Async Memory"]) .monaco-list-row')
    .filter({ hasText: text })
    .first();
}
