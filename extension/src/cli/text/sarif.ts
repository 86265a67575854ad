import type { Finding } from "#adapter/analysis/finding";
import { KIND_WORDS } from "#adapter/analysis/finding-words";
import type { SourcePlace } from "#adapter/trace/trace";
import type { ShowPath } from "./event-json";

/**
 * Findings as a SARIF 2.1.0 log, which GitHub's code scanning shows at the lines of a pull request. Paths are relative
 * to the folder in which the command runs; a place outside of it keeps its absolute path.
 */
export function sarifLog(
  findings: readonly Finding[],
  { showPath, version }: { readonly showPath: ShowPath; readonly version: string },
): Record<string, unknown> {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  const rules = kinds.map((kind) => ({
    id: kind,
    name: pascalCase(kind),
    shortDescription: { text: KIND_WORDS[kind].label },
    fullDescription: { text: KIND_WORDS[kind].meaning },
  }));
  const results = findings.map((finding) => ({
    ruleId: finding.kind,
    ruleIndex: kinds.indexOf(finding.kind),
    level: finding.severity,
    message: { text: messageText(finding) },
    locations: finding.place === null ? [] : [location(finding.place, showPath)],
    relatedLocations: finding.related.map(({ place, text }, id) => ({
      id,
      ...location(place, showPath),
      message: { text },
    })),
    occurrenceCount: finding.count,
  }));
  return sarifDocument({ rules, results, version });
}

interface SarifContent {
  readonly rules: readonly object[];
  readonly results: readonly object[];
  readonly version: string;
}

/** A log with one run of Pollscope. Columns count UTF-16 code units. */
export function sarifDocument({ rules, results, version }: SarifContent): Record<string, unknown> {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      { tool: { driver: { name: "pollscope", version, rules } }, columnKind: "utf16CodeUnits", results },
    ],
  };
}

function messageText({ title, evidence, remedy }: Finding): string {
  return [`${title}.`, ...evidence.map((line) => `- ${line}`), `Fix: ${remedy}.`].join("\n");
}

function location({ file, line }: SourcePlace, showPath: ShowPath): Record<string, unknown> {
  // Line 0 stands for code without a line, which SARIF does not know (3.30.5).
  const region = line < 1 ? {} : { region: { startLine: line } };
  return { physicalLocation: { artifactLocation: artifact(file, showPath), ...region } };
}

/** How a log names a file. */
export function artifact(file: string, showPath: ShowPath): { readonly uri: string } {
  const path = showPath(file).replaceAll("\\", "/");
  const uri = /^(?:\/|[A-Za-z]:\/)/.test(path) ? `file://${path.startsWith("/") ? "" : "/"}${path}` : path;
  return { uri: encodeURI(uri) };
}

export function pascalCase(kind: string): string {
  return kind.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
