import assert from "node:assert/strict";
import {
  adapterProcesses,
  debugSample,
  evaluate,
  eventually,
  goToLine,
  line,
  lineWith,
  nextStop,
  pause,
  pauseOnce,
  showDebugViews,
  stackRow,
  stepTo,
  stopDebugging,
  stopSession,
  stoppedAtLine,
  textBehindLine,
  noTextBehindLines,
  toggleBreakpoint,
  toolbarButton,
} from "./debug-view.mjs";
import { changeSettings, extensionReady, notification, runCommand, tab, tracePage } from "./workbench.mjs";

/** The lines of the sample blink at which something is awaited. */
const TICK = markedLine("blink-tick");
const BEAT = markedLine("heartbeat-contract");
const REST = markedLine("heartbeat-rest");
const NAP = markedLine("nap-timer");

/** Sessions on samples, in a folder without any project. */
export const debugFlows = [
  [
    "a sample is debugged without a project: tasks are threads with their states",
    async ({ page, screenshot }) => {
      await debugSample(page, "blink", "debug build");
      await showDebugViews(page, ["Call Stack"]);
      // The firmware is paused anywhere, also in the middle of a poll.
      const suspended = [
        stackRow(page, new RegExp(`^blink_task · suspended [\\d.]+ .s more, main\\.rs:${TICK}`)),
        stackRow(page, new RegExp(`^heartbeat_task · suspended [\\d.]+ .s more, main\\.rs:${NAP}`)),
      ];
      const areSuspended = async () => {
        const counts = await Promise.all(suspended.map((row) => row.count()));
        return counts.every((count) => count > 0);
      };
      await pauseOnce(page, areSuspended, "the two tasks are never suspended both");
      await stackRow(page, /^main · ended/).waitFor();
      await screenshot("debug-paused");
    },
  ],
  [
    "a suspended task's stack is its await chain",
    async ({ page }) => {
      const task = stackRow(page, /^heartbeat_task/);
      if ((await task.getAttribute("aria-expanded")) !== "true")
        await task.locator(".monaco-tl-twistie").click();
      await stackRow(page, /Timer/).waitFor();
      await stackRow(page, new RegExp(`^blink::nap\\s*main.rs\\s*${NAP}`)).waitFor();
      // Its source comes to the front, wherever the core stands.
      await stackRow(page, new RegExp(`^blink::heartbeat_task\\s*main.rs\\s*(${BEAT}|${REST})`)).click();
      await tab(page, "main.rs").waitFor();
    },
  ],
  [
    "behind each await stands who is suspended there, and a setting turns that off",
    async ({ page, workspace }) => {
      const suspended = /^suspended [\d.]+ .s, due in [\d.]+ .s$/;
      await goToLine(page, NAP);
      await textBehindLine(page, /^suspended [\d.]+ .s: heartbeat_task$/);
      await goToLine(page, TICK);
      await textBehindLine(page, suspended);
      changeSettings(workspace, { "pollscope.awaits.showInEditor": false });
      await noTextBehindLines(page);
      changeSettings(workspace, {});
      await textBehindLine(page, suspended);
    },
  ],
  [
    "a hover over an await says why",
    async ({ page, screenshot }) => {
      await line(page, "ticker.next().await").getByText("next", { exact: true }).hover();
      const hover = page.locator(".monaco-hover:visible").filter({ hasText: /timer due in/ });
      await hover.filter({ hasText: /blink_task suspended for .*, awaiting Ticker::next/ }).waitFor();
      await screenshot("debug-hover");
      await page.keyboard.press("Escape");
    },
  ],
  [
    "why a task is not running is asked in CALL STACK, and answered with the place",
    async ({ page, screenshot }) => {
      await stackRow(page, /^blink_task/).hover();
      await stackRow(page, /^blink_task/)
        .getByRole("button", { name: /Why Is This Task Not Running/ })
        .click();
      const chain = page.locator(".quick-input-list .monaco-list-row");
      await chain.filter({ hasText: /Ticker::next: timer due in/ }).waitFor();
      await screenshot("debug-why");
      await chain.filter({ hasText: `main.rs:${TICK}` }).click();
      await page.locator(".part.statusbar").getByText(`Ln ${TICK}, Col 1`).waitFor();
    },
  ],
  [
    "each step button steps, and the status bar says what happened",
    async ({ page, screenshot }) => {
      await stepTo(
        page,
        "Step to Next Poll",
        /poll \d+ of (blink|heartbeat)_task begins, woken by TIMER_IRQ_0 at [\d. ]+ s/,
      );
      await screenshot("debug-poll");
      await stepTo(
        page,
        "Step to End of This Poll",
        /poll \d+ of (blink|heartbeat)_task ends: pending at main\.rs:\d+/,
      );
      await stepTo(page, "Step to Next Wake", /(blink|heartbeat)_task woken by TIMER_IRQ_0 at [\d. ]+ s/);
      await stackRow(page, /^blink_task/).click();
      await stepTo(page, "Step to Next Event of This Task", /blink_task/);
    },
  ],
  [
    "a breakpoint stops at its line, and a step over the await ends on the next one",
    async ({ page, screenshot }) => {
      await toggleBreakpoint(page, TICK);
      await page.keyboard.press("F5");
      await stoppedAtLine(page, TICK);
      await nextStop(page, () => toolbarButton(page, "Step Over").click(), /^/);
      await stoppedAtLine(page, TICK + 1);
      await screenshot("debug-stepped");
      await nextStop(page, () => toolbarButton(page, "Step Over").click(), /^/);
      await stoppedAtLine(page, TICK);
      await toggleBreakpoint(page, TICK);
    },
  ],
  [
    "a conditional breakpoint stops where its condition holds, and the console evaluates there",
    async ({ page }) => {
      await goToLine(page, BEAT);
      await runCommand(page, "Debug: Add Conditional Breakpoint...");
      await page.locator(".breakpoint-widget .monaco-editor.focused").waitFor();
      await page.keyboard.type("beats % 10 == 7");
      await page.keyboard.press("Enter");
      await page.locator(".breakpoint-widget").waitFor({ state: "detached" });
      await page.keyboard.press("F5");
      await stoppedAtLine(page, BEAT);
      const answer = await evaluate(page, "beats % 10");
      await answer.filter({ hasText: /^7/ }).waitFor();
      await toggleBreakpoint(page, BEAT);
    },
  ],
  [
    "a restart begins anew",
    async ({ page }) => {
      await toolbarButton(page, "Restart").click();
      await toolbarButton(page, "Pause").waitFor();
      await pause(page);
      await stackRow(page, /^blink_task/).waitFor();
      await page
        .locator('.statusbar-item[id$="pollscope.stop"]')
        .getByText(/^\s*paused at [\d. ]+ s$/)
        .waitFor();
    },
  ],
  [
    "a session that is stopped leaves no process behind",
    async ({ page, extensions }) => {
      assert.equal(adapterProcesses(extensions).length, 1);
      await stopDebugging(page);
      await none(() => adapterProcesses(extensions));
    },
  ],
  [
    "an adapter that is killed ends its session with a message",
    async ({ page, extensions }) => {
      await debugSample(page, "blink", "debug build");
      await toolbarButton(page, "Pause").waitFor();
      adapterProcesses(extensions).forEach((pid) => process.kill(pid, "SIGKILL"));
      await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
      await notification(page, /The debug adapter of "blink, debug build" has ended unexpectedly/);
      await runCommand(page, "Notifications: Clear All Notifications");
    },
  ],
  [
    "two samples are debugged at once, each in a process of its own",
    async ({ page, extensions, screenshot }) => {
      await debugSample(page, "deadlock-bad", "release build");
      await debugSample(page, "blink", "debug build");
      await showDebugViews(page, ["Call Stack"]);
      await stackRow(page, /^deadlock-bad, release build/).waitFor();
      await stackRow(page, /^blink, debug build/).waitFor();
      assert.equal(adapterProcesses(extensions).length, 2);
      await screenshot("debug-two");
      await stopSession(page, /^deadlock-bad, release build/);
      await eventually(
        () => adapterProcesses(extensions).length === 1,
        () => "not one adapter is left",
      );
      await stopDebugging(page);
      await none(() => adapterProcesses(extensions));
    },
  ],
];

/** From a window without any folder. */
export const openedSampleFlows = [
  [
    "a sample is opened as a folder of its own",
    async ({ page }) => {
      await runCommand(page, "Pollscope: Open a Sample");
      await page.getByPlaceholder("Firmware that comes with Pollscope").fill("deadlock-bad");
      await page.keyboard.press("Enter");
      const rows = page.locator(".explorer-viewlet .monaco-list-row");
      await rows.filter({ has: page.getByText("README.md", { exact: true }) }).waitFor();
      await extensionReady(page);
    },
  ],
  [
    "an opened sample shows its README, as it is meant to be read",
    async ({ page, screenshot }) => {
      await tab(page, "[Preview] README.md").waitFor();
      const heading = tracePage(page).getByRole("heading", { level: 1, name: /deadlock/i });
      await heading.waitFor();
      await screenshot("sample-readme");
    },
  ],
  [
    "F5 in an opened sample debugs it",
    async ({ page, extensions, screenshot }) => {
      await runCommand(page, "View: Show Run and Debug");
      // Before VS Code has read the folder's launch.json, F5 starts nothing.
      await page.locator(".start-debug-action-item").filter({ hasText: "deadlock-bad" }).waitFor();
      await page.keyboard.press("F5");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Variables", "Call Stack"]);
      await pause(page);
      await stackRow(page, /^sensor_task · suspended/).waitFor();
      await screenshot("debug-opened");
      await stopDebugging(page);
      await none(() => adapterProcesses(extensions));
    },
  ],
];

/** Waits until none is left. */
async function none(list) {
  await eventually(
    () => list().length === 0,
    () => `${list().length} are left`,
  );
}

/** The line with a marker comment, counted from 1. */
function markedLine(name) {
  return lineWith("blink/src/main.rs", `// @suspend ${name}`);
}
