import { linkProgram } from "../fixtures/built-project.mjs";
import { eventually, goToLine, line, soon } from "./debug-view.mjs";
import { lens, memoryRow, noLens } from "./layout-view.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";
import { changeSettings, extensionReady, openQuickly, runCommand, tab } from "./workbench.mjs";

const RECORD = "future 12328 B, 3 suspend points, 1 task";

/** A bundled sample: its program comes built, so its layouts are known at once. From a window without any folder. */
export const layoutFlows = [
  [
    "a sample is opened, and over each async fn stands what the compiler has made of it",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Open a Sample");
      await page.getByPlaceholder("Firmware that comes with Pollscope").waitFor();
      await page.keyboard.type("big-future-bad");
      await page.keyboard.press("Enter");
      const rows = page.locator(".explorer-viewlet .monaco-list-row");
      await rows.filter({ has: page.getByText("README.md", { exact: true }) }).waitFor();
      await extensionReady(page);
      // The first command wakes the extension, which shows the sample's own page.
      await runCommand(page, "Pollscope: Show Async Memory");
      await tab(page, "[Preview] README.md").waitFor();
      await openQuickly(page, "bad.rs");
      await lens(page, RECORD);
      await lens(page, "future 8216 B, 1 suspend point, 1 task");
      await screenshot("layout-lenses");
    },
  ],
  [
    "a lens opens the layout: what each state keeps, and where",
    async ({ page, screenshot }) => {
      await (await lens(page, RECORD)).click();
      await tab(page, "record_task (layout)").waitFor();
      await line(page, "Suspend1 uses most: 12316 B.").waitFor();
      await line(page, /recording\s+\[u16;\s2048\]/).waitFor();
      await screenshot("layout-document");
      await runCommand(page, "View: Close Editor");
    },
  ],
  [
    "a hover over an await says what is kept across it",
    async ({ page, screenshot }) => {
      const hover = await hoverAt(page, "23:30", /12316 B of the 12328 B of record_task/);
      await hover.filter({ hasText: /8216 B.*big_future_bad::transmit/s }).waitFor();
      await hover.filter({ hasText: /4096 B\s*recording\s*\[u16; 2048\]/ }).waitFor();
      await screenshot("layout-hover");
      await page.keyboard.press("Escape");
    },
  ],
  [
    "the view of async memory has pools and futures against the RAM, and leads to the source",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Show Async Memory");
      await memoryRow(page, /264 KiB of RAM\s*statics 12684 B \(4\.7 %\)/).waitFor();
      await memoryRow(page, /record_task\s*12368 B, 4\.6 % of RAM/).waitFor();
      // There is room for some rows only.
      await memoryRow(page, /^Task pools/)
        .locator(".monaco-tl-twistie")
        .click();
      await memoryRow(page, /transmit\s*8216 B, 1 suspend point, 1 task/).click();
      await page
        .locator(".part.statusbar")
        .getByText(/^Ln 28, Col 1/)
        .waitFor();
      await screenshot("layout-view");
    },
  ],
  [
    "lenses move with the text, and say when a function is no longer what was built",
    async ({ page, screenshot }) => {
      await openQuickly(page, "bad.rs");
      await goToLine(page, 1);
      await page.keyboard.press("Enter");
      await lens(page, /^future 12328 B, 3 suspend points, 1 task$/);
      await goToLine(page, 20);
      await page.keyboard.type("x");
      await lens(page, `${RECORD}, as of the last build`);
      await lens(page, /^future 8216 B, 1 suspend point, 1 task$/);
      await screenshot("layout-stale");
      await page.keyboard.press("Control+Z");
      await lens(page, /^future 12328 B, 3 suspend points, 1 task$/);
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, title, className }) => [
    `pictures of layouts in the theme ${name}`,
    async ({ page, screenshot }) => {
      await setTheme(page, title);
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      await openQuickly(page, "bad.rs");
      await lens(page, RECORD);
      await page.locator(".part.statusbar").hover();
      await screenshot(`layout-lenses-${name}`);
      await hoverAt(page, "23:30", "12316 B");
      await screenshot(`layout-hover-${name}`);
      await page.keyboard.press("Escape");
      await (await lens(page, RECORD)).click();
      await line(page, "Suspend1 uses most").waitFor();
      await screenshot(`layout-document-${name}`);
      await runCommand(page, "View: Close Editor");
    },
  ]),
];

/** A project of cargo's, before and after its first build. */
export const builtProjectFlows = [
  [
    "nothing is said of a project that is not built",
    async ({ page, screenshot }) => {
      await openQuickly(page, "main.rs");
      await runCommand(page, "Pollscope: Show Async Memory");
      await page
        .getByText("Nothing is built yet, so what the compiler makes of each async fn is not known")
        .waitFor();
      await noLens(page);
      await screenshot("layout-unbuilt");
    },
  ],
  [
    "a build is noticed by itself, whoever has started it",
    async ({ page, workspace }) => {
      linkProgram(workspace, "blink", { elf: "blink-dev.elf", source: "src/main.rs" });
      await lens(page, "future 40 B, 3 suspend points, 1 task");
      await memoryRow(page, /heartbeat_task/).waitFor();
      await hoverAt(page, "31:24", /of the 32 B of blink_task/);
      await page.keyboard.press("Escape");
    },
  ],
  [
    "what a lint has found is confirmed by the build",
    async ({ page, workspace, screenshot }) => {
      await openQuickly(page, "bad.rs");
      await runCommand(page, "Problems: Focus on Problems View");
      const problem = page
        .locator(".markers-panel .monaco-list-row")
        .filter({ hasText: /held across an await/ });
      await problem.waitFor();
      linkProgram(workspace, "bad", { elf: "guard-across-await-bad-dev.elf", source: "src/bin/bad.rs" });
      await problem.filter({ hasText: "confirmed by the build, which keeps 8 B for it" }).waitFor();
      await screenshot("layout-confirmed");
      await runCommand(page, "View: Hide Panel");
      await runCommand(page, "View: Close Editor");
    },
  ],
  [
    "the layout of the async fn at the cursor is shown by a command",
    async ({ page }) => {
      await openQuickly(page, "main.rs");
      await goToLine(page, 48);
      await runCommand(page, "Pollscope: Show the Layout of This Async Fn");
      await tab(page, "heartbeat_task (layout)").waitFor();
      await line(page, "future 40 B, aligned to 8, 3 suspend points, 1 task").waitFor();
      await runCommand(page, "View: Close Editor");
    },
  ],
  [
    "a setting turns lenses off, and on again",
    async ({ page, workspace }) => {
      await openQuickly(page, "main.rs");
      changeSettings(workspace, { "pollscope.layouts.showInEditor": false });
      await noLens(page);
      changeSettings(workspace, {});
      await lens(page, "future 40 B, 3 suspend points, 1 task");
    },
  ],
];

/** Shows the hover at a place, `LINE:COLUMN`, as the keyboard does; it goes away when anything takes the focus. */
async function hoverAt(page, place, text) {
  const hover = page.locator(".monaco-hover:visible").filter({ hasText: text });
  const isShown = async () => {
    await goToLine(page, place);
    await runCommand(page, "Show or Focus Hover");
    return soon(() => hover.isVisible());
  };
  await eventually(isShown, () => `there is no hover with ${text}`);
  return hover;
}

async function setTheme(page, title) {
  await runCommand(page, "Preferences: Color Theme");
  await page.keyboard.type(title);
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await rows
    .filter({ has: page.getByText(title, { exact: true }) })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
}
