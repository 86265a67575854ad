import * as vscode from "vscode";
import { lensText } from "../layouts/lens-text";
import { setting } from "../platform/settings";
import type { Layouts } from "./layouts";
import { layoutUri } from "./layout-documents";

/** Over each async fn its size, as of the last build; a click opens the layout. */
export function registerLayoutLenses(layouts: Layouts): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    layouts.programs.onDidChange(() => changed.fire()),
    vscode.workspace.onDidSaveTextDocument(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pollscope.layouts")) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(
      { language: "rust", scheme: "file" },
      { onDidChangeCodeLenses: changed.event, provideCodeLenses: (document) => lensesOf(document, layouts) },
    ),
  );
}

async function lensesOf(document: vscode.TextDocument, layouts: Layouts): Promise<vscode.CodeLens[]> {
  if (!setting("layouts.showInEditor")) return [];
  const found = await layouts.ofDocument(document);
  if (found === undefined) return [];
  return found.placed.functions
    .filter(({ line }) => line <= document.lineCount)
    .map((each) => {
      const title = lensText(each);
      const tooltip = `Layout of ${each.name} in ${found.program.label}`;
      const name = each.instances[0]?.name ?? each.name;
      const shown = [layoutUri(found.program, name)];
      const command = { title, tooltip, command: "vscode.open", arguments: shown };
      return new vscode.CodeLens(document.lineAt(each.line - 1).range, command);
    });
}
