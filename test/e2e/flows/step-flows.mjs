import {
  debugSample,
  lineWith,
  nextStop,
  pause,
  showDebugViews,
  stackRow,
  stopDebugging,
  stopSession,
  stoppedAtLine,
  toggleBreakpoint,
  toolbarButton,
} from "./debug-view.mjs";

const STORE = lineWith("blink/src/main.rs", "BEATS.store(beats");
const NAP = lineWith("blink/src/main.rs", "@suspend nap-timer");

const EVENT_STEPS = [
  { button: "Step to Next Poll", key: "Control+F10", happened: /poll \d+ of \w+ begins/ },
  { button: "Step to Next Wake", key: "Control+Shift+F11", happened: /_task woken by/ },
  { button: "Step to End of This Poll", key: "Alt+Shift+F11", happened: /poll \d+ of \w+ ends/ },
  { button: "Step to Next Event of This Task", key: "Alt+F11", happened: /heartbeat_task/ },
];

/** Each step, by its button and by its key, in blink. */
export const stepFlows = [
  [
    "steps over, into and out of an awaited function, by their buttons",
    async ({ page }) => {
      await startPausedBlink(page);
      await toggleBreakpoint(page, STORE);
      await toolbarButton(page, "Continue").click();
      await walk(page, (name) => toolbarButton(page, name).click());
    },
  ],
  [
    "steps over, into and out of an awaited function, by their keys",
    async ({ page }) => {
      const keys = { Continue: "F5", "Step Over": "F10", "Step Into": "F11", "Step Out": "Shift+F11" };
      await page.keyboard.press(keys.Continue);
      await walk(page, (name) => page.keyboard.press(keys[name]));
      await toggleBreakpoint(page, STORE);
    },
  ],
  ...EVENT_STEPS.map(({ button, key, happened }) => [
    `${button}: its button and its key`,
    async ({ page }) => {
      await stackRow(page, /^heartbeat_task/).click();
      await nextStop(page, () => toolbarButton(page, button).click(), happened);
      await stackRow(page, /^heartbeat_task/).click();
      await nextStop(page, () => page.keyboard.press(key), happened);
    },
  ]),
  [
    "a step in one of two sessions leaves the other where it is",
    async ({ page }) => {
      if (!(await toolbarButton(page, "Stop").isVisible())) await startPausedBlink(page);
      const status = page.locator('.statusbar-item[id$="pollscope.stop"]');
      const before = await status.innerText();
      await debugSample(page, "deadlock-bad", "release build");
      await stackRow(page, /^deadlock-bad/).click();
      await toolbarButton(page, "Pause").waitFor();
      await pause(page);
      await nextStop(
        page,
        () => page.keyboard.press("Control+F10"),
        /poll \d+ of (main|sensor_task|upload_task|blink_task) begins/,
      );
      await stackRow(page, /^blink, debug build/).click();
      await status.filter({ hasText: before.trim() }).waitFor();
      await stopSession(page, /^blink, debug build/);
      await stopDebugging(page);
    },
  ],
];

/** A session that stands still. */
async function startPausedBlink(page) {
  await debugSample(page, "blink", "debug build");
  await toolbarButton(page, "Pause").waitFor();
  await showDebugViews(page, ["Call Stack"]);
  await pause(page);
}

/** From the line before an await into the awaited function and back: three steps over, in and out. */
async function walk(page, step) {
  await stoppedAtLine(page, STORE);
  await step("Step Over");
  await stoppedAtLine(page, STORE + 1);
  await step("Step Into");
  await stoppedAtLine(page, NAP);
  await step("Step Out");
  await stoppedAtLine(page, STORE + 1);
  await step("Step Over");
  await stoppedAtLine(page, STORE + 2);
}
