import { expect } from "vitest";
import type { LintFinding } from "#extension/lints/finding";
import { DEFAULT_SETTINGS, type LintSettings, Linter } from "#extension/lints/linter";
import type { Rule } from "#extension/lints/rule";
import { type CrateFacts, NO_CRATE } from "#extension/lints/semantics/workspace";
import { testParser } from "./rust-parser";

const parse = await testParser();

const FILE = "main.rs";

export interface CheckOptions {
  readonly crate?: Partial<CrateFacts>;
  readonly settings?: Partial<LintSettings>;
  /** Other files of the same crate: name -> text. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What one rule finds in a source; the same as if it looked at every item, whether its words concern it or not. */
export function lint(rule: Rule, source: string, options: CheckOptions = {}): LintFinding[] {
  const findings = lintWith(rule, source, options);
  expect(lintWith({ ...rule, concerns: () => true }, source, options)).toEqual(findings);
  return findings;
}

function lintWith(rule: Rule, source: string, { crate, settings, others }: CheckOptions): LintFinding[] {
  const linter = new Linter(parse, [rule]);
  const facts = { ...NO_CRATE, root: "/crate", ...crate };
  linter.configure({ ...DEFAULT_SETTINGS, ...settings });
  for (const [file, text] of Object.entries(others ?? {})) linter.put(file, text, facts);
  linter.put(FILE, source, facts);
  return linter.findings(FILE);
}

/**
 * Compares what a rule finds with `^^^` in comments of the source, which stand under exactly what is underlined:
 *
 *     let guard = lock.lock().unwrap();
 *     //  ^^^^^
 *
 * A range of several lines is marked as far as its first line goes. Without a mark nothing may be found.
 */
export function checkLint(rule: Rule, source: string, options: CheckOptions = {}): LintFinding[] {
  const findings = lint(rule, source, options);
  expect(findings.map((each) => showRange(source, each))).toEqual(
    marks(source).map((each) => showRange(source, each)),
  );
  for (const { message, code, related } of findings) {
    expect(code).toBe(rule.code);
    expect(message).toMatch(/^[`A-Z][^\n]{20,220}[^.\s]$/);
    for (const { start, end } of related) expect(end).toBeGreaterThan(start);
  }
  return findings;
}

/** The source with the edits of a fix made. */
export function applyFix(source: string, finding: LintFinding | undefined, index = 0): string {
  const fix = finding?.fixes[index];
  expect(fix, "a fix is offered").toBeDefined();
  let text = source;
  for (const { start, end, text: with_ } of [...fix!.edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + with_ + text.slice(end);
  }
  return text;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function showRange(source: string, { start, end }: Range): string {
  const line = source.slice(0, start).split("\n").length;
  return `${line}: ${source.slice(start, end).split("\n")[0]!.trimEnd()}`;
}

function marks(source: string): Range[] {
  const found: Range[] = [];
  let before = 0;
  let offset = 0;
  for (const line of source.split("\n")) {
    const carets = /^\s*\/\/[\s^]*$/.test(line) ? [...line.matchAll(/\^+/g)] : [];
    for (const each of carets)
      found.push({ start: before + each.index, end: before + each.index + each[0].length });
    if (carets.length === 0) before = offset;
    offset += line.length + 1;
  }
  return found.sort((a, b) => a.start - b.start);
}
