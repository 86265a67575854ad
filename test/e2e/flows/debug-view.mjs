// The debugger's part of VS Code's user interface, as a person uses it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { attempted, runCommand } from "./workbench.mjs";

const PATIENCE = 45_000;
const MOMENTS = 3_000;
const LOOK_INTERVAL = 40;

const SAMPLES = resolve(import.meta.dirname, "../../../samples");

/** Starts a sample from the palette: `blink`, `debug build`. */
export async function debugSample(page, name, build) {
  // The list closes when an editor takes the focus because the firmware has just stopped in it.
  const pick = () => pickSample(page, new RegExp(`^${name}\\s*${build}`), name);
  await attempted(5, pick, () => page.keyboard.press("Escape"));
  await toolbarButton(page, "Stop").waitFor();
}

async function pickSample(page, row, name) {
  await runCommand(page, "Pollscope: Debug a Sample");
  await page.getByPlaceholder("Firmware that comes with Pollscope").fill(name, { timeout: 5000 });
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: row }).click({ timeout: 3000 });
}

/** Shows the debugger's side bar with these of its views, and only the heads of the others. */
export async function showDebugViews(page, names) {
  await runCommand(page, "View: Show Run and Debug");
  await page.locator(".debug-call-stack").waitFor();
  // What the mouse rests on shows what it is, in front of everything else.
  await page.locator(".part.statusbar").hover();
  for (const name of ["Variables", "Watch", "Call Stack", "Loaded Scripts", "Breakpoints"]) {
    const header = page.locator(".pane-header").filter({ has: page.getByText(name, { exact: true }) });
    const isOpen = (await header.getAttribute("aria-expanded")) === "true";
    // The name of the focused button may lie over the rest of the header.
    if (isOpen !== names.includes(name)) await header.click({ position: { x: 24, y: 10 } });
  }
}

/** A button of the debug toolbar, by the beginning of its name. */
export function toolbarButton(page, name) {
  return page.locator(`.debug-toolbar a.action-label[aria-label^="${name}"]`).first();
}

/** Waits until the firmware stands still. */
export async function stopped(page) {
  await toolbarButton(page, "Continue").waitFor();
}

/** Pauses the firmware. A session that has just begun has no threads yet, and VS Code then does nothing. */
export async function pause(page) {
  const isStopped = () => toolbarButton(page, "Continue").isVisible();
  const press = async () => {
    if (!(await isStopped())) await toolbarButton(page, "Pause").click();
    return soon(isStopped);
  };
  await eventually(press, () => "the firmware is not paused");
}

/** Pauses a running firmware, and lets it go on and pauses again until something holds, however fast this machine is. */
export async function pauseOnce(page, holds, complaint) {
  const isThere = async () => {
    await toolbarButton(page, "Pause").waitFor();
    await pause(page);
    // VS Code asks for threads and frames after it has shown that the firmware stands still.
    if (await soon(holds)) return true;
    await toolbarButton(page, "Continue").click();
    return false;
  };
  await eventually(isThere, () => complaint);
}

/** Ends the session from the toolbar. */
export async function stopDebugging(page) {
  await toolbarButton(page, "Stop").click();
  await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
}

/** Ends one of several sessions, by the button in its row: the toolbar's is for the one that VS Code has in focus. */
export async function stopSession(page, name) {
  const row = stackRow(page, name);
  await row.hover();
  await row.locator('a.action-label[aria-label^="Stop"]').click();
  await row.waitFor({ state: "detached" });
}

/** A row of CALL STACK. */
export function stackRow(page, text) {
  return page.locator(".debug-call-stack .monaco-list-row").filter({ hasText: text });
}

/** Clicks a step's button and waits until the status bar tells of another stop, which has to be such a one. */
export async function stepTo(page, button, pattern) {
  await nextStop(page, () => toolbarButton(page, button).click(), pattern);
}

/** Does what makes the firmware go on, and waits until the status bar tells of another stop, which has to be such a one. */
export async function nextStop(page, act, pattern) {
  const status = page.locator('.statusbar-item[id$="pollscope.stop"]');
  const before = (await status.count()) === 0 ? "" : await status.innerText();
  await act();
  let text = before;
  const isThere = async () => {
    text = (await status.count()) === 0 ? before : await status.innerText();
    return text !== before;
  };
  await eventually(isThere, () => `there is no other stop than ${before}`);
  assert.match(text, pattern);
  await stopped(page);
}

/** Waits until the firmware stands at a line of the editor in front, counted from 1. */
export async function stoppedAtLine(page, number) {
  const mark = page.locator(".monaco-editor .debug-top-stack-frame-line").first();
  const numbers = page.locator(".monaco-editor .line-numbers").getByText(String(number), { exact: true });
  const isBeside = async () => {
    const [marked, wanted] = await Promise.all([top(mark), top(numbers.first())]);
    return marked !== undefined && marked === wanted;
  };
  await eventually(isBeside, () => `the firmware does not stand at line ${number}`);
}

/** Where an element begins on the page, or undefined while it is not there. */
async function top(element) {
  return (await element.isVisible()) ? (await element.boundingBox())?.y : undefined;
}

/** A line of the editor in front. */
export function line(page, text) {
  return page
    .locator(".editor-group-container.active .monaco-editor .view-line")
    .filter({ hasText: text })
    .first();
}

/** Rests the mouse on a word of a line of the editor in front. */
export async function hoverWord(page, row, word) {
  const at = await row.evaluate((element, wanted) => {
    const { document: page, NodeFilter } = element.ownerDocument.defaultView;
    const texts = page.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const pattern = new RegExp(`\\b${wanted}\\b`);
    while (texts.nextNode()) {
      const found = pattern.exec(texts.currentNode.data);
      if (found === null) continue;
      const range = page.createRange();
      range.setStart(texts.currentNode, found.index);
      range.setEnd(texts.currentNode, found.index + wanted.length);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
    return null;
  }, word);
  assert.ok(at, `the line has no word ${word}`);
  await page.mouse.move(at.x + 200, at.y + 60);
  await page.mouse.move(at.x, at.y, { steps: 4 });
}

/** Puts the cursor on a line, which need not be in sight. */
export async function goToLine(page, number) {
  // Typed into the input itself: it closes when an editor takes the focus, which would then be typed into.
  const go = async () => {
    await runCommand(page, "Go to Line/Column...");
    const input = page.locator(".quick-input-widget input.input").first();
    await input.fill(`:${number}`, { timeout: MOMENTS });
    await input.press("Enter", { timeout: MOMENTS });
    await page.locator(".quick-input-widget").waitFor({ state: "hidden", timeout: MOMENTS });
  };
  await attempted(5, go, () => page.keyboard.press("Escape"));
}

/** Sets a breakpoint on a line, or takes it away. */
export async function toggleBreakpoint(page, number) {
  await goToLine(page, number);
  await page.keyboard.press("F9");
}

/**
 * A row of BREAKPOINTS, by a text in it: the view has room for nine, and what stops on findings comes first, so that
 * breakpoints of one's own are reached by scrolling.
 */
export async function breakpointRow(page, text) {
  await scrollBreakpoints(page);
  return page.locator(".debug-breakpoints .monaco-list-row").filter({ hasText: text });
}

/** Scrolls BREAKPOINTS to its end. */
export async function scrollBreakpoints(page) {
  const view = page.locator(".debug-breakpoints");
  await view.hover();
  const last = view.locator('.monaco-list-row[data-last-element="true"]');
  const isAtEnd = async () => {
    await page.mouse.wheel(0, 200);
    return (await last.count()) > 0;
  };
  await eventually(isAtEnd, () => "BREAKPOINTS does not scroll to its end");
}

/** Takes all breakpoints away. */
export async function removeBreakpoints(page) {
  await showDebugViews(page, ["Call Stack", "Breakpoints"]);
  await page.locator(".pane-header").filter({ hasText: "Breakpoints" }).hover();
  await page.getByRole("button", { name: "Remove All Breakpoints" }).click();
}

/** Evaluates in the Debug Console and gives what it answers. */
export async function evaluate(page, expression) {
  await runCommand(page, "Debug Console: Focus on Debug Console View");
  await page.keyboard.type(expression);
  await page.keyboard.press("Enter");
  const answers = page.locator(
    ".repl .monaco-list-row .evaluation-result, .repl .monaco-list-row .output.expression",
  );
  return answers.last();
}

/** A row of VARIABLES, by the beginning of its text. */
export function variableRow(page, text) {
  return page.locator(".debug-variables .monaco-list-row").filter({ hasText: text }).first();
}

/** A line of the Debug Console. */
export function consoleLine(page, text) {
  return page.locator(".repl .monaco-list-row").filter({ hasText: text }).last();
}

/** The line of a sample with this text, counted from 1. */
export function lineWith(sourceFile, text) {
  const lines = readFileSync(resolve(SAMPLES, sourceFile), "utf8").split("\n");
  const index = lines.findIndex((each) => each.includes(text));
  assert.notEqual(index, -1, `${sourceFile} has no line with ${text}`);
  return index + 1;
}

/** Waits until such a text stands behind a line in sight. */
export async function textBehindLine(page, pattern) {
  let texts = [];
  const isThere = async () => {
    texts = await textsBehindLines(page);
    return texts.some((text) => pattern.test(text));
  };
  await eventually(isThere, () => `${pattern} stands behind no line, only ${JSON.stringify(texts)}`);
}

/** Waits until no text stands behind any line in sight. */
export async function noTextBehindLines(page) {
  const isGone = async () => (await textsBehindLines(page)).length === 0;
  await eventually(isGone, () => "texts still stand behind lines");
}

/** What decorations add behind the code: it is no text of the page, only of its style. */
function textsBehindLines(page) {
  return page.locator(".monaco-editor .view-line span").evaluateAll((spans) =>
    spans.flatMap((span) => {
      const { content } = span.ownerDocument.defaultView.getComputedStyle(span, "::after");
      return content.startsWith('"') ? [content.slice(1, -1).replaceAll("\u00a0", " ")] : [];
    }),
  );
}

/** Waits until something holds. */
export async function eventually(holds, complaint) {
  if (!(await holdsWithin(PATIENCE, holds))) throw new Error(complaint());
}

/** Whether something holds, or does within moments: what VS Code has still to ask for and to draw. */
export function soon(holds) {
  return holdsWithin(MOMENTS, holds);
}

/** Looking with each frame that is drawn would keep the browser so busy that it puts off other work. */
async function holdsWithin(milliseconds, holds) {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await delay(LOOK_INTERVAL);
  }
  return true;
}

/** The processes that run the debug adapter of an installed extension. */
export function adapterProcesses(extensions) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = commandLine(pid);
      return words.includes(extensions) && words.includes("debug-adapter.js");
    })
    .map(Number);
}

function commandLine(pid) {
  try {
    return readFileSync(join("/proc", pid, "cmdline"), "utf8");
  } catch {
    return "";
  }
}

/** Pauses the sample deadlock-bad once it hangs, which it does from 0.9 s of its time on; CALL STACK must be in view. */
export async function pauseOnceDeadlocked(page) {
  const line = lineWith("deadlock/src/bin/bad.rs", "@suspend sensor-log");
  const stuck = new RegExp(`suspended for .*bad.rs:${line}`);
  const task = stackRow(page, /^sensor_task/);
  const isDeadlocked = async () => (await task.count()) > 0 && stuck.test(await task.innerText());
  await pauseOnce(page, isDeadlocked, "there is no deadlock");
}

/** Drags the edge of the side bar, as a person does who wants to read whole rows. */
export async function widenSideBar(page, width) {
  const { x, y, width: before, height } = await page.locator(".part.sidebar").boundingBox();
  await page.mouse.move(x + before, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width, y + height / 2, { steps: 5 });
  await page.mouse.up();
}
