import * as vscode from "vscode";
import type { LintCode } from "../lints/finding";
import { LINT_SOURCE, toDiagnostic, toRange } from "./lint-diagnostics";
import type { LintDocuments } from "./lint-documents";
import type { ShownFinding } from "./lint-messages";

export const EXPLAIN_COMMAND = "pollscope.explainLint";

/** Quick fixes for what lints have found: the rule's own, a comment that allows it, and its documentation. */
export class LintActions implements vscode.CodeActionProvider {
  constructor(
    private readonly documents: LintDocuments,
    private readonly pageOf: (code: LintCode) => vscode.Uri,
  ) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const shown = context.diagnostics.filter(({ source }) => source === LINT_SOURCE);
    const isAsked = (finding: ShownFinding) => {
      const at = toRange(finding.range);
      return at.intersection(range) !== undefined || shown.some((each) => each.range.isEqual(at));
    };
    return this.documents
      .findings(document)
      .filter(isAsked)
      .flatMap((finding) => this.actions(document, finding));
  }

  private actions(document: vscode.TextDocument, finding: ShownFinding): vscode.CodeAction[] {
    const diagnostics = [toDiagnostic(finding, this.pageOf)];
    const fixes = finding.fixes.map(({ title, edits, isSafe }) => {
      const action = quickFix(title, diagnostics);
      action.edit = new vscode.WorkspaceEdit();
      for (const { range, text } of edits) action.edit.replace(document.uri, toRange(range), text);
      action.isPreferred = isSafe;
      return action;
    });
    return [...fixes, allowHere(document, finding, diagnostics), explain(finding, diagnostics)];
  }
}

function quickFix(title: string, diagnostics: vscode.Diagnostic[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  return action;
}

function allowHere(
  document: vscode.TextDocument,
  { code, range }: ShownFinding,
  diagnostics: vscode.Diagnostic[],
): vscode.CodeAction {
  const action = quickFix(`Allow ${code} here`, diagnostics);
  const { line } = range.start;
  const indent = /^\s*/.exec(document.lineAt(line).text)![0];
  action.edit = new vscode.WorkspaceEdit();
  action.edit.insert(
    document.uri,
    new vscode.Position(line, 0),
    `${indent}// pollscope: allow(${code})${document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n"}`,
  );
  return action;
}

function explain({ code }: ShownFinding, diagnostics: vscode.Diagnostic[]): vscode.CodeAction {
  const action = quickFix(`Explain ${code}`, diagnostics);
  action.command = { command: EXPLAIN_COMMAND, title: "Explain", arguments: [code] };
  return action;
}
