import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { eventually, soon } from "./debug-view.mjs";
import { bundledModule } from "../stage.mjs";
import { openQuickly, notification, runCommand, searchPalette } from "./workbench.mjs";
import { WORKBENCH_THEMES } from "./themes.mjs";

const root = resolve(import.meta.dirname, "../../..");

/** Why the flows cannot run on this machine, or undefined: a serial port is made with Python. */
export function missingForFlash() {
  const { error } = spawnSync("python3", ["--version"]);
  return error === undefined ? undefined : "flashing: there is no python3, which stands in for a serial port";
}

/** Boards are folders that behave like the drives of boot ROMs (test/flash/boot-rom-drive.ts). */
export const flashFlows = [
  [
    "a board that is plugged in appears in the view and in the status bar",
    async ({ page, workspace, screenshot }) => {
      useDrives(workspace);
      await openQuickly(page, "main.rs");
      await runCommand(page, "Explorer: Focus on Pico Boards View");
      await boardsPane(page).getByText("No Pico is attached.").waitFor();
      const board = await plug(workspace, "RPI-RP2", "RP2040");
      await boardRow(page, "RP2040 in BOOTSEL mode").waitFor();
      await flashButton(page).waitFor();
      await boardRow(page, "RP2040 in BOOTSEL mode").click();
      await boardRow(page, /^drive /).waitFor();
      // main is at the end of the file.
      await page.locator(".editor-instance .view-line").first().click();
      await page.keyboard.press("Control+End");
      await page.locator(".codelens-decoration a").filter({ hasText: "Flash to Pico" }).first().waitFor();
      await screenshot("flash-board");
      board.unplug();
      await boardsPane(page).getByText("No Pico is attached.").waitFor();
    },
  ],
  [
    "without a board it says what to do",
    async ({ page, screenshot }) => {
      await runCommand(page, "Pollscope: Flash to Pico");
      await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "blink" }).first().click();
      await notification(page, "No Pico is attached; plug one in while you hold its BOOTSEL button");
      await screenshot("flash-no-board");
      await clear(page);
    },
  ],
  [
    "the button in the status bar builds, flashes and says so",
    async ({ page, workspace, screenshot }) => {
      const board = await plug(workspace, "RPI-RP2", "RP2040");
      await flashButton(page).click();
      await notification(page, "blink is in the board (the boot ROM has every block) and runs.");
      await board.restarted;
      await screenshot("flash-done");
      const elf = readFileSync(join(workspace, "target/blink"));
      assert.ok(includesText(board.flash, elf), "the board's flash has the program");
      await boardsPane(page).getByText("No Pico is attached.").waitFor();
      await clear(page);
    },
  ],
  [
    "what does not restart can be cancelled, or is told with what to do",
    async ({ page, workspace, screenshot }) => {
      const drive = plugDead(workspace);
      await flashButton(page).waitFor();
      await runCommand(page, "Pollscope: Flash to Pico");
      const progress = await notification(page, "Flashing blink");
      await progress.getByText("starting the program").first().waitFor();
      await screenshot("flash-progress");
      // The newest is the first; an older one may still be there for a moment.
      await progress.first().getByText("Cancel", { exact: true }).click();
      await notification(page, "Flashing was cancelled: the board may have only a part of the program.");
      await clear(page);
      await runCommand(page, "Pollscope: Flash to Pico");
      await notification(
        page,
        "The RP2040 has not restarted 10 s after its last block, so it lacks some; unplug the board",
      );
      await screenshot("flash-error");
      await clear(page);
      rmSync(drive, { recursive: true });
    },
  ],
  [
    "after that the same board takes the program; of two it asks which one",
    async ({ page, workspace, screenshot }) => {
      const first = await plug(workspace, "first", "RP2040");
      const second = await plug(workspace, "second", "RP2040");
      await boardRow(page, /second/).waitFor();
      await runCommand(page, "Pollscope: Flash to Pico");
      const choice = page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "second" });
      await choice.first().waitFor();
      await screenshot("flash-choice");
      await choice.first().click();
      await notification(page, "blink is in the board");
      await second.restarted;
      assert.ok(existsSync(first.folder), "the other board was left alone");
      first.unplug();
      await clear(page);
    },
  ],
  [
    "a program for another chip is not written",
    async ({ page, workspace }) => {
      const board = await plug(workspace, "RP2350", "RP2350");
      await boardRow(page, "RP2350 in BOOTSEL mode").waitFor();
      await runCommand(page, "Pollscope: Flash to Pico");
      await notification(
        page,
        "blink is for the RP2040 of a Pico, and this board has an RP2350; build it for a Pico 2",
      );
      assert.ok(
        board.flash.every((byte) => byte === 0xff),
        "nothing was written",
      );
      board.unplug();
      await clear(page);
    },
  ],
  [
    "the console shows what a board prints",
    async ({ page, workspace, screenshot }) => {
      const port = await openPort();
      useDrives(workspace, { "pollscope.console.port": port.path });
      const terminal = page.locator(".terminal-wrapper .xterm-rows");
      // VS Code reads the new settings in its own time.
      const isOpen = async () => {
        await runCommand(page, "Pollscope: Open Pico Console");
        return soon(() => terminal.getByText("Listening to").isVisible());
      };
      await eventually(isOpen, () => "the console does not open");
      port.say("boot 3 of blink\r\ntemp 21.5\r\n");
      await terminal.getByText("temp 21.5").waitFor();
      await screenshot("flash-console");
      port.close();
      await terminal.getByText("The board has gone away; waiting for it.").waitFor();
      await runCommand(page, "Terminal: Kill the Active Terminal Instance");
    },
  ],
  [
    "after flashing the console opens, and decodes what the firmware says through defmt",
    async ({ page, workspace, screenshot }) => {
      const port = await openPort();
      useDrives(workspace, { "pollscope.console.port": port.path });
      const blink = readFileSync(join(workspace, "target/blink"));
      writeFileSync(join(workspace, "target/blink"), firmwareWithDefmtOnSerial());
      const board = await plug(workspace, "RPI-RP2", "RP2040");
      await flashButton(page).click();
      await board.restarted;
      const terminal = page.locator(".terminal-wrapper .xterm-rows");
      await terminal.getByText("Listening to").waitFor();
      port.say(readFileSync(join(root, "test/golden/logs/defmt-log-release.rtt")));
      await terminal.getByText("panicked at 'the end, after 5 steps'").first().waitFor();
      await screenshot("flash-console-defmt");
      port.close();
      await runCommand(page, "Terminal: Kill the Active Terminal Instance");
      writeFileSync(join(workspace, "target/blink"), blink);
      await clear(page);
    },
  ],
  ...WORKBENCH_THEMES.map(({ name, label, className }) => [
    `the boards in the theme ${label}`,
    async ({ page, workspace, screenshot }) => {
      useDrives(workspace, { "workbench.colorTheme": label });
      const board = await plug(workspace, "RP2350", "RP2350");
      const drive = plugDead(workspace);
      await page.locator(`.monaco-workbench.${className}`).waitFor();
      await boardRow(page, "RP2350 in BOOTSEL mode").waitFor();
      await boardRow(page, "RP2040 in BOOTSEL mode").click();
      await screenshot(`flash-boards-${name}`);
      board.unplug();
      rmSync(drive, { recursive: true });
      await boardsPane(page).getByText("No Pico is attached.").waitFor();
    },
  ]),
];

/** A project that nobody has said to trust, with a board beside it. */
export const restrictedFlashFlows = [
  [
    "in a restricted project no board is looked for, and nothing can be flashed",
    async ({ page, workspace }) => {
      useDrives(workspace);
      const board = await plug(workspace, "RPI-RP2", "RP2040");
      const row = await searchPalette(page, "Pollscope: Flash to Pico");
      await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
      assert.equal(await row.count(), 0);
      await page.keyboard.press("Escape");
      await openQuickly(page, "main.rs");
      assert.equal(await flashButton(page).count(), 0);
      board.unplug();
    },
  ],
];

const drivesOf = (workspace) => join(workspace, "target/drives");

/** Lets Pollscope look for boards beside the project, and build with its own cargo. */
function useDrives(workspace, more = {}) {
  mkdirSync(drivesOf(workspace), { recursive: true });
  const settings = {
    "pollscope.cargo.path": join(workspace, "target/cargo.mjs"),
    "pollscope.boards.driveFolders": [drivesOf(workspace)],
    "terminal.integrated.gpuAcceleration": "off",
    ...more,
  };
  writeFileSync(join(workspace, ".vscode/settings.json"), JSON.stringify(settings));
}

let bootRoms;

async function plug(workspace, name, chip) {
  bootRoms ??= await bundledModule("./test/flash/boot-rom-drive.ts", join(workspace, "target/boot-rom"));
  return bootRoms.serveBootRom(join(drivesOf(workspace), name), chip);
}

/** A drive that takes all and never restarts. */
function plugDead(workspace) {
  const folder = join(drivesOf(workspace), "dead");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "INDEX.HTM"), "<html></html>\n");
  writeFileSync(
    join(folder, "INFO_UF2.TXT"),
    "UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n",
  );
  return folder;
}

/** A firmware that logs through defmt, and has no RTT that anybody could find: its messages come over a port. */
function firmwareWithDefmtOnSerial() {
  const elf = readFileSync(join(root, "test/firmware/defmt-log/prebuilt/defmt-log-release.elf"));
  for (let at = elf.indexOf("_SEGGER_RTT\0"); at >= 0; at = elf.indexOf("_SEGGER_RTT\0", at))
    elf.write("_serial_log", at);
  return elf;
}

/** A serial port, as a pseudo-terminal. */
async function openPort() {
  const helper = join(root, "test/helpers/pseudo-terminal.py");
  const terminal = spawn("python3", [helper], { stdio: ["pipe", "pipe", "inherit"] });
  const [path] = await once(createInterface(terminal.stdout), "line");
  return { path, say: (text) => terminal.stdin.write(text), close: () => terminal.kill() };
}

function boardsPane(page) {
  return page.locator('.pane:has(.pane-header[aria-label^="Pico Boards"])');
}

function boardRow(page, text) {
  return boardsPane(page).locator(".monaco-list-row").filter({ hasText: text }).first();
}

function flashButton(page) {
  return page.locator(".statusbar-item").filter({ hasText: "Flash to Pico" });
}

async function clear(page) {
  await runCommand(page, "Notifications: Clear All Notifications");
}

/** Whether flash has the code of an ELF file: its largest piece that is loaded. */
function includesText(flash, elf) {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.length);
  const table = view.getUint32(28, true);
  const segments = Array.from({ length: view.getUint16(44, true) }, (_, i) => {
    const word = (at) => view.getUint32(table + 32 * i + at, true);
    return { type: word(0), offset: word(4), physical: word(12), size: word(16) };
  }).filter(({ type, size }) => type === 1 && size > 0);
  return segments.every(({ offset, physical, size }) => {
    const start = physical - 0x1000_0000;
    return Buffer.compare(flash.subarray(start, start + size), elf.subarray(offset, offset + size)) === 0;
  });
}
