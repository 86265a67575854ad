import * as vscode from "vscode";
import { boardTitle } from "../pico/boards/board";
import type { AttachedBoards } from "./attached-boards";

/** The button in the status bar, as long as a board is attached. */
export function registerFlashStatus(boards: AttachedBoards): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("pollscope.flash", vscode.StatusBarAlignment.Left, 5);
  item.name = "Flash to Pico";
  item.text = "$(zap) Flash to Pico";
  item.command = "pollscope.flash";
  const update = () => {
    item.tooltip = ["Build, and bring it into the attached board:", ...boards.all.map(boardTitle)].join("\n");
    if (boards.all.length > 0) item.show();
    else item.hide();
  };
  update();
  return vscode.Disposable.from(item, boards.onDidChange(update));
}
