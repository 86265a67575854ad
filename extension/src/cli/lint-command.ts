import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "#adapter/base/errors";
import { isAtLeast } from "#adapter/analysis/finding";
import { Crates } from "#extension/lints/crates";
import type { LintFix } from "#extension/lints/finding";
import { grammarFilesIn } from "#extension/lints/grammar-files";
import { LineIndex } from "#extension/lints/line-index";
import { DEFAULT_SETTINGS, type JudgeFindings, Linter } from "#extension/lints/linter";
import { RULES } from "#extension/lints/rules";
import { readSource, rustFilesIn } from "#extension/lints/rust-files";
import { loadRustParser } from "#extension/lints/syntax/rust-parser";
import { judgesOf } from "./lint-builds";
import type { Output } from "./output";
import type { LintRequest } from "./requests";
import { saveReport } from "./save-report";
import type { ShowPath } from "./text/event-json";
import { type FileFinding, type ShowPlaces, lintLines } from "./text/lint-lines";
import { lintSarif } from "./text/lint-sarif";
import { severityCounts } from "./text/severity-words";

/** Exit status: there are findings that are grave enough. */
const FOUND = 3;

/** A fix may uncover another finding; those of one place do not go on for ever. */
const MOST_FIX_ROUNDS = 10;

export interface LintCommandOptions {
  readonly showPath: ShowPath;
  readonly version: string;
  /** The folder of the bundles, and of the grammar. */
  readonly bundles: string;
}

/** Lints sources, prints what is found, and returns the exit status. */
export async function runLint(
  request: LintRequest,
  output: Output,
  options: LintCommandOptions,
): Promise<number> {
  const linter = new Linter(await loadRustParser(grammarFilesIn(options.bundles)), RULES);
  linter.configure({ ...DEFAULT_SETTINGS, severities: request.severities });
  const sources = readSources(request.paths, output);
  const crates = new Crates();
  for (const [file, text] of sources) linter.put(file, text, crates.of(file));
  const judgeOf = await judgesOf(
    { elfs: request.elfs, sources: new Map(sources), packageFolder: resolve(options.bundles, "..") },
    output,
  );
  const fixed = request.isFixing ? await fixAll({ linter, sources, crates, judgeOf }) : 0;
  const findings = findingsOf(linter, sources, judgeOf);
  const places = placesOf(sources, options.showPath);
  if (request.isJson) {
    await output.write(
      `${JSON.stringify(
        findings.map((each) => findingJson(each, places)),
        null,
        2,
      )}\n`,
    );
  } else {
    const blocks = findings.map((finding) => lintLines(finding, output.style, places).join("\n"));
    const files = `${sources.size} ${sources.size === 1 ? "file" : "files"}`;
    const mended = fixed === 0 ? "" : ` (${fixed} fixed)`;
    const summary = output.style.bold(`${severityCounts(findings)} in ${files}${mended}`);
    await output.write(`${[...blocks, summary].join("\n\n")}\n`);
  }
  if (request.sarif !== undefined) {
    const summaryOf = (code: string) => RULES.find((rule) => rule.code === code)?.summary ?? code;
    await saveReport(request.sarif, lintSarif(findings, { places, version: options.version, summaryOf }));
  }
  return findings.some(({ severity }) => isAtLeast(severity, request.failOn)) ? FOUND : 0;
}

function readSources(paths: readonly string[], output: Output): Map<string, string> {
  const sources = new Map<string, string>();
  for (const path of paths.length === 0 ? ["."] : paths) {
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind === undefined)
      throw new UserError(`There is no ${path}`, "name files or folders with Rust sources");
    for (const file of kind.isDirectory() ? rustFilesIn(path) : [path]) {
      const text = readSource(file);
      if (text === undefined) output.note(`${file}: cannot be read as UTF-8 text, and is left out`);
      else sources.set(resolve(file), text);
    }
  }
  if (sources.size === 0) {
    throw new UserError(`There are no Rust files in ${paths.join(", ") || "this folder"}`, "name others");
  }
  return sources;
}

function findingsOf(
  linter: Linter,
  sources: ReadonlyMap<string, string>,
  judgeOf: (file: string) => JudgeFindings | undefined,
): FileFinding[] {
  return [...sources.keys()].flatMap((file) =>
    linter.findings(file, judgeOf(file)).map((finding) => ({ ...finding, file })),
  );
}

function placesOf(sources: ReadonlyMap<string, string>, showPath: ShowPath): ShowPlaces {
  const indices = new Map<string, LineIndex>();
  const text = (file: string) => sources.get(file) ?? "";
  return {
    showPath,
    text,
    lines: (file) => {
      const index = indices.get(file) ?? new LineIndex(text(file));
      indices.set(file, index);
      return index;
    },
  };
}

interface Fixing {
  readonly linter: Linter;
  readonly sources: Map<string, string>;
  readonly crates: Crates;
  readonly judgeOf: (file: string) => JudgeFindings | undefined;
}

/** Makes safe fixes until there are none, and gives how many it has made. */
async function fixAll({ linter, sources, crates, judgeOf }: Fixing): Promise<number> {
  let count = 0;
  const changed = new Set<string>();
  for (let round = 0; round < MOST_FIX_ROUNDS; round++) {
    const before = count;
    for (const [file, text] of sources) {
      const fixes = linter
        .findings(file, judgeOf(file))
        .flatMap((each) => each.fixes.filter(({ isSafe }) => isSafe).slice(0, 1));
      const apart = withoutOverlaps(fixes);
      if (apart.length === 0) continue;
      const mended = apply(text, apart);
      sources.set(file, mended);
      linter.put(file, mended, crates.of(file));
      changed.add(file);
      count += apart.length;
    }
    if (count === before) break;
  }
  for (const file of changed) await writeFile(file, sources.get(file)!);
  return count;
}

/** Of fixes that touch the same text only the first is made; the others are looked at again afterwards. */
function withoutOverlaps(fixes: readonly LintFix[]): LintFix[] {
  const chosen: LintFix[] = [];
  const taken: LintFix["edits"][number][] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => taken.some((other) => edit.start <= other.end && other.start <= edit.end)))
      continue;
    taken.push(...fix.edits);
    chosen.push(fix);
  }
  return chosen;
}

function apply(text: string, fixes: readonly LintFix[]): string {
  const edits = fixes.flatMap((fix) => fix.edits).sort((a, b) => b.start - a.start);
  return edits.reduce(
    (mended, edit) => mended.slice(0, edit.start) + edit.text + mended.slice(edit.end),
    text,
  );
}

function findingJson(finding: FileFinding, { showPath, lines }: ShowPlaces): Record<string, unknown> {
  const place = (file: string, { start, end }: { readonly start: number; readonly end: number }) => {
    const from = lines(file).position(start);
    const to = lines(file).position(end);
    return {
      file: showPath(file),
      line: from.line + 1,
      column: from.column + 1,
      endLine: to.line + 1,
      endColumn: to.column + 1,
    };
  };
  return {
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    ...place(finding.file, finding),
    related: finding.related.map((each) => ({ message: each.message, ...place(each.file, each) })),
    fixes: finding.fixes.map(({ title, isSafe, edits }) => ({
      title,
      isSafe,
      edits: edits.map((edit) => ({ ...place(finding.file, edit), text: edit.text })),
    })),
  };
}
