import { resolve } from "node:path";
import type { RustcDiagnostic, RustcSpan } from "./build-messages";
import { isWithin } from "./paths";

/** What the compiler has against a place in the sources; lines and columns count from 0, columns in UTF-16 units. */
export interface SourceFinding {
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly code: string | undefined;
  readonly place: SourceRange;
  readonly related: readonly { readonly message: string; readonly place: SourceRange }[];
}

export interface SourceRange {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/**
 * A message of the compiler at the place where its user can act on it; undefined if it names none (`aborting due to
 * 2 previous errors`, an error of the linker).
 * @param root the folder to which paths are relative
 */
export function toFinding(diagnostic: RustcDiagnostic, root: string): SourceFinding | undefined {
  const primary = diagnostic.spans.find(({ is_primary: isPrimary }) => isPrimary) ?? diagnostic.spans[0];
  if (primary === undefined) return undefined;
  const help = diagnostic.children.filter(({ spans }) => spans.length === 0);
  return {
    severity: toSeverity(diagnostic.level),
    message: [
      diagnostic.message,
      ...label(primary),
      ...help.map(({ level, message }) => `${level}: ${message}`),
    ].join("\n"),
    code: diagnostic.code?.code,
    place: toRange(actionable(primary, root), root),
    related: related(diagnostic, primary, root),
  };
}

function toSeverity(level: string): SourceFinding["severity"] {
  if (level.startsWith("error")) return "error";
  return level === "warning" ? "warning" : "note";
}

function label(span: RustcSpan): string[] {
  return span.label === null || span.label === "" ? [] : [span.label];
}

function related({ spans, children }: RustcDiagnostic, primary: RustcSpan, root: string) {
  const others = spans
    .filter((span) => span !== primary && span.label !== null)
    .map((span) => ({ message: span.label ?? "", place: toRange(actionable(span, root), root) }));
  const notes = children.flatMap(({ level, message, spans: [span] }) =>
    span === undefined
      ? []
      : [{ message: `${level}: ${message}`, place: toRange(actionable(span, root), root) }],
  );
  return [...others, ...notes];
}

/** What is wrong inside a macro of another crate is shown where this project uses the macro. */
function actionable(span: RustcSpan, root: string): RustcSpan {
  for (let at: RustcSpan | undefined = span; at !== undefined; at = at.expansion?.span) {
    if (isWithin(resolve(root, at.file_name), root)) return at;
  }
  return span;
}

function toRange(span: RustcSpan, root: string): SourceRange {
  const lines = span.text.map(({ text }) => text);
  return {
    file: resolve(root, span.file_name),
    start: { line: span.line_start - 1, column: toUtf16(span.column_start, lines[0]) },
    end: { line: span.line_end - 1, column: toUtf16(span.column_end, lines.at(-1)) },
  };
}

/** rustc counts characters from 1, an editor counts UTF-16 units from 0. */
function toUtf16(column: number, line: string | undefined): number {
  if (line === undefined) return column - 1;
  return Array.from(line)
    .slice(0, column - 1)
    .join("").length;
}
