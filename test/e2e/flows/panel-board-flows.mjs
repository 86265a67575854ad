import assert from "node:assert/strict";
import { debugSample, eventually, pause, stopDebugging, stopped, toolbarButton } from "./debug-view.mjs";
import { showAlone } from "./panel-view.mjs";
import { changeSettings } from "./workbench.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";

/** The board of samples with a button and a display, a UART, and a sensor. */
export const panelBoardFlows = [
  [
    "the board shows the Pico of a run, with its pins and the parts of the launch configuration",
    async ({ page }) => {
      await page.setViewportSize({ width: 1240, height: 900 });
      await debugSample(page, "button-or-timeout", "release build");
      const board = await showAlone(page, "Board", "board");
      await board.getByText(/^At .* running\.$/).waitFor();
      assert.equal(await board.locator(".pico .pin").count(), 40);
      await part(board, "tm1637").getByText("clk GP2 (pin 4), dio GP3 (pin 5)").waitFor();
      await pinRow(board, "GP15")
        .filter({ hasText: /SIO\s+in\s+up/ })
        .waitFor({ state: "attached" });
      await board.locator(".pico .pin").filter({ hasText: "GP15" }).click();
      await board.getByText(/^GP15 \(pin 20\): (high|low), SIO, input, pull-up, \d+ change/).waitFor();
      // The press of the launch configuration is long over when nobody has pressed for five seconds.
      await shows(board, "time");
    },
  ],
  [
    "a button is pressed for as long as the mouse holds it, and the display says so",
    async ({ page }) => {
      const board = await showAlone(page, "Board", "board");
      const push = part(board, "button15").locator(".push");
      await push.hover();
      await page.mouse.down();
      await board.locator('.push[aria-pressed="true"]').waitFor();
      await shows(board, "btn ");
      await pinRow(board, "GP15")
        .filter({ hasText: /20\s+low/ })
        .waitFor({ state: "attached" });
      await page.mouse.up();
      await board.locator('.push[aria-pressed="false"]').waitFor();
      await pinRow(board, "GP15")
        .filter({ hasText: /20\s+high/ })
        .waitFor({ state: "attached" });
    },
  ],
  [
    "and by a key, once nobody has pressed it for a while",
    async ({ page }) => {
      const board = await showAlone(page, "Board", "board");
      await shows(board, "time");
      await part(board, "button15").locator(".push").focus();
      await page.keyboard.down("Space");
      await board.locator('.push[aria-pressed="true"]').waitFor();
      await shows(board, "btn ");
      await page.keyboard.up("Space");
      await board.locator('.push[aria-pressed="false"]').waitFor();
    },
  ],
  [
    "parts are wired and taken off, what cannot be is refused, and the run can be copied",
    async ({ page }) => {
      const board = await showAlone(page, "Board", "board");
      const wire = board.locator("form.wire");
      await wire.locator('select[name="kind"]').selectOption("LED");
      await wire.locator('select[name="pin"]').selectOption("GP25");
      await wire.getByRole("button", { name: "Wire it" }).click();
      await part(board, "led25").getByText("GP25 (on the board)").waitFor();
      await wire.locator('select[name="pin"]').selectOption("GP15");
      await wire.getByRole("button", { name: "Wire it" }).click();
      await board.getByRole("alert").filter({ hasText: "GPIO15 is used twice: by button15" }).waitFor();
      await part(board, "led25").getByRole("button", { name: "Take led25 off the board" }).click();
      await part(board, "led25").waitFor({ state: "detached" });
      await board.getByRole("button", { name: "Copy as launch configuration" }).click();
      await board
        .getByRole("alert")
        .filter({ hasText: "a run that is launched with them is the same" })
        .waitFor();
      await board.getByText(/^\d+ inputs so far$/).waitFor();
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, label, className }) => [
    `pictures of the board in the theme ${name}`,
    async ({ page, workspace, screenshot }) => {
      changeSettings(workspace, { "workbench.colorTheme": label });
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      const board = await showAlone(page, "Board", "board", 760);
      await shows(board, /time|btn /);
      await screenshot(`board-${name}`);
    },
  ]),
  [
    "pictures of the board in narrow side bars, and what was seen last stays when the session ends",
    async ({ page, screenshot }) => {
      const board = await showAlone(page, "Board", "board", 400);
      await pause(page);
      await board.getByText(/standing still; what you do now is seen when it goes on/).waitFor();
      await screenshot("board-narrow");
      await board.locator("form.wire").scrollIntoViewIfNeeded();
      await screenshot("board-narrow-parts");
      await stopDebugging(page);
      await board.getByText(/the session has ended/).waitFor();
      assert.ok(await part(board, "button15").locator(".push").isDisabled());
    },
  ],
  [
    "what is typed into a UART console that was wired by hand comes back, though the core was asleep for good",
    async ({ page, screenshot }) => {
      await debugSample(page, "uart-echo", "release build");
      const board = await showAlone(page, "Board", "board", 560);
      await board.getByText(/^No parts are wired to the board yet/).waitFor();
      // Nothing is to come that could wake it, as far as anybody knows.
      await stopped(page);
      await page.locator(".statusbar-item").filter({ hasText: "asleep for good" }).waitFor();
      const wire = board.locator("form.wire");
      await wire.locator('select[name="kind"]').selectOption("UART console");
      await wire.getByRole("button", { name: "Wire it" }).click();
      const console = part(board, "uart0");
      const line = console.getByRole("textbox", { name: "Text to send to UART0" });
      await line.fill("Grüße from the board");
      await line.press("Enter");
      await console.locator(".screen").filter({ hasText: "Grüße from the board" }).waitFor();
      assert.equal(await line.inputValue(), "");
      await toolbarButton(page, "Pause").waitFor();
      await line.fill("and again");
      await console.getByRole("button", { name: "Send" }).click();
      await console.locator(".screen").filter({ hasText: "and again" }).waitFor();
      await screenshot("board-uart");
      await stopDebugging(page);
    },
  ],
  [
    "the slider of a sensor turns the temperature that the firmware reads over I2C",
    async ({ page, screenshot }) => {
      await debugSample(page, "thermometer", "release build");
      const board = await showAlone(page, "Board", "board", 560);
      const screen = part(board, "uart0").locator(".screen");
      await screen.filter({ hasText: "21.5 C" }).waitFor();
      // What the launch configuration sets after two seconds.
      await screen.filter({ hasText: "30.0 C" }).waitFor();
      await pinRow(board, "GP4").filter({ hasText: "I2C0 SDA" }).waitFor({ state: "attached" });
      const sensor = part(board, "tmp102@0x48");
      const slider = sensor.getByRole("slider");
      await slider.focus();
      await page.keyboard.press("End");
      await screen.filter({ hasText: "125.0 C" }).waitFor();
      const exact = sensor.getByRole("spinbutton");
      await exact.fill("-7.5");
      await exact.press("Enter");
      await screen.filter({ hasText: "- 7.5 C" }).waitFor();
      await screenshot("board-sensor");
      await sensor.getByRole("button", { name: "Take tmp102@0x48 off the board" }).click();
      await screen.filter({ hasText: "No sensor at 0x48" }).waitFor();
      await stopDebugging(page);
    },
  ],
];

function part(board, name) {
  return board.locator(`.part[data-part="${name}"]`);
}

/** A row of the table of all pins. */
function pinRow(board, name) {
  return board
    .locator(".pins tbody tr")
    .filter({ has: board.locator("th", { hasText: new RegExp(`^${name}$`) }) });
}

/** Waits until the display shows a text. */
async function shows(board, text) {
  const reading = part(board, "tm1637").locator(".reading");
  const isShown = async () => {
    const now = await reading.innerText().catch(() => "");
    return typeof text === "string" ? now === text : text.test(now);
  };
  await eventually(isShown, () => `the display does not show ${text}`);
}
