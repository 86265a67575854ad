import * as vscode from "vscode";
import { setting } from "../platform/settings";
import type { AwaitLines } from "./await-lines";
import { awaitLineText } from "./await-text";

/** Shows behind each `.await` which tasks are suspended there while the firmware is stopped. */
export function registerAwaitDecorations(lines: AwaitLines): vscode.Disposable {
  const decoration = vscode.window.createTextEditorDecorationType({
    after: {
      margin: "0 0 0 3ch",
      color: new vscode.ThemeColor("pollscope.awaitForeground"),
      fontStyle: "italic",
    },
    isWholeLine: true,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  const draw = (editor: vscode.TextEditor) => editor.setDecorations(decoration, decorationsOf(editor, lines));
  const drawAll = () => vscode.window.visibleTextEditors.forEach(draw);
  return vscode.Disposable.from(
    decoration,
    lines.onDidChange(drawAll),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pollscope.awaits")) drawAll();
    }),
  );
}

function decorationsOf({ document }: vscode.TextEditor, lines: AwaitLines): vscode.DecorationOptions[] {
  if (!setting("awaits.showInEditor")) return [];
  return lines
    .at(document.uri.fsPath)
    .filter(({ line }) => line <= document.lineCount)
    .map(({ line, tasks }) => ({
      range: document.lineAt(line - 1).range,
      renderOptions: { after: { contentText: awaitLineText(tasks, functionAround(document, line)) } },
    }));
}

/** The name of the function that a line is in, as far as the text tells it: the last one that begins before. */
function functionAround(document: vscode.TextDocument, line: number): string | undefined {
  for (let above = line - 1; above >= 0; above--) {
    const name = /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+(\w+)/.exec(
      document.lineAt(above).text,
    )?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}
