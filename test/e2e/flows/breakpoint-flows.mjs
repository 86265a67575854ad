import {
  breakpointRow,
  consoleLine,
  debugSample,
  goToLine,
  lineWith,
  nextStop,
  pause,
  removeBreakpoints,
  scrollBreakpoints,
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

/** The first of two lines of comment with code behind them. */
const COMMENT = lineWith("blink/src/main.rs", "`beats` is used again after both awaits");

const press = (page, key) => () => page.keyboard.press(key);

/** Breakpoints of every kind, each set as a person sets it, in blink. */
export const breakpointFlows = [
  [
    "a function breakpoint on the polls of a task is typed, and stops where one begins",
    async ({ page, screenshot }) => {
      await debugSample(page, "blink", "debug build");
      await toolbarButton(page, "Pause").waitFor();
      await showDebugViews(page, ["Call Stack", "Breakpoints"]);
      await pause(page);
      await page.locator(".pane-header").filter({ hasText: "Breakpoints" }).hover();
      await page.getByRole("button", { name: "Add Function Breakpoint" }).click();
      await scrollBreakpoints(page);
      await page.locator(".debug-breakpoints input").fill("poll:heartbeat_task");
      await page.keyboard.press("Enter");
      const row = await breakpointRow(page, "poll:heartbeat_task");
      await row.waitFor();
      await nextStop(page, press(page, "F5"), /poll \d+ of heartbeat_task begins/);
      await stackRow(page, /^heartbeat_task · running/).waitFor();
      await screenshot("debug-breakpoints");
      await removeBreakpoints(page);
      await row.waitFor({ state: "detached" });
    },
  ],
  [
    "a log point writes its message with the values, and does not stop",
    async ({ page }) => {
      await goToLine(page, STORE);
      await runCommand(page, "Debug: Add Logpoint...");
      await page.locator(".breakpoint-widget .monaco-editor.focused").waitFor();
      await page.keyboard.type("beat {beats} of {BEATS}");
      await page.keyboard.press("Enter");
      await page.locator(".breakpoint-widget").waitFor({ state: "detached" });
      await page.keyboard.press("F5");
      await runCommand(page, "Debug Console: Focus on Debug Console View");
      await consoleLine(page, /beat \d+ of \d+/).waitFor();
      await toolbarButton(page, "Pause").waitFor();
      await pause(page);
      await removeBreakpoints(page);
    },
  ],
  [
    "a data breakpoint, set on a variable, stops when it changes",
    async ({ page, screenshot }) => {
      await toggleBreakpoint(page, STORE);
      await page.keyboard.press("F5");
      await stoppedAtLine(page, STORE);
      await toggleBreakpoint(page, STORE);
      await showDebugViews(page, ["Variables", "Call Stack"]);
      await variableRow(page, /^beats =/).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Break on Value Change" }).hover();
      await page.keyboard.press("Enter");
      await showDebugViews(page, ["Call Stack", "Breakpoints"]);
      await (await breakpointRow(page, "beats (4 bytes at 0x2000")).waitFor();
      await nextStop(page, press(page, "F5"), /4 bytes at 0x2000[0-9a-f]{4} become \d+ \(it was \d+\)/);
      await screenshot("debug-data-breakpoint");
      await removeBreakpoints(page);
    },
  ],
  [
    "a breakpoint in a comment goes to the next line that has code",
    async ({ page }) => {
      await toggleBreakpoint(page, COMMENT);
      await showDebugViews(page, ["Call Stack", "Breakpoints"]);
      const row = await breakpointRow(page, "main.rs");
      await row.filter({ hasText: `${COMMENT + 2}` }).waitFor();
      await removeBreakpoints(page);
      await stopDebugging(page);
    },
  ],
];
