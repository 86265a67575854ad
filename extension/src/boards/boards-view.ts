import * as vscode from "vscode";
import type { Board } from "../pico/boards/board";
import { boardWays } from "../pico/boards/board-ways";
import type { AttachedBoards } from "./attached-boards";

/** A board in the view, which menus hand to commands. */
export interface BoardRow {
  readonly board: Board;
}

type Row = BoardRow | { readonly detail: string };

/** The view of the boards that are attached, each with how it can be reached. */
export function registerBoardsView(boards: AttachedBoards): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getChildren: (row) => {
      if (row === undefined) return boards.all.map((board) => ({ board }));
      return "board" in row ? detailsOf(row.board).map((detail) => ({ detail })) : [];
    },
    getTreeItem: (row) => ("board" in row ? boardItem(row.board) : new vscode.TreeItem(row.detail)),
  };
  return vscode.Disposable.from(
    changed,
    boards.onDidChange(() => changed.fire(undefined)),
    vscode.window.registerTreeDataProvider("pollscope.boards", provider),
  );
}

const ICONS: Readonly<Record<Board["kind"], string>> = {
  bootsel: "circuit-board",
  running: "play-circle",
  probe: "debug-alt",
};

function boardItem(board: Board): vscode.TreeItem {
  const item = new vscode.TreeItem(labelOf(board), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = board.id;
  item.description = board.serial ?? board.id;
  item.iconPath = new vscode.ThemeIcon(ICONS[board.kind]);
  // Menus are shown by this: what can be done with it.
  const hasConsole = board.kind !== "bootsel" && board.port !== undefined;
  item.contextValue = `board.${board.kind}${hasConsole ? ".console" : ""}`;
  item.tooltip = [labelOf(board), ...detailsOf(board)].join("\n");
  return item;
}

function labelOf(board: Board): string {
  switch (board.kind) {
    case "bootsel":
      return `${board.chip.name} in BOOTSEL mode`;
    case "running":
      return `${board.name}, running`;
    case "probe":
      return board.name;
  }
}

function detailsOf(board: Board): string[] {
  return [
    ...boardWays(board),
    ...(board.serial === undefined ? [] : [`serial number ${board.serial}`]),
    ...(board.usb === undefined ? [] : [`USB port ${board.usb.port}`]),
  ];
}
