import { basename } from "node:path";
import { expect, it } from "vitest";
import { ByteReader } from "#adapter/base/byte-reader";
import { ProblemList } from "#adapter/base/errors";
import { CallFrameInfo } from "#adapter/dwarf/call-frame-info";
import type { CallFrameRow } from "#adapter/dwarf/call-frame-program";
import { DW_OP } from "#adapter/dwarf/constants";
import { type Operation, operatorName, readOperation } from "#adapter/dwarf/expression-operation";
import { LocationLists } from "#adapter/dwarf/location-lists";
import { firmwareFiles } from "#test/helpers/firmware";
import { firmwareAt } from "#test/helpers/run-firmware";
import { describeWithTool, runTool } from "#test/helpers/tool";

const files = firmwareFiles().map((path) => [basename(path), path]);

describeWithTool("llvm-dwarfdump", "call frame information", (dwarfdump) => {
  it.each(files)("of %s equals llvm-dwarfdump's, row by row", async (_, path) => {
    const { elf } = await firmwareAt(path);
    const problems = new ProblemList();
    const frames = new CallFrameInfo(elf, problems);
    const output = runTool(dwarfdump, ["--debug-frame", path]);
    const rows = Array.from(
      output.matchAll(/^ {2}0x([0-9a-f]+): (CFA=.*)$/gm),
      ([, at, text]) => [parseInt(at!, 16), text!] as const,
    ).filter(([at]) => at >= 0x1000_0000);
    expect(rows.length).toBeGreaterThan(20);
    const differences = rows.filter(([at, text]) => rowText(frames.rowAt(at), at) !== text);
    expect(differences).toEqual([]);
    expect(problems.list()).toEqual([]);
  });
});

/** A row as llvm-dwarfdump writes it, if it begins at `at`. */
function rowText(row: CallFrameRow | undefined, at: number): string | undefined {
  if (row?.cfa.kind !== "register" || row.start !== at) return undefined;
  const { register, offset } = row.cfa;
  const registers = [...row.registers]
    .sort(([a], [b]) => a - b)
    .map(
      ([number, rule]) => `${nameOf(number)}=${rule.kind === "offset" ? `[CFA${rule.offset}]` : rule.kind}`,
    );
  const cfa = `CFA=${nameOf(register)}${offset === 0 ? "" : `+${offset}`}`;
  return registers.length === 0 ? cfa : `${cfa}: ${registers.join(", ")}`;
}

function nameOf(register: number): string {
  return { 13: "SP", 14: "LR", 15: "PC" }[register] ?? `R${register}`;
}

describeWithTool("llvm-dwarfdump", "location lists", (dwarfdump) => {
  it.each(files)("of %s equal llvm-dwarfdump's, with every operator", async (_, path) => {
    const { program } = await firmwareAt(path);
    const problems = new ProblemList();
    const lists = new LocationLists(program.debugInfo.sections, problems);
    const output = runTool(dwarfdump, ["--debug-loc", path]);
    let count = 0;
    for (const [, offset, body] of output.matchAll(/^0x([0-9a-f]+): *\n((?: {12}.*\n)+)/gm)) {
      // The dump adds no base of a unit either.
      const context = { version: 4, lowPc: 0, addressAt: () => 0 };
      const ours = lists
        .at(parseInt(offset!, 16), context)
        .map(({ start, end, expression }) => `[${hex(start)}, ${hex(end)}): ${expressionText(expression)}`);
      // What is relative to nothing, as in functions that the linker dropped, stands in parentheses.
      const theirs = body!
        .trim()
        .split("\n")
        .map((line) => line.trim().replace(/^\(/, "["));
      // Entries that are empty or dropped are left out by us.
      const kept = theirs.filter((line) => {
        const [, start, end] = /^\[0x(\w+), *0x(\w+)\)/.exec(line) ?? [];
        return start !== end && parseInt(start ?? "0", 16) > 1;
      });
      expect(ours, offset).toEqual(kept);
      count += kept.length;
    }
    expect(count).toBeGreaterThan(20);
    expect(problems.list()).toEqual([]);
  });
});

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

/** An expression as llvm-dwarfdump writes it. */
function expressionText(expression: Uint8Array): string {
  const reader = new ByteReader(expression);
  const texts: string[] = [];
  while (!reader.isAtEnd) {
    const code = expression[reader.offset]!;
    texts.push(operationText(operatorName(code), readOperation(reader)!));
  }
  return texts.join(", ");
}

function operationText(name: string, { operator, first, second, block }: Operation): string {
  const signed = (value: bigint) => `${value < 0n ? "" : "+"}${value.toString()}`;
  switch (operator) {
    case DW_OP.reg0:
      return `${name} ${nameOf(Number(first))}`;
    case DW_OP.breg0:
      return `${name} ${nameOf(Number(first))}${signed(second)}`;
    case DW_OP.entry_value:
      return `${name}(${expressionText(block)})`;
    case DW_OP.fbreg:
    case DW_OP.consts:
      return `${name} ${signed(first)}`;
    case DW_OP.lit0:
      return name;
    case DW_OP.addr:
    case DW_OP.constu:
    case DW_OP.const1u:
    case DW_OP.piece:
    case DW_OP.deref_size:
    case DW_OP.plus_uconst:
    case DW_OP.convert:
      return `${name} 0x${first.toString(16)}`;
    default:
      return name;
  }
}
