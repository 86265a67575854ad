import {
  consoleLine,
  debugSample,
  evaluate,
  goToLine,
  hoverWord,
  line,
  lineWith,
  pause,
  removeBreakpoints,
  showDebugViews,
  stackRow,
  stopDebugging,
  stoppedAtLine,
  toggleBreakpoint,
  toolbarButton,
  variableRow,
} from "./debug-view.mjs";
import { runCommand } from "./workbench.mjs";

const STORE = lineWith("blink/src/main.rs", "BEATS.store(beats");
const TICK = lineWith("blink/src/main.rs", "@suspend blink-tick");

/** What a stopped firmware shows of its values, and how they are changed: blink, at its first beat. */
export const valueFlows = [
  [
    "a breakpoint stops the sample at its first beat",
    async ({ page }) => {
      await debugSample(page, "blink", "debug build");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Variables", "Call Stack"]);
      await pause(page);
      await toggleBreakpoint(page, STORE);
      await toolbarButton(page, "Restart").click();
      await stoppedAtLine(page, STORE);
      await variableRow(page, /^beats =\s*1$/).waitFor();
    },
  ],
  [
    "a hover over a variable shows its value as Rust shows it",
    async ({ page, screenshot }) => {
      await goToLine(page, STORE);
      await hoverWord(page, line(page, "Ordering::Relaxed)"), "beats");
      await page.locator(".debug-hover-widget").getByText(/^1$/).waitFor();
      await hoverWord(page, line(page, "Ordering::Relaxed)"), "BEATS");
      await page.locator(".debug-hover-widget:visible").filter({ hasText: /^0/ }).waitFor();
      await screenshot("debug-hover-value");
      await page.keyboard.press("Escape");
    },
  ],
  [
    "a hover over the word await says why the task there does not run",
    async ({ page }) => {
      await goToLine(page, TICK);
      await hoverWord(page, line(page, "ticker.next().await"), "await");
      await page
        .locator(".monaco-hover:visible")
        .filter({ hasText: /blink_task suspended for [^]*timer due in/ })
        .waitFor();
      await page.keyboard.press("Escape");
    },
  ],
  [
    "a value is set in VARIABLES, and the firmware has it",
    async ({ page }) => {
      await variableRow(page, /^beats =\s*1$/).dblclick();
      const input = page.locator(".debug-variables input");
      await input.fill("41");
      await page.keyboard.press("Enter");
      await variableRow(page, /^beats =\s*41$/).waitFor();
      await page.keyboard.press("F5");
      await variableRow(page, /^beats =\s*42$/).waitFor();
    },
  ],
  [
    "a value that cannot be is refused, and why is said",
    async ({ page }) => {
      await variableRow(page, /^beats =\s*42$/).dblclick();
      await page.locator(".debug-variables input").fill("many");
      await page.keyboard.press("Enter");
      await page.getByText("there is no variable or static many").first().waitFor();
      await page.keyboard.press("Escape");
      await variableRow(page, /^beats =\s*42$/).waitFor();
    },
  ],
  [
    "an expression is watched, through a stop and the next one",
    async ({ page, screenshot }) => {
      await showDebugViews(page, ["Variables", "Watch", "Call Stack"]);
      await page.locator(".pane-header").filter({ hasText: "Watch" }).hover();
      await page.getByRole("button", { name: "Add Expression" }).click();
      await page.locator(".debug-watch input").fill("beats * 2 + 1");
      await page.keyboard.press("Enter");
      const watched = page.locator(".debug-watch .monaco-list-row");
      await watched.filter({ hasText: /beats \* 2 \+ 1 =\s*85$/ }).waitFor();
      await page.keyboard.press("F5");
      await watched.filter({ hasText: /beats \* 2 \+ 1 =\s*87$/ }).waitFor();
      await screenshot("debug-watch");
    },
  ],
  [
    "the Debug Console completes names, and evaluates",
    async ({ page, screenshot }) => {
      await runCommand(page, "Debug Console: Focus on Debug Console View");
      await page.keyboard.type("BEA");
      await page
        .locator(".suggest-widget.visible .monaco-list-row")
        .filter({ hasText: /^BEATS/ })
        .waitFor();
      await screenshot("debug-completion");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await consoleLine(page, /^42$/).waitFor();
      const answer = await evaluate(page, "nowhere + 1");
      await answer.filter({ hasText: /nowhere/ }).waitFor();
    },
  ],
  [
    "the disassembly shows the instruction at which the firmware stands",
    async ({ page, screenshot }) => {
      await stackRow(page, /^blink::heartbeat_task\s*main.rs/)
        .first()
        .click({ button: "right" });
      await page.getByRole("menuitem", { name: "Open Disassembly View" }).hover();
      await page.keyboard.press("Enter");
      const view = page.locator(".disassembly-view");
      await view
        .getByText(/\bldr\b/)
        .first()
        .waitFor();
      await view
        .getByText(/0x1000[0-9a-f]{4}/)
        .first()
        .waitFor();
      await screenshot("debug-disassembly");
      await runCommand(page, "View: Close Editor");
      await removeBreakpoints(page);
      await stopDebugging(page);
    },
  ],
];
