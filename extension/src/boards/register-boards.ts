import * as vscode from "vscode";
import type { BuildDiagnostics } from "../debugging/build-diagnostics";
import type { Board } from "../pico/boards/board";
import { thisComputer } from "../pico/computer/this-computer";
import { showError } from "../platform/show-error";
import type { Surroundings } from "../platform/surroundings";
import { AttachedBoards } from "./attached-boards";
import { doWithBoard } from "./board-actions";
import { openConsoleCommand } from "./board-console";
import { type BoardRow, registerBoardsView } from "./boards-view";
import { flashAndDebug } from "./flash-and-debug";
import { flash, type FlashSurroundings } from "./flash-command";
import { registerFlashStatus } from "./flash-status";
import { registerMainLens } from "./main-lens";
import { setUpUsbAccess } from "./usb-access";

/** Everything about real boards: the view, the status bar, flashing, the console. */
export function registerBoards(
  surroundings: Surroundings,
  diagnostics: BuildDiagnostics,
): vscode.Disposable[] {
  const computer = thisComputer();
  const boards = new AttachedBoards(computer);
  const world: FlashSurroundings = { computer, boards, diagnostics, surroundings };
  /** A command that a row of the view may be given to; what the user can mend is shown. */
  const command = (name: string, run: (board?: Board) => Promise<unknown>) =>
    vscode.commands.registerCommand(`pollscope.${name}`, async (row?: Partial<BoardRow>) => {
      try {
        await run(row?.board);
      } catch (error) {
        showError(error, surroundings.log);
      }
    });
  return [
    vscode.Disposable.from(boards),
    registerBoardsView(boards, computer),
    registerFlashStatus(boards, computer),
    registerMainLens(),
    command("flash", (board) => flash(world, board)),
    command("flashAndDebug", (board) => flashAndDebug(world, board)),
    command("openConsole", (board) => openConsoleCommand(world, board)),
    command("refreshBoards", () => boards.lookClosely()),
    command("startBoard", (board) => doWithBoard(world, "start", board)),
    command("restartInBootsel", (board) => doWithBoard(world, "bootsel", board)),
    command("eraseBoard", (board) => doWithBoard(world, "erase", board)),
    command("saveBoard", (board) => doWithBoard(world, "save", board)),
    command("setUpUsbAccess", () => setUpUsbAccess()),
  ];
}
