import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LINT_CODES } from "#extension/lints/finding";
import { RULES } from "#extension/lints/rules";

const folder = join(import.meta.dirname, "../../docs/lints");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

describe("documentation of lints", () => {
  it("has rules in the order of their codes, each once", () => {
    expect(RULES.map(({ code }) => code)).toEqual(LINT_CODES);
  });

  for (const { code, severity, alsoAllowedBy } of RULES) {
    it(`has a page for ${code}`, () => {
      const page = read(`${code}.md`);
      expect(page).toContain(`Code \`${code}\`, severity ${severity} `);
      for (const heading of ["Example", "How to fix it", "When it is silent"])
        expect(page).toContain(`\n## ${heading}\n`);
      for (const lint of alsoAllowedBy.filter((each) => !each.includes("stack_arrays")))
        expect(page).toContain(lint);
      expect(read("README.md")).toMatch(
        new RegExp(`\\| \\[${code}\\]\\(${code}\\.md\\)\\s+\\| ${severity}\\s+\\|`),
      );
      expect(read("corpus.md")).toContain(code);
    });
  }

  it("has no page of a lint that is not there", () => {
    const pages = readdirSync(folder).filter((name) => name !== "README.md" && name !== "corpus.md");
    expect(pages.sort()).toEqual(LINT_CODES.map((code) => `${code}.md`).sort());
  });
});
