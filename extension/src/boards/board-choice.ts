import * as vscode from "vscode";
import { type Board, boardName } from "../pico/boards/board";
import { boardWays } from "../pico/boards/board-ways";

/** The board that is meant: the only one, or the one that the user picks; undefined if none is picked. */
export async function chooseBoard(boards: readonly Board[], title: string): Promise<Board | undefined> {
  if (boards.length === 1) return boards[0];
  const items = boards.map((board) => ({
    label: boardName(board),
    description: board.serial ?? "",
    detail: boardWays(board).join(", "),
    board,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))
    ?.board;
}
