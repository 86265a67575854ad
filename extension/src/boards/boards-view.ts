import * as vscode from "vscode";
import { type Board, boardName } from "../pico/boards/board";
import { boardProgram } from "../pico/boards/board-program";
import { boardWays } from "../pico/boards/board-ways";
import type { Computer } from "../pico/computer/computer";
import { picobootBy } from "../pico/computer/picoboot-by";
import type { AttachedBoards } from "./attached-boards";

/** Milliseconds for a board to say what is in its flash. */
const ANSWER_TIME = 5000;

/** A board in the view, which menus hand to commands. */
export interface BoardRow {
  readonly board: Board;
}

type Row = BoardRow | { readonly detail: string };

/** The view of the boards that are attached, each with how it can be reached. */
export function registerBoardsView(boards: AttachedBoards, computer: Computer): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (row) => {
      if (row === undefined) return boards.all.map((board) => ({ board }));
      if (!("board" in row)) return [];
      const details = [...(await detailsOf(computer, row.board)), ...(await programOf(computer, row.board))];
      return details.map((detail) => ({ detail }));
    },
    getTreeItem: (row) => ("board" in row ? boardItem(computer, row.board) : new vscode.TreeItem(row.detail)),
  };
  const view = vscode.window.createTreeView("pollscope.boards", { treeDataProvider: provider });
  let watching: { dispose(): void } | undefined;
  const watchWhile = (isVisible: boolean) => {
    watching?.dispose();
    watching = isVisible ? boards.watch() : undefined;
  };
  watchWhile(view.visible);
  return vscode.Disposable.from(
    changed,
    boards.onDidChange(() => changed.fire(undefined)),
    view,
    view.onDidChangeVisibility(({ visible }) => watchWhile(visible)),
    { dispose: () => watchWhile(false) },
  );
}

/** What is in the flash of a board that waits for a program, where picotool can ask it. */
async function programOf(computer: Computer, board: Board): Promise<string[]> {
  if (board.kind !== "bootsel") return [];
  const facts = await boardProgram(computer, board, AbortSignal.timeout(ANSWER_TIME));
  return facts.map(({ name, value }) => `${name}: ${value}`);
}

const ICONS: Readonly<Record<Board["kind"], string>> = {
  bootsel: "circuit-board",
  running: "play-circle",
  probe: "debug-alt",
};

async function boardItem(computer: Computer, board: Board): Promise<vscode.TreeItem> {
  const item = new vscode.TreeItem(boardName(board), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = board.id;
  item.description = board.serial ?? board.id;
  item.iconPath = new vscode.ThemeIcon(ICONS[board.kind]);
  // Menus are shown by this: what can be done with it.
  const hasConsole = board.kind !== "bootsel" && board.port !== undefined;
  item.contextValue = `board.${board.kind}${hasConsole ? ".console" : ""}`;
  item.tooltip = [boardName(board), ...(await detailsOf(computer, board))].join("\n");
  return item;
}

async function detailsOf(computer: Computer, board: Board): Promise<string[]> {
  return [
    ...boardWays(board, await picobootBy(computer)),
    ...(board.serial === undefined ? [] : [`serial number ${board.serial}`]),
    ...(board.usb === undefined ? [] : [`USB port ${board.usb.port}`]),
  ];
}
