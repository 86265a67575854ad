// The debugger's part of VS Code's user interface, as a person uses it.
import { runCommand } from "./workbench.mjs";

/** A row of CALL STACK. */
export function stackRow(page, text) {
  return page.locator(".debug-call-stack .monaco-list-row").filter({ hasText: text });
}

/** Waits until the session stands still at a line of the editor. */
export async function stoppedAt(page, line) {
  await page.locator(".debug-top-stack-frame-line, .debug-top-stack-frame").first().waitFor();
  await page
    .locator(".margin-view-overlays .line-numbers.active-line-number", { hasText: String(line) })
    .waitFor();
}

/** Waits until the firmware stands still. */
export async function stopped(page) {
  await toolbarButton(page, "Continue").waitFor();
}

/** A button of the debug toolbar, by the beginning of its name. */
export function toolbarButton(page, name) {
  return page.locator(".debug-toolbar").getByRole("button", { name: new RegExp(`^${name}`) });
}

export async function startDebugging(page) {
  await page.keyboard.press("F5");
  await page.locator(".debug-toolbar").waitFor();
}

export async function stopDebugging(page) {
  await runCommand(page, "Debug: Stop");
  await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
}
