import { join } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { Board } from "../pico/boards/board";
import { setting } from "../platform/settings";
import { refuseToRunWhenRestricted } from "../platform/trust";
import { chooseBoard } from "./board-choice";
import type { FlashSurroundings } from "./flash-command";

/** Milliseconds in which a program that was started must have come up on USB to get a console. */
const START_TIME = 6000;
const LOOK_EVERY = 300;

const NAME = "Pico Console";

interface ConsoleOptions {
  /** The ELF, to decode defmt with; undefined for text. */
  readonly firmware: string | undefined;
  /** The board to listen to; undefined for the port of the setting. */
  readonly board: Board | undefined;
}

/** Shows what a board prints in a terminal of its own: the command line does it, and outlives no window. */
export function openConsole(extension: string, { firmware, board }: ConsoleOptions): void {
  refuseToRunWhenRestricted();
  closeConsole();
  const port = setting("console.port");
  const from = port !== "" ? ["--port", port] : board === undefined ? [] : ["--board", board.id];
  const terminal = vscode.window.createTerminal({
    name: NAME,
    iconPath: new vscode.ThemeIcon("output"),
    shellPath: process.execPath,
    shellArgs: [
      join(extension, "dist", "pollscope.js"),
      "console",
      ...(firmware === undefined ? [] : [firmware]),
      ...from,
    ],
    env: { ELECTRON_RUN_AS_NODE: "1" },
    isTransient: true,
  });
  terminal.show(true);
}

/** Closes the console: on Windows nobody else can use a port that it reads. */
export function closeConsole(): void {
  for (const terminal of vscode.window.terminals) if (terminal.name === NAME) terminal.dispose();
}

/** The console of a board that was chosen, or of the only one that has something to say. */
export async function openConsoleCommand(world: FlashSurroundings, wanted?: Board): Promise<void> {
  refuseToRunWhenRestricted();
  const { extension } = world.surroundings;
  if (setting("console.port") !== "") {
    openConsole(extension, { firmware: undefined, board: undefined });
    return;
  }
  const speaking = (await world.boards.look()).filter(
    (board) => board.kind !== "bootsel" && board.port !== undefined,
  );
  const possible = wanted === undefined ? speaking : speaking.filter(({ id }) => id === wanted.id);
  if (possible.length === 0) {
    throw new UserError(
      "No attached board has a serial port",
      "flash a program that has one, or set pollscope.console.port to the port of a USB-to-UART adapter",
    );
  }
  const board = await chooseBoard(world.computer, possible, "Console of Which Board?");
  if (board !== undefined) openConsole(extension, { firmware: undefined, board });
}

/** The console of a program that was just flashed, if it turns out to have one. */
export async function openConsoleAfterFlash(
  { computer, boards, surroundings: { extension } }: FlashSurroundings,
  { firmware, board }: { readonly firmware: string; readonly board: Board },
): Promise<void> {
  if (board.kind === "probe" || setting("console.port") !== "") {
    openConsole(extension, { firmware, board });
    return;
  }
  const end = computer.now() + START_TIME;
  const never = new AbortController().signal;
  while (computer.now() < end) {
    const found = (await boards.look()).find(({ id }) => id === board.id);
    if (found?.kind === "running" && found.port !== undefined) {
      openConsole(extension, { firmware, board: found });
      return;
    }
    // A board without a USB port that is known cannot be found again.
    if (board.usb === undefined) return;
    await computer.sleep(LOOK_EVERY, never);
  }
}
