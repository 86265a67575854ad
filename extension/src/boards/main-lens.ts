import * as vscode from "vscode";
import { setting } from "../platform/settings";
import { mainLine } from "./main-line";

/** Over the `main` of a firmware: flash it. */
export function registerMainLens(): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pollscope.flash")) changed.fire();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(
      { language: "rust", scheme: "file" },
      { onDidChangeCodeLenses: changed.event, provideCodeLenses },
    ),
  );
}

function provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
  if (!vscode.workspace.isTrusted || !setting("flash.showInEditor")) return [];
  const line = mainLine(document.getText().split(/\r?\n/));
  if (line === undefined) return [];
  const command = {
    title: "$(zap) Flash to Pico",
    command: "pollscope.flash",
    tooltip: "Build, and bring it into the attached board",
  };
  return [new vscode.CodeLens(document.lineAt(line).range, command)];
}
