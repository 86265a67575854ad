import { join } from "node:path";
import * as vscode from "vscode";
import { LINT_CODES, type LintCode } from "../lints/finding";
import type { Surroundings } from "../platform/surroundings";
import { EXPLAIN_COMMAND, LintActions } from "./lint-actions";
import { type BuiltFiles, LintDocuments } from "./lint-documents";

/** Lints of open Rust documents, their quick fixes and their documentation. */
export function registerLints({ extension, log }: Surroundings, builtFiles: BuiltFiles): vscode.Disposable[] {
  const pageOf = (code: LintCode) => vscode.Uri.file(join(extension, "docs/lints", `${code}.md`));
  const documents = new LintDocuments({ extension, log, pageOf, builtFiles });
  return [
    vscode.Disposable.from(documents),
    vscode.languages.registerCodeActionsProvider({ language: "rust" }, new LintActions(documents, pageOf), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.commands.registerCommand(EXPLAIN_COMMAND, async (code: unknown) => {
      const chosen = LINT_CODES.find((each) => each === code) ?? (await pickLint());
      if (chosen !== undefined) await vscode.commands.executeCommand("markdown.showPreview", pageOf(chosen));
    }),
  ];
}

async function pickLint(): Promise<LintCode | undefined> {
  const picked = await vscode.window.showQuickPick(LINT_CODES, { placeHolder: "Which lint?" });
  return LINT_CODES.find((each) => each === picked);
}
