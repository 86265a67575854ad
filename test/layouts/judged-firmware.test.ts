import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { expect, it } from "vitest";
import { judgeFindings } from "#extension/layouts/judge-findings";
import { readLayouts } from "#extension/layouts/read-layouts";
import { Crates } from "#extension/lints/crates";
import type { LintFinding } from "#extension/lints/finding";
import { Linter } from "#extension/lints/linter";
import { RULES } from "#extension/lints/rules";
import { expectGolden } from "#test/helpers/golden";
import { testParser } from "#test/lints/rust-parser";

// Every firmware that is here, with its sources: what the build changes of what all lints find in them.

const FOLDERS = [
  "samples/prebuilt",
  ...["findings", "hundred-tasks", "stepping", "suspended"].map((name) => `test/firmware/${name}/prebuilt`),
];

it("of all lints in all firmware, builds change these", async () => {
  const parse = await testParser();
  const crates = new Crates();
  const lines: string[] = [];
  let sources = 0;
  for (const elf of FOLDERS.flatMap((folder) => elfsIn(folder))) {
    const { futures } = await readLayouts({ elf, sourceMap: { "/pollscope": process.cwd() } });
    const files = new Set(
      futures.flatMap(({ isOwn, place }) => (isOwn && place !== null ? [place.file] : [])),
    );
    for (const file of files) {
      if (!file.startsWith(process.cwd())) continue;
      sources++;
      const text = readFileSync(file, "utf8");
      const own = futures.filter(({ place }) => place?.file === file);
      const linter = new Linter(parse, RULES);
      linter.put(file, text, crates.of(file));
      const show = ({ start, code, message }: LintFinding) =>
        `${relative(process.cwd(), file)}:${text.slice(0, start).split("\n").length} ${code}: ${message}`;
      const alone = linter.findings(file).map(show);
      const built = { file, builtText: text, futures: own };
      const judged = linter.findings(file, (found) => judgeFindings(found, built)).map(show);
      lines.push(
        ...alone
          .filter((each) => !judged.some((other) => other.startsWith(each)))
          .map((each) => `refuted  ${each}`),
        ...judged
          .filter((each) => !alone.includes(each))
          .map((each) => `${each.includes("told by") ? "added   " : "confirms"} ${each}`),
      );
    }
  }
  expect(sources).toBeGreaterThan(50);
  expectGolden("layouts/judged-firmware.txt", `${[...new Set(lines)].join("\n")}\n`);
}, 120_000);

function elfsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith("-release.elf"));
  return names.sort().map((name) => `${folder}/${name}`);
}
