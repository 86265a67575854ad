import type { LintCode, LintFix, TextRange } from "#extension/lints/finding";
import type { FileFinding, ShowPlaces } from "./lint-lines";
import { artifact, pascalCase, sarifDocument } from "./sarif";

/** Findings of lints as a SARIF 2.1.0 log, with columns and fixes. */
export function lintSarif(
  findings: readonly FileFinding[],
  {
    places,
    version,
    summaryOf,
  }: { places: ShowPlaces; version: string; summaryOf: (code: LintCode) => string },
): Record<string, unknown> {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const rules = codes.map((code) => ({
    id: code,
    name: pascalCase(code),
    shortDescription: { text: summaryOf(code) },
  }));
  const results = findings.map((finding) => ({
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: finding.severity,
    message: { text: `${finding.message}.` },
    locations: [location(finding.file, finding, places)],
    relatedLocations: finding.related.map((each, id) => ({
      id,
      ...location(each.file, each, places),
      message: { text: each.message },
    })),
    ...(finding.fixes.length === 0
      ? {}
      : { fixes: finding.fixes.map((fix) => sarifFix(finding.file, fix, places)) }),
  }));
  return sarifDocument({ rules, results, version });
}

function location(file: string, range: TextRange, places: ShowPlaces): Record<string, unknown> {
  return {
    physicalLocation: {
      artifactLocation: artifact(file, places.showPath),
      region: region(file, range, places),
    },
  };
}

function region(file: string, { start, end }: TextRange, { lines }: ShowPlaces): Record<string, unknown> {
  const first = lines(file).position(start);
  const last = lines(file).position(end);
  return {
    startLine: first.line + 1,
    startColumn: first.column + 1,
    endLine: last.line + 1,
    endColumn: last.column + 1,
  };
}

function sarifFix(file: string, { title, edits }: LintFix, places: ShowPlaces): Record<string, unknown> {
  return {
    description: { text: title },
    artifactChanges: [
      {
        artifactLocation: artifact(file, places.showPath),
        replacements: edits.map((edit) => ({
          deletedRegion: region(file, edit, places),
          insertedContent: { text: edit.text },
        })),
      },
    ],
  };
}
