import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notification, runCommand, tab, tracePage } from "./workbench.mjs";

export const commandFlows = [
  [
    "Pollscope: Trace a Sample offers the bundled samples and opens the trace of one",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Trace a Sample");
      await page.getByPlaceholder("Firmware that comes with Pollscope").waitFor();
      await screenshot("samples");
      await page.keyboard.type("producer");
      const row = page
        .locator(".quick-input-list .monaco-list-row")
        .filter({ hasText: /producer-consumer\s*release/ });
      await row.click();
      await tab(page, "producer-consumer-release.pollscope").waitFor();
      await tracePage(page).getByText("Core asleep", { exact: true }).waitFor();
      await track(page, /TIMER_IRQ_0/).waitFor();
    },
  ],
  [
    "an ELF is traced from the explorer's menu",
    async ({ page }) => {
      await chooseInExplorer(page, "blink.elf");
      await tab(page, "blink.pollscope").waitFor();
      await track(page, /blink_task/).waitFor();
    },
  ],
  [
    "a file that is no ELF is refused with the command line's sentence",
    async ({ page, screenshot }) => {
      await chooseInExplorer(page, "broken.elf");
      const error = await notification(page, /broken\.elf is not an ELF file; /);
      await error.getByRole("button", { name: "Show Log" }).waitFor();
      await screenshot("refused-firmware");
      await runCommand(page, "Notifications: Clear All Notifications");
    },
  ],
  [
    "a long trace can be cancelled",
    async ({ page, workspace, screenshot }) => {
      mkdirSync(join(workspace, ".vscode"), { recursive: true });
      const settings = join(workspace, ".vscode", "settings.json");
      // A setting that can be seen tells when VS Code has read the file.
      const visible = { "window.commandCenter": false };
      writeFileSync(settings, JSON.stringify({ "pollscope.trace.duration": "500h", ...visible }));
      await page.locator(".command-center").waitFor({ state: "detached" });
      await chooseInExplorer(page, "blink.elf");
      const progress = await notification(page, "Tracing blink.elf for 500h of its own time");
      await screenshot("progress");
      await progress.getByRole("button", { name: "Cancel" }).click();
      await progress.waitFor({ state: "detached" });
      writeFileSync(settings, "{}");
    },
  ],
  [
    "the walkthrough leads through the samples",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Get Started");
      const steps = page.locator(".getting-started-step");
      await steps.filter({ hasText: "Look into a task" }).first().waitFor();
      assert.equal(await steps.count(), 5);
      await page.getByText("Debug blink", { exact: true }).waitFor();
      await screenshot("walkthrough");
    },
  ],
];

/** A track of the timeline. */
function track(page, name) {
  return tracePage(page).getByRole("listbox", { name: "Tracks" }).getByRole("option", { name });
}

async function chooseInExplorer(page, file) {
  const row = page
    .locator(".explorer-viewlet .monaco-list-row")
    .filter({ has: page.getByText(file, { exact: true }) });
  await row.click({ button: "right" });
  // A menu that was opened with the mouse takes no click in its first moments; the keyboard always works.
  await page.getByRole("menuitem", { name: "Trace a Firmware File…" }).hover();
  await page.keyboard.press("Enter");
}
