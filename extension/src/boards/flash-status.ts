import * as vscode from "vscode";
import { boardTitle } from "../pico/boards/board";
import { isLookCheap } from "../pico/boards/usb-devices";
import type { Computer } from "../pico/computer/computer";
import type { AttachedBoards } from "./attached-boards";

/**
 * The button in the status bar, as long as a board is attached.
 * It is kept true while the window has the focus. Where a look starts programs, only a button that is shown is; whether
 * one is to be shown is looked at whenever the window gets the focus, and by all else that looks for boards.
 */
export function registerFlashStatus(boards: AttachedBoards, computer: Computer): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("pollscope.flash", vscode.StatusBarAlignment.Left, 5);
  item.name = "Flash to Pico";
  item.text = "$(zap) Flash to Pico";
  item.command = "pollscope.flash";
  let watching: { dispose(): void } | undefined;
  const stopWatching = () => {
    watching?.dispose();
    watching = undefined;
  };
  const update = () => {
    const isShown = boards.all.length > 0;
    item.tooltip = ["Build, and bring it into the attached board:", ...boards.all.map(boardTitle)].join("\n");
    if (isShown) item.show();
    else item.hide();
    if (vscode.window.state.focused && (isShown || isLookCheap(computer))) watching ??= boards.watch();
    else stopWatching();
  };
  update();
  void boards.look();
  return vscode.Disposable.from(
    item,
    boards.onDidChange(update),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      update();
      if (focused) void boards.look();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void boards.look()),
    { dispose: stopWatching },
  );
}
