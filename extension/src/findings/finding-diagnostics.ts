import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { ProtocolFinding } from "#adapter/protocol/findings";
import { setting } from "../platform/settings";
import { findingText, textColumns } from "./finding-text";
import { pageLink } from "./finding-pages";
import type { SessionFindings } from "./session-findings";

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

/** Lists findings in the Problems panel, at the lines that are on this machine. */
export function showInProblems(findings: SessionFindings): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("pollscope-findings");
  const show = () => {
    const sources = new Sources();
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const finding of setting("findings.showInProblems") ? findings.all() : []) {
      const { place } = finding;
      if (place === null || !sources.has(place.path)) continue;
      byFile.set(place.path, [...(byFile.get(place.path) ?? []), toDiagnostic(finding, place, sources)]);
    }
    collection.clear();
    for (const [file, diagnostics] of byFile) collection.set(vscode.Uri.file(file), diagnostics);
  };
  return vscode.Disposable.from(
    collection,
    findings.onDidChange(show),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pollscope.findings")) show();
    }),
  );
}

type Place = NonNullable<ProtocolFinding["place"]>;

function toDiagnostic(finding: ProtocolFinding, place: Place, sources: Sources): vscode.Diagnostic {
  const { kind, severity, related } = finding;
  const range = sources.rangeOf(place);
  const diagnostic = new vscode.Diagnostic(range, findingText(finding), SEVERITIES[severity]);
  diagnostic.source = "pollscope";
  diagnostic.code = { value: kind, target: pageLink(kind) };
  diagnostic.relatedInformation = related
    .filter((each) => sources.has(each.place.path))
    .map((each) => {
      const location = new vscode.Location(vscode.Uri.file(each.place.path), sources.rangeOf(each.place));
      return new vscode.DiagnosticRelatedInformation(location, each.text);
    });
  return diagnostic;
}

/** Lines of source files on this machine, each file read once. */
class Sources {
  private readonly files = new Map<string, readonly string[] | undefined>();

  has(path: string): boolean {
    return this.linesOf(path) !== undefined;
  }

  /** The text of a line, without its indentation. */
  rangeOf({ path, line }: Place): vscode.Range {
    const { start, end } = textColumns(this.linesOf(path)?.[line - 1]);
    return new vscode.Range(Math.max(0, line - 1), start, Math.max(0, line - 1), end);
  }

  private linesOf(path: string): readonly string[] | undefined {
    if (!this.files.has(path)) this.files.set(path, readLines(path));
    return this.files.get(path);
  }
}

function readLines(path: string): readonly string[] | undefined {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/);
  } catch {
    return undefined;
  }
}
