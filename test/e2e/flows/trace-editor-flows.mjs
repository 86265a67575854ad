/* global document, window */
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { openFile, runCommand, tab, tracePage } from "./workbench.mjs";

const HOSTILE_NAME = `<img src=x onerror="document.body.dataset.hacked='yes'">`;

export const traceEditorFlows = [
  [
    "a trace file opens with its overview, tasks and events",
    async ({ page }) => {
      await openFile(page, "demo.pollscope");
      const trace = tracePage(page);
      await trace.getByText("Core asleep", { exact: true }).waitFor();
      const facts = await trace.locator(".facts > div").allInnerTexts();
      assert.deepEqual(facts.map(words), [
        "Duration 2.001 s",
        "Tasks 4",
        "Events 217",
        "Core asleep 99.911 %",
      ]);
      await trace.getByRole("tab", { name: "Tasks" }).click();
      assert.deepEqual(await taskNames(trace), ["main", "sample_task", "show_task", HOSTILE_NAME]);
      const states = await trace.locator(".tasks td.state").allInnerTexts();
      assert.deepEqual(states.map(words), [
        "ended",
        "suspended main.rs:33 · Ticker::next",
        "suspended main.rs:61 · Timer",
        "ready",
      ]);
      await trace.getByText("1 more task slot was never spawned.").waitFor();
      await trace.getByRole("tab", { name: "Events" }).click();
      assert.equal(
        words(await eventLine(trace, 1).innerText()),
        "0.000 820 000 spawn sample_task by code outside any task",
      );
    },
  ],
  [
    "a label of the firmware is text, whatever it looks like",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("tab", { name: "Tasks" }).click();
      await trace.getByRole("button", { name: HOSTILE_NAME, exact: true }).waitFor();
      await trace.getByRole("option", { name: HOSTILE_NAME }).waitFor();
      assert.equal(await trace.locator("img").count(), 0);
      assert.equal(await trace.locator("body").getAttribute("data-hacked"), null);
    },
  ],
  [
    "the task table is sorted from the keyboard, and says how",
    async ({ page }) => {
      const trace = tracePage(page);
      const heading = trace.getByRole("columnheader", { name: "Polls" });
      assert.equal(await heading.getAttribute("aria-sort"), "none");
      await trace.getByRole("button", { name: "Polls", exact: true }).focus();
      await page.keyboard.press("Enter");
      assert.equal(await heading.getAttribute("aria-sort"), "descending");
      assert.deepEqual(await taskNames(trace), ["sample_task", "show_task", "main", HOSTILE_NAME]);
      await page.keyboard.press("Enter");
      assert.equal(await heading.getAttribute("aria-sort"), "ascending");
      assert.deepEqual((await taskNames(trace)).slice(0, 2), [HOSTILE_NAME, "main"]);
    },
  ],
  [
    "the task table is sorted with the mouse",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("button", { name: "Bytes", exact: true }).click();
      assert.deepEqual(await taskNames(trace), ["show_task", "sample_task", "main", HOSTILE_NAME]);
    },
  ],
  [
    "a task's name narrows the events to it, and widens them again",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("tab", { name: "Tasks" }).click();
      const name = trace.getByRole("button", { name: "main", exact: true });
      await name.focus();
      await page.keyboard.press("Enter");
      assert.equal(await name.getAttribute("aria-pressed"), "true");
      await trace.getByRole("tab", { name: "Events" }).click();
      await trace.getByText("3 of 177 lines").waitFor();
      assert.equal(await trace.getByRole("combobox", { name: "Task" }).inputValue(), "main");
      assert.deepEqual(await shownEvents(trace), ["poll-begin", "poll-end", "task-end"]);
      await trace.getByRole("tab", { name: "Tasks" }).click();
      await name.focus();
      await page.keyboard.press("Enter");
      await trace.getByRole("tab", { name: "Events" }).click();
      await trace.getByText("177 lines", { exact: true }).waitFor();
    },
  ],
  [
    "the events are filtered by words and walked through, all from the keyboard",
    async ({ page }) => {
      const trace = tracePage(page);
      const grid = trace.getByRole("grid", { name: "Events" });
      await grid.focus();
      await page.keyboard.press("/");
      await page.keyboard.type("wake -sample");
      await trace.getByText("4 of 177 lines").waitFor();
      await page.keyboard.press("ArrowDown");
      await assertActive(trace, /wake\s*show_task\s*by TIMER_IRQ_0/);
      await page.keyboard.press("ArrowDown");
      assert.equal(await activeRowIndex(trace), "3");
      await page.keyboard.press("Control+f");
      await page.keyboard.press("Escape");
      await trace.getByText("177 lines", { exact: true }).waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press("End");
      assert.equal(await activeRowIndex(trace), "178");
      await page.keyboard.press("PageUp");
      assert.ok(Number(await activeRowIndex(trace)) < 177);
      await page.keyboard.press("Home");
      await assertActive(trace, /spawn\s*sample_task\s*by code outside/);
      assert.equal(await grid.getAttribute("aria-rowcount"), "178");
    },
  ],
  [
    "a selected poll shows its await chain",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("searchbox", { name: "Filter events" }).fill("poll-end show");
      await trace.getByText("5 of 177 lines").waitFor();
      await eventLine(trace, 2).click();
      const chain = awaitChain(trace);
      assert.deepEqual((await chain.getByRole("listitem").allInnerTexts()).map(words), [
        "demo::show_task src/main.rs:52",
        "demo::pause src/main.rs:61",
      ]);
    },
  ],
  [
    "what was chosen is still chosen when a hidden tab comes back",
    async ({ page }) => {
      await openFile(page, "notes.txt");
      await tab(page, "demo.pollscope").click();
      await assertChosen(page);
    },
  ],
  [
    "what was chosen is still chosen after the window is reloaded",
    async ({ page }) => {
      await runCommand(page, "Developer: Reload Window");
      await assertChosen(page);
    },
  ],
  [
    "the page follows the file when it changes",
    async ({ page, workspace }) => {
      copyFileSync(join(workspace, "newer.pollscope"), join(workspace, "demo.pollscope"));
      await tracePage(page).getByRole("alert").filter({ hasText: "format version 3" }).waitFor();
    },
  ],
  [
    "a million events open at once and can all be reached",
    async ({ page }) => {
      const began = Date.now();
      await openFile(page, "million.pollscope");
      const trace = tracePage(page);
      await trace.getByText("1,000,000 lines", { exact: true }).waitFor();
      console.log(`      (opened in ${Date.now() - began} ms, VS Code's own work included)`);
      assert.ok((await trace.getByRole("grid", { name: "Events" }).getByRole("row").count()) < 100);
      await trace.getByRole("grid", { name: "Events" }).focus();
      await page.keyboard.press("End");
      assert.equal(await activeRowIndex(trace), "1000001");
      await page.keyboard.press("ArrowUp");
      assert.equal(await activeRowIndex(trace), "1000000");
      await page.keyboard.press("Home");
      assert.equal(await activeRowIndex(trace), "2");
      const filtering = Date.now();
      await trace.getByRole("searchbox", { name: "Filter events" }).fill("wake");
      await trace.getByText("333,333 of 1,000,000 lines").waitFor();
      console.log(`      (filtered in ${Date.now() - filtering} ms)`);
    },
  ],
  [
    "the wheel moves a list of a million events by what it is turned",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("searchbox", { name: "Filter events" }).fill("");
      await trace.getByText("1,000,000 lines", { exact: true }).waitFor();
      await trace.getByRole("grid", { name: "Events" }).focus();
      await page.keyboard.press("Home");
      await eventLine(trace, 3).hover();
      await page.mouse.wheel(0, 220);
      await eventLine(trace, 11).waitFor();
      assert.equal(await eventLine(trace, 9).count(), 0);
    },
  ],
  [
    "the page keeps to its content security policy, and the policy keeps others out",
    async ({ page, messages }) => {
      const refused = () =>
        messages.filter((text) => /violates the following Content Security Policy/.test(text));
      assert.deepEqual(refused(), []);
      const body = tracePage(page).locator("body");
      await body.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "document.body.dataset.hacked = 'yes'";
        document.body.append(script);
      });
      assert.equal(await body.getAttribute("data-hacked"), null);
      assert.equal(refused().length, 1);
    },
  ],
];

/** Of the event that is selected in the list; the timeline's own selection has one as well. */
function awaitChain(trace) {
  return trace.getByRole("region", { name: "Selected event" }).getByRole("list", { name: "Await chain" });
}

async function taskNames(trace) {
  return trace.locator(".tasks tbody th").allInnerTexts();
}

/** A line of the event list, counted from 1. */
function eventLine(trace, line) {
  return trace.locator(`.layer .event[aria-rowindex="${line + 1}"]:not([hidden])`);
}

async function shownEvents(trace) {
  return trace.locator(".layer .event:not([hidden]) .kind").allInnerTexts();
}

/** The row that a screen reader reads: the one that the focused grid names. */
function activeRow(trace) {
  return trace.locator('.layer .event[aria-selected="true"]:not([hidden])');
}

async function assertActive(trace, pattern) {
  await activeRow(trace).filter({ hasText: pattern }).waitFor();
  const id = await activeRow(trace).getAttribute("id");
  assert.equal(await trace.getByRole("grid", { name: "Events" }).getAttribute("aria-activedescendant"), id);
}

/** The index of the active row, once the list has been drawn with it. */
async function activeRowIndex(trace) {
  await trace
    .locator("body")
    .evaluate(
      () => new Promise((drawn) => window.requestAnimationFrame(() => window.requestAnimationFrame(drawn))),
    );
  return activeRow(trace).getAttribute("aria-rowindex");
}

async function assertChosen(page) {
  const trace = tracePage(page);
  await trace.getByText("5 of 177 lines").waitFor();
  assert.equal(await trace.getByRole("searchbox", { name: "Filter events" }).inputValue(), "poll-end show");
  await awaitChain(trace).waitFor();
  await assertActive(trace, /show_task/);
  await trace.getByRole("tab", { name: "Tasks" }).click();
  assert.equal(
    await trace.getByRole("columnheader", { name: "Bytes" }).getAttribute("aria-sort"),
    "descending",
  );
  await trace.getByRole("tab", { name: "Events" }).click();
}

function words(text) {
  return text.replaceAll(/\s+/g, " ").trim();
}
