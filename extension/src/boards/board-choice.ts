import * as vscode from "vscode";
import { type Board, boardName } from "../pico/boards/board";
import { boardWays } from "../pico/boards/board-ways";
import type { Computer } from "../pico/computer/computer";
import { picobootBy } from "../pico/computer/picoboot-by";

/** The board that is meant: the only one, or the one that the user picks; undefined if none is picked. */
export async function chooseBoard(
  computer: Computer,
  boards: readonly Board[],
  title: string,
): Promise<Board | undefined> {
  if (boards.length === 1) return boards[0];
  const by = await picobootBy(computer);
  const items = boards.map((board) => ({
    label: boardName(board),
    description: board.serial ?? "",
    detail: boardWays(board, by).join(", "),
    board,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))
    ?.board;
}
