import * as vscode from "vscode";
import type { RustcDiagnostic } from "../cargo/build-messages";
import { type SourceFinding, type SourceRange, toFinding } from "../cargo/source-findings";

/** What the compiler says of the sources, in the Problems panel until the next build. */
export class BuildDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("pollscope-cargo");
  /** A crate that is built as a library and for a binary has the same message twice. */
  private readonly seen = new Set<string>();

  clear(): void {
    this.collection.clear();
    this.seen.clear();
  }

  /** @param root the folder to which the compiler's paths are relative */
  add(message: RustcDiagnostic, root: string): void {
    const finding = toFinding(message, root);
    const key = JSON.stringify(finding);
    if (finding === undefined || this.seen.has(key)) return;
    this.seen.add(key);
    const uri = vscode.Uri.file(finding.place.file);
    this.collection.set(uri, [...(this.collection.get(uri) ?? []), toDiagnostic(finding)]);
  }

  dispose(): void {
    this.collection.dispose();
  }
}

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

function toDiagnostic({ severity, message, code, place, related }: SourceFinding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(place), message, SEVERITIES[severity]);
  diagnostic.source = "cargo";
  if (code !== undefined) diagnostic.code = toCode(code);
  diagnostic.relatedInformation = related.map(
    (each) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(vscode.Uri.file(each.place.file), toRange(each.place)),
        each.message,
      ),
  );
  return diagnostic;
}

/** Errors of the compiler have a page each; lints have none of that form. */
function toCode(code: string): NonNullable<vscode.Diagnostic["code"]> {
  if (!/^E\d{4}$/.test(code)) return code;
  return { value: code, target: vscode.Uri.parse(`https://doc.rust-lang.org/error_codes/${code}.html`) };
}

function toRange({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(start.line, start.column, end.line, end.column);
}
