// VS Code's user interface, as a person uses it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Waits until the workbench is there. */
export async function workbenchReady(page, { isEmpty = false } = {}) {
  await page.locator(".part.statusbar").waitFor();
  if (isEmpty) return;
  await page.locator(".explorer-viewlet .monaco-list-row").first().waitFor();
}

/** Waits until the workbench knows what the extension brings. */
export async function extensionReady(page) {
  await paletteRow(page, "Pollscope: Trace a Sample");
  await page.keyboard.press("Escape");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Opens a file of the workspace from the explorer, in a tab that stays. A row that is just drawn anew misses a click. */
export async function openFile(page, name) {
  const rows = page.locator(".explorer-viewlet .monaco-list-row");
  const row = rows.filter({ has: page.getByText(name, { exact: true }) });
  await attempted(3, async () => {
    await row.dblclick();
    await tab(page, name).waitFor({ timeout: 15_000 });
  });
}

/** Opens a file by the end of its path, as Ctrl+P does, in a tab that stays. */
export async function openQuickly(page, path) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  await inQuickInput(page, async () => {
    await page.keyboard.press("Control+P");
    await page.locator(".quick-input-widget input.input").first().fill(path, { timeout: 3000 });
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: name }).first().click({ timeout: 5000 });
  });
  await tab(page, name).waitFor();
  await page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
}

/** The tab of a file. */
export function tab(page, name) {
  return page.locator(".tabs-container .tab").filter({ has: page.getByText(name, { exact: true }) });
}

/** Runs a command from the palette by its full name. */
export async function runCommand(page, name) {
  await withPaletteRow(page, name, (row) => row.click({ timeout: 2000 }));
}

/** The palette's entry for a command, once it is there. */
export function paletteRow(page, name) {
  return withPaletteRow(page, name, (row) => row.waitFor({ timeout: 2000 }));
}

/** Does something with the palette's entry for a command. */
function withPaletteRow(page, name, act) {
  return inQuickInput(page, async () => {
    const row = await searchPalette(page, name);
    await act(row);
    return row;
  });
}

/**
 * Opens a list to type into, and does something there. The palette fixes its list when it opens, and such a list closes
 * when something else takes the focus, as a page does that has been loaded, and an editor in which a debugger stops;
 * then it is opened again.
 */
function inQuickInput(page, act) {
  return attempted(10, act, () => page.keyboard.press("Escape"));
}

/** Does something again where it fails, so many times at most; `before` each further attempt. */
export async function attempted(most, act, before = () => undefined) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt === most) throw error;
      await before();
    }
  }
}

/** Opens the palette and types a command's name. */
export async function searchPalette(page, name) {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input.input").first();
  await input.fill(`>${name}`, { timeout: 3000 });
  const rows = page.locator(".quick-input-list .monaco-list-row");
  return rows.filter({ has: page.getByText(name, { exact: true }) }).first();
}

/** Sets the settings of the open folder; VS Code notices by itself. */
export function changeSettings(workspace, settings) {
  mkdirSync(join(workspace, ".vscode"), { recursive: true });
  writeFileSync(join(workspace, ".vscode", "settings.json"), JSON.stringify(settings));
}

/** The page in the trace editor that is in front. */
export function tracePage(page) {
  return page.locator("iframe.webview:visible").contentFrame().locator("iframe#active-frame").contentFrame();
}

/** A notification, once it is in the list behind the bell, or has popped up: what pops up goes away by itself. */
export async function notification(page, text) {
  const center = page.locator(".notifications-center.visible");
  const found = page.locator(".notification-list-item:visible").filter({ hasText: text });
  return attempted(3, async () => {
    // A click on the bell while one pops up may close the list instead.
    if (!(await found.first().isVisible()) && !(await center.isVisible()))
      await page.locator('[id="status.notifications"]').click();
    await found.first().waitFor({ timeout: 15_000 });
    return found;
  });
}
