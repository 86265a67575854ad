import assert from "node:assert/strict";
import {
  debugSample,
  eventually,
  lineWith,
  pause,
  stackRow,
  stopDebugging,
  toolbarButton,
} from "./debug-view.mjs";
import { showAlone, showPanel } from "./panel-view.mjs";
import { changeSettings, runCommand, tab } from "./workbench.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";

const MACHINE = ["State Machine", "state-machine"];
const CYCLE = ["Poll-Wake Cycle", "cycle"];

/** State Machine and Poll-Wake Cycle, on two tasks that take turns. */
export const panelMachineFlows = [
  [
    "the state machine of a task follows the run: polls go from await to await and are counted",
    async ({ page }) => {
      await page.setViewportSize({ width: 1240, height: 900 });
      await debugSample(page, "blink", "debug build");
      await toolbarButton(page, "Pause").waitFor();
      const machine = await showAlone(page, ...MACHINE);
      await machine.getByText(/^At .* running\.$/).waitFor();
      await choose(machine.getByLabel("Async function"), /^heartbeat_task/);
      await machine.getByRole("heading", { name: /heartbeat_task/ }).waitFor();
      const back = machine.getByRole("row", { name: /^await 3 await 2/ });
      await back.waitFor();
      const before = await back.innerText();
      await eventually(
        async () => (await back.innerText()) !== before,
        () => "the counts do not follow the run",
      );
      await pause(page);
      await machine.getByText(/^At [\d. ]+ s\.$/).waitFor();
      assert.equal(await machine.locator("svg .state").count(), 6);
      assert.equal(await machine.locator("svg .chip").count(), 1);
    },
  ],
  [
    "a state shows what it keeps; a line opens the source; what is awaited has a state machine, too",
    async ({ page }) => {
      const machine = await showPanel(page, ...MACHINE);
      await machine.getByRole("button", { name: "await 2" }).click();
      await machine.getByRole("table", { name: "await 2 keeps 36 of the 40 B" }).waitFor();
      await machine.getByRole("row", { name: /^beats u32 4/ }).waitFor();
      await machine.getByRole("row", { name: "beats 4 nothing await 1" }).waitFor();
      const line = lineWith("blink/src/main.rs", "@suspend heartbeat-contract");
      await machine
        .getByRole("table", { name: "States" })
        .getByRole("button", { name: `main.rs:${line}` })
        .click();
      await tab(page, "main.rs").waitFor();
      await page.locator(`.statusbar-item:has-text("Ln ${line},")`).waitFor();
      await machine.getByRole("button", { name: "blink::nap" }).click();
      await machine.getByRole("heading", { name: /^nap/ }).waitFor();
      await machine.getByText(/^It is counted where a task awaits it directly/).waitFor();
      await machine.getByRole("row", { name: /^await 1 Returned/ }).waitFor();
    },
  ],
  [
    "the lens over an async fn opens its state machine",
    async ({ page }) => {
      const machine = await showPanel(page, ...MACHINE);
      // The editor draws lenses of lines that are not seen, too.
      const lens = page.locator('.codelens-decoration a[title^="State machine of"]:visible').first();
      const name = /of blink::(\w+),/.exec(await lens.getAttribute("title"))[1];
      await lens.click();
      await machine.getByRole("heading", { name: new RegExp(`^${name}`) }).waitFor();
      const chosen = machine.getByLabel("Async function").locator("option:checked");
      await eventually(
        async () => (await chosen.innerText()).startsWith(name),
        () => `the picker does not show ${name}`,
      );
    },
  ],
  [
    "a cycle grows with each step, and tells who woke the task, what it did, and who holds its waker",
    async ({ page }) => {
      const cycle = await showAlone(page, ...CYCLE);
      const step = async (button, pattern) => {
        await cycle.getByRole("button", { name: button }).click();
        await current(cycle).filter({ hasText: pattern }).waitFor();
        await cycle.locator(`button:has-text("${button}"):enabled`).waitFor();
      };
      await step("Next wake", /Ready for [\d.]+ ns: it has not been polled yet/);
      await title(cycle, /The handler of TIMER_IRQ_0 wakes (blink|heartbeat)_task/).waitFor();
      await title(cycle, /Next: The executor polls (blink|heartbeat)_task/).waitFor();
      await step("Next poll", /Poll \d+ of (blink|heartbeat)_task begins/);
      const begun = await current(cycle).innerText();
      const task = /of (\w+) begins/.exec(begun)[1];
      await title(cycle, /Next: The poll under way returns Pending or Ready/).waitFor();
      await step("End of poll", new RegExp(`Pending: ${task} is parked at main.rs:\\d+, awaiting`));
      await title(cycle, /The timer queue \(due at [\d. ]+ s\) holds its waker/).waitFor();
      await cycle.getByText(/What has to happen: timer due in [\d.]+ \w+\./).waitFor();
      await step("Next event", /Ready for/);
      await step("Next event", new RegExp(`Poll \\d+ of ${task} begins`));
      assert.notEqual(await current(cycle).innerText(), begun);
      await step("End of poll", new RegExp(`Pending: ${task}`));
    },
  ],
  [
    "another task is looked at by choosing it in CALL STACK, or kept whatever is chosen there",
    async ({ page }) => {
      const cycle = await showPanel(page, ...CYCLE);
      const shown = cycle.getByLabel("Task");
      await choose(shown, /^main$/);
      await current(cycle)
        .filter({ hasText: /The executor polls|The core slept|the core slept/ })
        .waitFor();
      await title(cycle, /Ready: main has ended/).waitFor();
      await choose(shown, /^(CALL STACK|As in CALL STACK)/);
      await runCommand(page, "View: Show Run and Debug");
      await stackRow(page, /^blink_task/).click();
      await showPanel(page, ...CYCLE);
      await cycle.getByText(/^CALL STACK: blink_task$/).waitFor({ state: "attached" });
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, label, className }) => [
    `pictures of the state machine and the cycle in the theme ${name}`,
    async ({ page, workspace, screenshot }) => {
      changeSettings(workspace, {
        "workbench.colorTheme": label,
        "editor.minimap.enabled": false,
        "breadcrumbs.enabled": false,
        "editor.fontSize": 11,
      });
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      const machine = await showAlone(page, ...MACHINE);
      await choose(machine.getByLabel("Async function"), /^heartbeat_task/);
      await machine.getByRole("heading", { name: /heartbeat_task/ }).waitFor();
      await machine.getByRole("heading").scrollIntoViewIfNeeded();
      await page.locator(".part.statusbar").hover();
      await screenshot(`state-machine-${name}`);
      const cycle = await showAlone(page, ...CYCLE);
      await current(cycle).scrollIntoViewIfNeeded();
      await screenshot(`cycle-${name}`);
    },
  ]),
  [
    "pictures of both in a narrow side bar, and what was seen last stays when the session ends",
    async ({ page, screenshot }) => {
      const cycle = await showAlone(page, ...CYCLE, 400);
      await current(cycle).scrollIntoViewIfNeeded();
      await screenshot("cycle-narrow");
      const machine = await showAlone(page, ...MACHINE, 400);
      await machine.getByRole("heading").scrollIntoViewIfNeeded();
      await screenshot("state-machine-narrow");
      await machine.getByRole("table", { name: "States" }).scrollIntoViewIfNeeded();
      await screenshot("state-machine-narrow-tables");
      await stopDebugging(page);
      await machine.getByText(/the session has ended/).waitFor();
      await showPanel(page, ...CYCLE);
      await cycle.getByText(/the session has ended/).waitFor();
      assert.equal(await cycle.getByRole("button", { name: "Next poll" }).isDisabled(), true);
    },
  ],
];

/** Chooses from a list what has such a text. */
async function choose(select, pattern) {
  const option = select.locator("option").filter({ hasText: pattern }).first();
  await option.waitFor({ state: "attached" });
  await select.selectOption(await option.getAttribute("value"));
}

/** What has happened in a step, or is to come. */
function title(cycle, pattern) {
  return cycle.locator(".cycle-title").filter({ hasText: pattern });
}

/** The step that has happened last. */
function current(cycle) {
  return cycle.locator('[aria-current="step"] .cycle-words');
}
