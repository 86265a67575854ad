import assert from "node:assert/strict";
import { stackRow, startDebugging, stopDebugging, stopped, toolbarButton } from "./debug-view.mjs";
import { openFile, runCommand } from "./workbench.mjs";

export const debugFlows = [
  [
    "a sample is debugged without a project: threads, their states and stacks",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Debug a Sample");
      await page.getByPlaceholder("Firmware that comes with Pollscope").waitFor();
      await page.keyboard.type("blink");
      await page
        .locator(".quick-input-list .monaco-list-row")
        .filter({ hasText: /blink\s*debug build/ })
        .click();
      await page.locator(".debug-toolbar").waitFor();
      await toolbarButton(page, "Pause").click();
      await stopped(page);
      await screenshot("debug-1");
      console.log(await page.locator(".debug-call-stack .monaco-list-row").allInnerTexts());
      await stopDebugging(page);
    },
  ],
];
