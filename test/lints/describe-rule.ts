import { describe, expect, it } from "vitest";
import type { Rule } from "#extension/lints/rule";
import { type CheckOptions, checkLint } from "./check-lint";

export interface RuleSnippets {
  /** Sources with `^^^` under what is found: at least twelve. */
  readonly found: Readonly<Record<string, string>>;
  /** Sources in which nothing is wrong: at least twelve. */
  readonly silent: Readonly<Record<string, string>>;
  /** Goes before every source. */
  readonly prelude?: string;
  readonly options?: CheckOptions;
}

/** Checks a rule against its snippets. */
export function describeRule(rule: Rule, { found, silent, prelude = "", options }: RuleSnippets): void {
  describe(rule.code, () => {
    it("has snippets enough", () => {
      expect(Object.keys(found).length).toBeGreaterThanOrEqual(12);
      expect(Object.keys(silent).length).toBeGreaterThanOrEqual(12);
    });
    for (const [name, source] of Object.entries(found)) {
      it(`finds ${name}`, () => {
        expect(source).toMatch(/^\s*\/\/[\s^]*\^/m);
        checkLint(rule, prelude + source, options);
      });
    }
    for (const [name, source] of Object.entries(silent)) {
      it(`is silent: ${name}`, () => {
        expect(source).not.toContain("^^");
        checkLint(rule, prelude + source, options);
      });
    }
  });
}
