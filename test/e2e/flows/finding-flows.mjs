import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  debugSample,
  eventually,
  pause,
  showDebugViews,
  stackRow,
  stopDebugging,
  stopped,
  toolbarButton,
} from "./debug-view.mjs";
import { changeSettings, runCommand, tab } from "./workbench.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";

const SAMPLES = resolve(import.meta.dirname, "../../../samples");
/** The line of a marker in a sample, counted from 1. */
function markedLine(file, name) {
  const lines = readFileSync(resolve(SAMPLES, file), "utf8").split("\n");
  const index = lines.findIndex((text) => text.endsWith(`// @suspend ${name}`));
  assert.notEqual(index, -1, `${file} has no marker ${name}`);
  return index + 1;
}

const GUARD_LINE = markedLine("guard-across-await/src/bin/bad.rs", "measure-conversion");

/** Findings as a person meets them: a filter, a stop, the Problems panel, the line, the page. */
export const findingFlows = [
  [
    "a filter for findings stops where a guard is kept across an await",
    async ({ page, screenshot }) => {
      await debugSample(page, "guard-across-await-bad", "release build");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Call Stack", "Breakpoints"]);
      await pause(page);
      await turnFilter(page, "Guard across await");
      await toolbarButton(page, "Restart").click();
      await exceptionAt(page, /Guard across await/);
      await stackRow(page, /^measure_task/).waitFor();
      await screenshot("finding-stop");
    },
  ],
  [
    "the finding is in the Problems panel, and leads to its line",
    async ({ page, screenshot }) => {
      await runCommand(page, "Problems: Focus on Problems View");
      const problem = problemRow(page, /measure_task keeps guard, a guard of a RefCell, across this await/);
      await problem.waitFor();
      await screenshot("finding-problems");
      await problem.dblclick();
      await page
        .locator(".part.statusbar")
        .getByText(new RegExp(`^Ln ${GUARD_LINE}, Col`))
        .waitFor();
      await problem.locator(".monaco-tl-twistie").click();
      await problemRow(page, /guard is declared here/).waitFor();
    },
  ],
  [
    "its kind is a link to the page about it",
    async ({ page, screenshot }) => {
      await runCommand(page, "Problems: Focus on Problems View");
      await problemRow(page, /measure_task keeps guard/)
        .locator("a")
        .filter({ hasText: "guard-across-await" })
        .first()
        .click();
      await tab(page, "Preview guard-across-await.md").waitFor();
      await page
        .locator("iframe.webview:visible")
        .contentFrame()
        .locator("iframe#active-frame")
        .contentFrame()
        .getByRole("heading", { name: "How to fix it" })
        .waitFor();
      await screenshot("finding-page");
      await runCommand(page, "View: Close Editor");
    },
  ],
  [
    "findings are listed, and a choice goes to the line",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Show Findings");
      const row = page
        .locator(".quick-input-list .monaco-list-row")
        .filter({ hasText: "measure_task keeps guard" });
      await row.waitFor();
      await screenshot("finding-list");
      await row.click();
      await page
        .locator(".part.statusbar")
        .getByText(new RegExp(`^Ln ${GUARD_LINE}, Col`))
        .waitFor();
      await stopDebugging(page);
    },
  ],
  [
    "findings stay until the program is debugged again",
    async ({ page }) => {
      await runCommand(page, "Problems: Focus on Problems View");
      await problemRow(page, /measure_task keeps guard/).waitFor();
      await debugSample(page, "starvation-hog", "release build");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Call Stack", "Breakpoints"]);
      await pause(page);
      await turnFilter(page, "Guard across await");
      await turnFilter(page, "Starvation");
      await toolbarButton(page, "Continue").click();
      await exceptionAt(page, /Starvation/);
      await runCommand(page, "Problems: Focus on Problems View");
      await problemRow(page, /measure_task keeps guard/).waitFor();
      await problemRow(page, /check_task (?:kept|keeps) the core/)
        .first()
        .waitFor();
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, label, className }) => [
    `pictures of findings in the theme ${name}`,
    async ({ page, workspace, screenshot }) => {
      changeSettings(workspace, { "workbench.colorTheme": label, "editor.minimap.enabled": false });
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      await page.locator(".part.statusbar").hover();
      await screenshot(`finding-${name}`);
    },
  ]),
  [
    "the Debug Console tells of findings with their time",
    async ({ page, screenshot }) => {
      await runCommand(page, "Debug Console: Focus on Debug Console View");
      await page
        .locator(".repl .monaco-list-row")
        .filter({ hasText: /^\[\d+\.\d{3} \d{3} \d{3}\] warning: check_task k.* \[starvation\]/ })
        .first()
        .waitFor();
      await screenshot("finding-console");
      await stopDebugging(page);
    },
  ],
  [
    "a severity of the settings turns a kind off",
    async ({ page, workspace }) => {
      changeSettings(workspace, {
        "pollscope.findings.severities": { starvation: "off", "long-poll": "off" },
      });
      await debugSample(page, "starvation-hog", "release build");
      await toolbarButton(page, "Pause").waitFor();
      await runCommand(page, "Problems: Focus on Problems View");
      await eventually(
        async () => (await problemRow(page, /check_task/).count()) === 0,
        () => "findings that are off are still listed",
      );
      await stopDebugging(page);
      changeSettings(workspace, {});
    },
  ],
];

/** Switches an exception filter in the BREAKPOINTS view, where they come first. */
async function turnFilter(page, label) {
  await page.locator(".debug-breakpoints .monaco-list-row").first().hover();
  await page.mouse.wheel(0, -5000);
  const row = page
    .locator(".debug-breakpoints .monaco-list-row")
    .filter({ has: page.getByText(label, { exact: true }) });
  await row.getByRole("checkbox").click();
}

/** Waits until the firmware stands still because of an exception, which says so in the editor. */
async function exceptionAt(page, words) {
  await stopped(page);
  await page.locator(".exception-widget").filter({ hasText: words }).waitFor();
}

/** A row of the Problems panel. */
function problemRow(page, text) {
  return page.locator(".markers-panel .monaco-list-row").filter({ hasText: text });
}
