import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { debugSample, eventually, pause, stopDebugging, stopped, toolbarButton } from "./debug-view.mjs";
import { changeSettings, openFile, runCommand, tab, tracePage } from "./workbench.mjs";
import { PAGE_THEMES } from "./themes.mjs";

/** The timeline of a saved trace. */
export const timelineFlows = [
  [
    "a saved trace opens with its timeline: a track for each task, the core, and what it is connected to",
    async ({ page }) => {
      await openFile(page, "demo.pollscope");
      const trace = tracePage(page);
      await trace.getByRole("listbox", { name: "Tracks" }).waitFor();
      await drawn(page, trace);
      const names = await tracks(trace).allInnerTexts();
      const expected = [
        "sample_task",
        "show_task",
        "<img",
        "main",
        "core",
        "TIMER_IRQ_0",
        "READING",
        "GP25",
        "tm1637",
        "UART0 sends",
      ];
      assert.equal(names.length, expected.length);
      expected.forEach((name, i) =>
        assert.ok(names[i].trim().startsWith(name), `${names[i]} is not ${name}`),
      );
      assert.equal(await trace.locator("img").count(), 0);
      const [from, to] = await view(trace);
      assert.ok(from <= 0 && to >= 2_000_500_000);
    },
  ],
  [
    "the wheel with Ctrl zooms under the pointer, and pulling moves what is seen",
    async ({ page }) => {
      const trace = tracePage(page);
      const box = await trace.locator(".lanes-canvas").boundingBox();
      const x = box.x + box.width * 0.25;
      const before = await view(trace);
      const at = (span) => span[0] + 0.25 * (span[1] - span[0]);
      await page.mouse.move(x, box.y + 60);
      await page.keyboard.down("Control");
      for (let i = 0; i < 10; i++) await page.mouse.wheel(0, -120);
      await page.keyboard.up("Control");
      await viewIs(page, trace, ([from, to]) => to - from < (before[1] - before[0]) / 20);
      const zoomed = await view(trace);
      assert.ok(Math.abs(at(zoomed) - at(before)) < (zoomed[1] - zoomed[0]) * 0.02);
      await page.mouse.down();
      await page.mouse.move(x + 100, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await viewIs(page, trace, ([from]) => from < zoomed[0]);
      const moved = await view(trace);
      const expected = (100 / box.width) * (zoomed[1] - zoomed[0]);
      assert.ok(Math.abs(zoomed[0] - moved[0] - expected) < expected * 0.05);
    },
  ],
  [
    "the timeline is saved as a picture, as pixels and for Perfetto, by a command and by its button",
    async ({ page, workspace }) => {
      const saved = async (form, name) => {
        await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: form }).first().click();
        const path = page.locator(".quick-input-widget input.input").first();
        await eventually(
          async () => (await path.inputValue()).endsWith(name),
          () => `no dialog asks where to save ${name}`,
        );
        const file = join(workspace, name);
        await path.fill(file);
        await path.press("Enter");
        await eventually(
          () => existsSync(file) && statSync(file).size > 0,
          () => `${name} was not saved`,
        );
        return readFileSync(file);
      };
      await runCommand(page, "Pollscope: Save Timeline As…");
      const svg = (await saved("SVG picture", "timeline.svg")).toString();
      assert.ok(
        svg.startsWith("<svg xmlns=") &&
          svg.includes(">sample_task</text>") &&
          svg.trimEnd().endsWith("</svg>"),
      );
      await runCommand(page, "Pollscope: Save Timeline As…");
      const png = await saved("PNG picture", "timeline.png");
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      await tracePage(page)
        .getByRole("button", { name: "Save the timeline as a picture or a trace" })
        .click();
      const perfetto = await saved("Perfetto trace", "trace.perfetto-trace");
      assert.ok(perfetto.includes("sample_task"));
    },
  ],
  [
    "keys walk from poll to poll; what is selected is told everywhere",
    async ({ page }) => {
      const trace = tracePage(page);
      const lanes = trace.getByRole("application", { name: /^Lanes/ });
      await lanes.focus();
      await page.keyboard.press("0");
      await viewIs(page, trace, ([from]) => from <= 0);
      await track(trace, "show_task").click();
      await lanes.focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowRight");
      const detail = trace.getByRole("region", { name: "Selected in the timeline" });
      await detail.getByText("poll: Pending").waitFor();
      await detail.getByText("30.50 us").waitFor();
      await page.keyboard.press("ArrowRight");
      await detail.getByText("TIMER_IRQ_0").waitFor();
      await trace
        .locator('.layer .event[aria-selected="true"]:not([hidden])')
        .filter({ hasText: /poll-begin\s*show_task/ })
        .waitFor();
      await detail.getByRole("button", { name: "Go to its wake" }).click();
      await trace
        .locator(".event-detail")
        .filter({ hasText: /poll-begin|wake/ })
        .waitFor();
    },
  ],
  [
    "an event that is chosen in the list is selected in the timeline",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("searchbox", { name: "Filter events" }).fill("pin");
      await trace.locator(".layer .event:not([hidden])").first().click();
      await trace.getByRole("region", { name: "Selected in the timeline" }).getByText("GP25").waitFor();
      await trace.getByRole("searchbox", { name: "Filter events" }).fill("");
    },
  ],
  [
    "the search goes from find to find",
    async ({ page }) => {
      const trace = tracePage(page);
      const search = trace.getByRole("searchbox", { name: "Find in the timeline" });
      await search.fill("wake show_task");
      await page.keyboard.press("Enter");
      await trace
        .getByText("at 0.500 001 400 s")
        .or(trace.locator(".find-result").filter({ hasText: /^at 0\.50/ }))
        .first()
        .waitFor();
      await page.keyboard.press("Enter");
      await trace
        .locator(".find-result")
        .filter({ hasText: /^at 1\.00/ })
        .waitFor();
      await page.keyboard.press("Shift+Enter");
      await trace
        .locator(".find-result")
        .filter({ hasText: /^at 0\.50/ })
        .waitFor();
      await search.fill("no such thing");
      await page.keyboard.press("Enter");
      await trace.getByText("nothing found").waitFor();
    },
  ],
  [
    "a span that is drawn in the ruler has its statistics, and a track its table",
    async ({ page }) => {
      const trace = tracePage(page);
      await trace.getByRole("application", { name: /^Lanes/ }).focus();
      await page.keyboard.press("0");
      await viewIs(page, trace, ([from]) => from <= 0);
      const box = await trace.locator(".ruler").boundingBox();
      await page.mouse.move(box.x + box.width * 0.3, box.y + 12);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + 12, { steps: 4 });
      await page.mouse.up();
      await trace.getByRole("tab", { name: "Statistics" }).click();
      const rows = trace.getByRole("table", { name: "Statistics of the span" }).getByRole("row");
      await rows.filter({ hasText: /sample_task\s*polls/ }).waitFor();
      await trace.getByText(/^Selected: /).waitFor();
      await track(trace, "GP25").click();
      await trace.getByRole("tab", { name: "Track" }).click();
      await trace.getByRole("table", { name: "Track GP25" }).getByRole("row").nth(4).waitFor();
      await trace.getByRole("tab", { name: "Events" }).click();
    },
  ],
  [
    "a track is pinned and moved by keys, and all is as it was after the window is reloaded",
    async ({ page }) => {
      const trace = tracePage(page);
      await track(trace, "GP25").click();
      await trace.getByRole("application", { name: /^Lanes/ }).focus();
      await page.keyboard.press("p");
      await firstTrack(page, "GP25");
      await track(trace, "show_task").click();
      await trace.getByRole("application", { name: /^Lanes/ }).focus();
      await page.keyboard.press("Alt+ArrowUp");
      await page.keyboard.press("Alt+ArrowUp");
      await page.keyboard.press("+");
      await page.keyboard.press("+");
      await viewIs(page, trace, ([from, to]) => to - from < 1e9);
      await drawn(page, trace);
      const before = await view(trace);
      await runCommand(page, "Developer: Reload Window");
      await firstTrack(page, "GP25");
      assert.equal((await tracks(tracePage(page)).nth(1).innerText()).trim(), "show_task");
      await viewIs(
        page,
        tracePage(page),
        (after) => Math.abs(after[0] - before[0]) < 10 && Math.abs(after[1] - before[1]) < 10,
      );
    },
  ],
  [
    "a click on what a task did opens its source line",
    async ({ page }) => {
      await openFile(page, "producer-consumer.pollscope");
      const trace = tracePage(page);
      await track(trace, "producer_task").click();
      await trace.getByRole("application", { name: /^Lanes/ }).focus();
      await drawn(page, trace);
      const lane = await track(trace, "producer_task").boundingBox();
      const canvas = await trace.locator(".lanes-canvas").boundingBox();
      await page.mouse.click(canvas.x + canvas.width * 0.505, lane.y + lane.height / 2);
      await tab(page, "main.rs").waitFor();
      await page
        .locator(".monaco-editor .view-line")
        .filter({ hasText: "ticker.next().await" })
        .first()
        .waitFor();
      const detail = trace.getByRole("region", { name: "Selected in the timeline" });
      await detail.getByText("Ticker::next").first().waitFor();
      await runCommand(page, "View: Close All Editors");
    },
  ],
  ...PAGE_THEMES.map(({ name, label, className }) => [
    `pictures of the timeline in the theme ${name}`,
    async ({ page, workspace, screenshot }) => {
      changeSettings(workspace, { "workbench.colorTheme": label });
      await page.setViewportSize({ width: 1400, height: 900 });
      await openFile(page, "demo.pollscope");
      const trace = tracePage(page);
      await trace.locator(`body.${className}`).waitFor();
      await track(trace, "show_task").click();
      await trace.getByRole("application", { name: /^Lanes/ }).focus();
      await page.keyboard.press("0");
      await page.keyboard.press("Escape");
      await drawn(page, trace);
      await screenshot(`timeline-${name}`);
      await trace.getByRole("searchbox", { name: "Find in the timeline" }).fill("poll-begin show_task");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await trace.getByRole("application", { name: /^Lanes/ }).focus();
      await page.keyboard.press("f");
      await drawn(page, trace);
      await screenshot(`timeline-${name}-near`);
      await runCommand(page, "View: Toggle Primary Side Bar Visibility");
      await page.setViewportSize({ width: 448, height: 900 });
      await drawn(page, trace);
      await screenshot(`timeline-${name}-narrow`);
      await page.setViewportSize({ width: 1400, height: 900 });
      await runCommand(page, "View: Toggle Primary Side Bar Visibility");
    },
  ]),
];

/** The timeline of a run that is debugged. */
export const liveTimelineFlows = [
  [
    "the timeline opens with the session and follows the run",
    async ({ page }) => {
      await debugSample(page, "blink", "release build");
      const live = tracePage(page);
      await track(live, "heartbeat_task").waitFor();
      await toolbarButton(page, "Pause").waitFor();
      const before = await head(live);
      await eventually(
        async () => (await head(live)) > before + 3e8,
        () => "the head stays where it is",
      );
      await live.locator('.timeline[data-run="running"]').waitFor();
    },
  ],
  [
    "where the run stops is the cursor",
    async ({ page, screenshot }) => {
      await pause(page);
      const live = tracePage(page);
      await live.locator('.timeline[data-run=""]').waitFor();
      await live.getByText(/^stopped at \d/).waitFor();
      assert.equal(await live.locator(".timeline").getAttribute("data-cursor"), String(await head(live)));
      await screenshot("timeline-live");
    },
  ],
  [
    "a step moves the cursor, and the timeline has what happened in it",
    async ({ page }) => {
      const live = tracePage(page);
      const before = await head(live);
      await toolbarButton(page, "Step to Next Poll").click();
      await stopped(page);
      await eventually(
        async () => (await head(live)) > before,
        () => "the cursor does not move",
      );
      await track(live, "core").click();
      await live.getByRole("application", { name: /^Lanes/ }).focus();
      await page.keyboard.press("End");
      await live.getByRole("tab", { name: "Statistics" }).click();
      await live
        .getByRole("row")
        .filter({ hasText: /core\s*asleep/ })
        .waitFor();
    },
  ],
  [
    "after the session the timeline is still there",
    async ({ page }) => {
      await stopDebugging(page);
      await track(tracePage(page), "heartbeat_task").waitFor();
    },
  ],
];

/** The names of the tracks. */
function tracks(trace) {
  return trace.getByRole("listbox", { name: "Tracks" }).getByRole("option");
}

function track(trace, name) {
  return trace.getByRole("listbox", { name: "Tracks" }).getByRole("option", { name, exact: true });
}

/** Waits until the timeline has come to rest. */
async function drawn(page, trace) {
  let last = "";
  await eventually(
    async () => {
      const now = `${await trace.locator(".timeline").getAttribute("data-view")} ${await trace.locator(".timeline").getAttribute("data-progress")}`;
      const isSame = now === last && now.endsWith(" 1");
      last = now;
      return isSame;
    },
    () => "the timeline does not come to rest",
  );
}

/** What is seen, in nanoseconds: from and to. */
async function view(trace) {
  return ((await trace.locator(".timeline").getAttribute("data-view")) ?? "0 0").split(" ").map(Number);
}

async function viewIs(page, trace, holds) {
  await eventually(
    async () => holds(await view(trace)),
    () => "what is seen is not what was asked for",
  );
}

async function head(trace) {
  return Number(await trace.locator(".timeline").getAttribute("data-head"));
}

async function firstTrack(page, name) {
  await tracks(tracePage(page)).first().filter({ hasText: name }).waitFor();
}
