import * as vscode from "vscode";
import type { LintCode } from "../lints/finding";
import type { ShownFinding, ShownRange } from "./lint-messages";

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

export const LINT_SOURCE = "pollscope";

/** A finding in the Problems panel. @param pageOf the documentation of a rule */
export function toDiagnostic(
  finding: ShownFinding,
  pageOf: (code: LintCode) => vscode.Uri,
): vscode.Diagnostic {
  const { code, severity, message, range, related } = finding;
  const diagnostic = new vscode.Diagnostic(toRange(range), message, SEVERITIES[severity]);
  diagnostic.source = LINT_SOURCE;
  diagnostic.code = { value: code, target: pageOf(code) };
  diagnostic.relatedInformation = related.map(
    (each) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(toUri(each.file), toRange(each.range)),
        each.message,
      ),
  );
  return diagnostic;
}

export function toRange({ start, end }: ShownRange): vscode.Range {
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

/** How the thread that lints knows a document: by its path, or by its URI if it is not saved yet. */
export function fileOf({ uri }: vscode.TextDocument): string {
  return uri.scheme === "file" ? uri.fsPath : uri.toString();
}

export function toUri(file: string): vscode.Uri {
  return file.startsWith("untitled:") ? vscode.Uri.parse(file) : vscode.Uri.file(file);
}
