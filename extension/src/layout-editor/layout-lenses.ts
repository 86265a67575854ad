import * as vscode from "vscode";
import { DEBUG_TYPE } from "../debugging/debug-type";
import { lensText } from "../layouts/lens-text";
import { setting } from "../platform/settings";
import type { Layouts } from "./layouts";
import { layoutUri } from "./layout-documents";

/** Over each async fn its size, as of the last build; a click opens the layout. */
export function registerLayoutLenses(layouts: Layouts): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  /** Whether the last lenses were for a session. */
  let wasDebugging = false;
  const provideCodeLenses = async (document: vscode.TextDocument) => {
    const lenses = await lensesOf(document, layouts);
    wasDebugging = isDebugging();
    return lenses;
  };
  return vscode.Disposable.from(
    changed,
    layouts.programs.onDidChange(() => changed.fire()),
    vscode.workspace.onDidSaveTextDocument(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pollscope.layouts")) changed.fire();
    }),
    vscode.debug.onDidChangeActiveDebugSession(() => changed.fire()),
    // VS Code forgets a change that follows closely on an answer, as a session does on its file.
    vscode.debug.onDidChangeActiveStackItem(() => {
      if (wasDebugging !== isDebugging()) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(
      { language: "rust", scheme: "file" },
      { onDidChangeCodeLenses: changed.event, provideCodeLenses },
    ),
  );
}

/** In a session the panel shows what the run makes of the function. */
function machineLens(range: vscode.Range, name: string): vscode.CodeLens {
  const tooltip = `State machine of ${name}, with the futures that there are now`;
  return new vscode.CodeLens(range, {
    title: "state machine",
    tooltip,
    command: "pollscope.showStateMachine",
    arguments: [name],
  });
}

function isDebugging(): boolean {
  return vscode.debug.activeDebugSession?.type === DEBUG_TYPE;
}

async function lensesOf(document: vscode.TextDocument, layouts: Layouts): Promise<vscode.CodeLens[]> {
  if (!setting("layouts.showInEditor")) return [];
  const found = await layouts.ofDocument(document);
  if (found === undefined) return [];
  return found.placed.functions
    .filter(({ line }) => line <= document.lineCount)
    .flatMap((each) => {
      const title = lensText(each);
      const tooltip = `Layout of ${each.name} in ${found.program.label}`;
      const name = each.instances[0]?.name ?? each.name;
      const shown = [layoutUri(found.program, name)];
      const command = { title, tooltip, command: "vscode.open", arguments: shown };
      const { range } = document.lineAt(each.line - 1);
      return [new vscode.CodeLens(range, command), ...(isDebugging() ? [machineLens(range, name)] : [])];
    });
}
