import * as vscode from "vscode";

/** Asks where to save a file; undefined if nowhere. */
export async function askWhere(
  name: string,
  folder: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const defaultUri = folder === undefined ? undefined : vscode.Uri.joinPath(folder, name);
  return vscode.window.showSaveDialog({ ...(defaultUri && { defaultUri }), title: `Save ${name}` });
}

/** Asks where to save what a page has made, and saves it there. */
export async function saveFile(
  name: string,
  bytes: Uint8Array,
  folder: vscode.Uri | undefined,
): Promise<void> {
  const target = await askWhere(name, folder);
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes);
}
