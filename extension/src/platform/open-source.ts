import { join } from "node:path";
import * as vscode from "vscode";
import { sourcePaths } from "./source-path";

/** How long the status bar tells that a file is not there, in milliseconds. */
const TOLD_FOR = 6000;

/**
 * Opens a line of a source file beside what is in front, which keeps the focus. One that is not on this machine is told
 * of in the status bar: who clicks through a trace does not want to be stopped by it.
 * @param extension the extension's folder; the samples' sources are below it
 */
export async function openSource(file: string, line: number, extension: string): Promise<void> {
  const workspace = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [];
  const found = await firstFile(sourcePaths(file, [...workspace, join(extension, "samples")]));
  if (found === undefined) {
    vscode.window.setStatusBarMessage(`$(info) ${file} is not on this machine`, TOLD_FOR);
    return;
  }
  const start = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(found, {
    selection: new vscode.Range(start, start),
    viewColumn: columnOf(found),
    preserveFocus: true,
    preview: true,
  });
}

/** Where the file is open already; else beside a trace that is in front, or where texts are. */
function columnOf(file: vscode.Uri): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const isShown = ({ activeTab }: vscode.TabGroup) =>
    activeTab?.input instanceof vscode.TabInputText && activeTab.input.uri.toString() === file.toString();
  const group =
    all.find(isShown) ?? all.find(({ activeTab }) => activeTab?.input instanceof vscode.TabInputText);
  if (group !== undefined) return group.viewColumn;
  return activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom
    ? vscode.ViewColumn.Beside
    : vscode.ViewColumn.Active;
}

async function firstFile(paths: readonly string[]): Promise<vscode.Uri | undefined> {
  for (const path of paths) {
    const uri = vscode.Uri.file(path);
    try {
      if ((await vscode.workspace.fs.stat(uri)).type !== vscode.FileType.Directory) return uri;
    } catch {
      // The next may exist.
    }
  }
  return undefined;
}
