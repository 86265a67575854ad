import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ProblemList } from "#adapter/base/errors";
import type { ElfFile } from "#adapter/elf/elf-file";
import { readDefmtTable } from "#adapter/logs/defmt/table";
import { firmwareAt } from "#test/helpers/run-firmware";

const { elf, program } = await firmwareAt("test/firmware/defmt-log/prebuilt/defmt-log-release.elf");

/** The ELF with other names for some of its symbols. */
function renamed(rename: (name: string) => string): ElfFile {
  const { symbols } = elf;
  const at = (row: number) => ({ ...symbols.at(row), name: rename(symbols.at(row).name) });
  return {
    sections: elf.sections,
    sectionData: (section: Parameters<ElfFile["sectionData"]>[0]) => elf.sectionData(section),
    symbols: { length: symbols.length, at },
  } as unknown as ElfFile;
}

function problemsOf(file: ElfFile): string[] {
  const problems = new ProblemList();
  expect(readDefmtTable(file, program, problems)).toBeUndefined();
  return problems.list().map(({ what }) => what);
}

describe("the table of a firmware's format strings", () => {
  it("knows each log statement with its level and line", () => {
    const table = readDefmtTable(elf, program, new ProblemList())!;
    const entries = Array.from({ length: 0x1000 }, (_, index) => table.entry(index));
    const placed = entries.filter((each) => each !== undefined && each.place !== null);
    const levels = new Set(placed.map((each) => each!.level));
    expect(levels).toEqual(new Set(["trace", "debug", "info", "warn", "error", null]));
    expect(placed.length).toBeGreaterThan(60);
    for (const [text, marker] of [
      ["started", "started"],
      ["count {=u32:#x}", "count-info"],
    ]) {
      const { file, line } = placed.find((each) => each!.text === text)!.place!;
      expect(readFileSync(file.replace(/^\/pollscope\//, ""), "utf8").split("\n")[line - 1]).toContain(
        `// @log ${marker}`,
      );
    }
  });

  it("is there for firmware with defmt only, and no problem without", async () => {
    const blink = await firmwareAt("samples/prebuilt/blink-release.elf");
    const problems = new ProblemList();
    expect(readDefmtTable(blink.elf, blink.program, problems)).toBeUndefined();
    expect(problems.isEmpty).toBe(true);
  });

  it("is refused with its version where the wire format is not known", () => {
    const newer = renamed((name) => name.replace(/_defmt_version_ = \d+/, "_defmt_version_ = 5"));
    expect(problemsOf(newer)).toEqual(["the firmware logs with wire format 5, and only 3 and 4 are known"]);
    const other = renamed((name) => name.replace("_defmt_encoding_ = rzcobs", "_defmt_encoding_ = morse"));
    expect(problemsOf(other)).toEqual(["the encoding morse is not known"]);
  });

  it("leaves out symbols that are damaged", () => {
    const damaged = renamed((name) => (name.includes('"data":"started"') ? name.slice(0, -1) : name));
    const table = readDefmtTable(damaged, program, new ProblemList())!;
    const texts = Array.from({ length: 0x1000 }, (_, index) => table.entry(index)?.text);
    expect(texts).toContain("counted");
    expect(texts).not.toContain("started");
  });
});
