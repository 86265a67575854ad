import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { readProject } from "./cargo-tools";
import { chooseProgram } from "./program-choice";

/** Asks again which program of the open project F5 is to debug. */
export async function chooseProgramOfFolder(memory: vscode.Memento): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  if (folder === undefined) {
    if (folders.length === 0) throw new UserError("No project is open", "open the folder of one first");
    return;
  }
  const { programs } = await readProject(folder.uri.fsPath, new AbortController().signal);
  await chooseProgram(memory, folder.uri.fsPath, programs);
}
