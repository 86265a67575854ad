import type { LintFinding } from "#extension/lints/finding";
import type { LineIndex } from "#extension/lints/line-index";
import type { ShowPath } from "./event-json";
import { severityText } from "./severity-words";
import type { TextStyle } from "./style";

/** A finding with the file it is in. */
export interface FileFinding extends LintFinding {
  readonly file: string;
}

/** What is needed to show places of sources. */
export interface ShowPlaces {
  readonly showPath: ShowPath;
  readonly lines: (file: string) => LineIndex;
  readonly text: (file: string) => string;
}

/**
 * A finding for a person:
 *
 *     warning: `guard` is a std::sync::MutexGuard and is held across an await: ... [guard-across-await]
 *       --> src/main.rs:22:9
 *           let guard = lock.lock().unwrap();
 *       see src/main.rs:24:14: the task may be parked here
 */
export function lintLines(finding: FileFinding, style: TextStyle, places: ShowPlaces): string[] {
  const { code, severity, message, related, file, start, fixes } = finding;
  const line = lineText(file, start, places);
  return [
    `${severityText(severity, style)}${style.bold(`: ${message}`)} ${style.dim(`[${code}]`)}`,
    `  ${style.blue("-->")} ${style.blue(place(file, start, places))}`,
    ...(line === "" ? [] : [`      ${line}`]),
    ...related.map(
      (each, i) =>
        `  ${i === 0 ? style.dim("see") : "   "} ${place(each.file, each.start, places)}: ${each.message}`,
    ),
    ...fixes
      .slice(0, 1)
      .map(({ title, isSafe }) => `  ${style.dim("fix")} ${title}${isSafe ? " (--fix does it)" : ""}`),
  ];
}

function place(file: string, offset: number, { showPath, lines }: ShowPlaces): string {
  const { line, column } = lines(file).position(offset);
  return `${showPath(file)}:${line + 1}:${column + 1}`;
}

function lineText(file: string, offset: number, { text }: ShowPlaces): string {
  const source = text(file);
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const end = source.indexOf("\n", offset);
  return source.slice(start, end === -1 ? undefined : end).trim();
}
