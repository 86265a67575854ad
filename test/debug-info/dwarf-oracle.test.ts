import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Address } from "#adapter/base/brand";
import { tagName } from "#adapter/dwarf/constants";
import type { DebugInfo } from "#adapter/dwarf/debug-info";
import { attributePrinter } from "#adapter/dwarf/dump";
import { readLineHeader } from "#adapter/dwarf/line-header";
import {
  LINE_BASIC_BLOCK,
  LINE_END_SEQUENCE,
  LINE_EPILOGUE_BEGIN,
  LINE_IS_STATEMENT,
  LINE_PROLOGUE_END,
  LineRows,
  runLineProgram,
} from "#adapter/dwarf/line-program";
import { parseElf } from "#adapter/elf/elf-file";
import { loadProgram, type Program } from "#adapter/symbols/program";
import type { Coroutine } from "#adapter/symbols/types/coroutine";
import type { Member } from "#adapter/symbols/types/type";
import { comparable, type DumpedEntry, parseDwarfDump } from "#test/helpers/dwarf-dump";
import { DumpedProgram, parseAddressDump, parseLineDump, rangesText } from "#test/helpers/dwarf-facts";
import { firmwareFiles } from "#test/helpers/firmware";
import { describeWithTool, runTool } from "#test/helpers/tool";

const DWARF5 = "test/golden/debug-info/dwarf5.elf";

// Everything that is read is compared with LLVM's reader: first each attribute of each entry, then the facts that
// are derived from them, derived a second time from LLVM's text.

describeWithTool("llvm-dwarfdump", "debug info as llvm-dwarfdump reads it", (dwarfdump) => {
  it.each([...firmwareFiles(), DWARF5])("%s", (path) => {
    const elf = parseElf(readFileSync(path), path);
    const program = loadProgram(elf);
    const theirs = new DumpedProgram(
      parseDwarfDump(runTool(dwarfdump, ["--debug-info", path])),
      parseAddressDump(runTool(dwarfdump, ["--debug-addr", path])),
    );
    checkEntries(program.debugInfo, theirs);
    checkFunctions(program, theirs);
    checkStatics(program, theirs);
    checkStructs(program, theirs);
    checkCoroutines(program, theirs);
    checkInlining(program, theirs);
    expect(lineRows(program.debugInfo)).toEqual(parseLineDump(runTool(dwarfdump, ["--debug-line", path])));
    expect(program.problems).toEqual([]);
    expect(elf.problems).toEqual([]);
  });
});

function checkEntries(info: DebugInfo, theirs: DumpedProgram): void {
  let position = 0;
  const differences: unknown[] = [];
  for (const unit of info.units) {
    const entry = unit.root();
    const attributesOf = attributePrinter(info, unit);
    do {
      const wanted = theirs.entries[position++];
      const ours: DumpedEntry = {
        offset: entry.offset,
        depth: entry.depth,
        tag: tagName(entry.tag),
        attributes: attributesOf(entry),
      };
      if (!isSameEntry(ours, wanted) && differences.length < 3) differences.push({ ours, wanted });
    } while (entry.next());
  }
  expect(differences).toEqual([]);
  expect(position).toBe(theirs.entries.length);
}

function isSameEntry(ours: DumpedEntry, wanted: DumpedEntry | undefined): boolean {
  return (
    ours.offset === wanted?.offset &&
    ours.depth === wanted.depth &&
    ours.tag === wanted.tag &&
    ours.attributes.length === wanted.attributes.length &&
    ours.attributes.every((line, i) => {
      const other = wanted.attributes[i]!;
      return line === other || comparable(line) === comparable(other);
    })
  );
}

function checkFunctions({ functions }: Program, theirs: DumpedProgram): void {
  const ours = functions.all.map(
    ({ name, ranges }) => `${name} ${rangesText(ranges.map(({ start, end }) => [start, end]))}`,
  );
  expect(ours).toEqual(theirs.functions());
  const lost = functions.all.filter((each) =>
    each.ranges.some(
      ({ start, end }) =>
        functions.at(start as Address) !== each || functions.at((end - 1) as Address) !== each,
    ),
  );
  expect(lost.map(({ name }) => name)).toEqual([]);
}

function checkStatics({ statics }: Program, theirs: DumpedProgram): void {
  const ours = statics.all.map(({ name, address }) => `${name} 0x${address.toString(16)}`);
  expect(ours).toEqual(theirs.statics());
}

function checkStructs({ types }: Program, theirs: DumpedProgram): void {
  const rows = types.rowsWhere(() => true).map((row) => types.ofRow(row));
  const ours = rows.flatMap((type) => {
    if (type.kind !== "struct" && type.kind !== "union" && type.kind !== "enum") return [];
    return [`${type.name} ${type.byteSize}/${type.alignment}${membersText(type.members)}`];
  });
  expect(ours.sort()).toEqual(theirs.structs().sort());
}

function checkCoroutines({ asyncFunctions }: Program, theirs: DumpedProgram): void {
  expect(asyncFunctions.all.map(({ coroutine }) => coroutineText(coroutine)).sort()).toEqual(
    theirs.coroutines(),
  );
}

/** At every line row of every function of release builds, where nearly everything is inlined. */
function checkInlining(program: Program, theirs: DumpedProgram): void {
  const differences: unknown[] = [];
  for (const [i, owner] of theirs.ownersWithCode().slice(0, 150).entries()) {
    const { start, end } = program.functions.all[i]!.ranges[0]!;
    for (const { address } of program.lines.rowsBetween(start as Address, end as Address)) {
      const ours = program.framesAt(address).map((frame) => frame.function.name);
      const wanted = theirs.functionsAt(address, owner);
      if (ours.join() !== wanted.join()) differences.push({ address, ours, wanted });
    }
  }
  expect(differences.slice(0, 3)).toEqual([]);
}

function coroutineText({ type, byteSize, alignment, discriminant }: Coroutine): string {
  const lines = [`${type.name} ${byteSize}/${alignment}`, `discriminant @${discriminant.offset}`];
  for (const { name, discriminants, payload } of type.variants) {
    const { file, line } = payload.declaration!;
    const members = payload.type.kind === "struct" ? membersText(payload.type.members) : "";
    lines.push(`${discriminants![0]!.low} ${name} ${file.name}:${line}${members}`);
  }
  return lines.join("\n");
}

function membersText(members: readonly Member[]): string {
  return [...new Set(members.map(({ name, offset }) => ` ${name}@${offset}`))].join("");
}

function lineRows(info: DebugInfo): string[] {
  const rows = new LineRows();
  for (const { lineOffset } of info.units) {
    if (lineOffset === undefined) continue;
    const header = readLineHeader(info.sections, info.strings, lineOffset);
    const files = { idOf: (fileNumber: number) => fileNumber, define: () => undefined };
    runLineProgram(info.sections.line, header, rows, files, info.problems);
  }
  return Array.from({ length: rows.count }, (_, row) => {
    const flags = FLAGS.filter(([bit]) => (rows.flags.at(row) & bit) !== 0).map(([, name]) => name);
    const at = rows.addresses.at(row).toString(16);
    return `${at} ${rows.lines.at(row)}:${rows.columns.at(row)} ${rows.discriminators.at(row)} ${flags.join(" ")}`;
  });
}

/** In the order in which LLVM prints them. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [LINE_IS_STATEMENT, "is_stmt"],
  [LINE_BASIC_BLOCK, "basic_block"],
  [LINE_PROLOGUE_END, "prologue_end"],
  [LINE_EPILOGUE_BEGIN, "epilogue_begin"],
  [LINE_END_SEQUENCE, "end_sequence"],
];
