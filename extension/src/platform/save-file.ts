import * as vscode from "vscode";

/** Asks where to save what a page has made, and saves it there. */
export async function saveFile(
  name: string,
  bytes: Uint8Array,
  folder: vscode.Uri | undefined,
): Promise<void> {
  const defaultUri = folder === undefined ? undefined : vscode.Uri.joinPath(folder, name);
  const target = await vscode.window.showSaveDialog({
    ...(defaultUri && { defaultUri }),
    title: `Save ${name}`,
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes);
}
