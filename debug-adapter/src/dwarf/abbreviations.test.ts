import { describe, expect, it } from "vitest";
import { ProblemList } from "../base/errors";
import { ByteWriter } from "#test/helpers/dwarf-builder";
import { AbbreviationSection, type AbbreviationTable } from "./abbreviations";
import { DW_AT, DW_FORM, DW_TAG } from "./constants";
import { SIZE_VARIES } from "./forms";

function read(bytes: Uint8Array, offset = 0): { table: AbbreviationTable; problems: string[] } {
  const problems = new ProblemList();
  const table = new AbbreviationSection(bytes, problems).tableAt(offset);
  return { table, problems: problems.list().map(({ where, what }) => `${where}: ${what}`) };
}

/** One abbreviation; without the zero that ends the table. */
function abbreviation(code: number, ...pairs: (readonly [attribute: number, form: number])[]): ByteWriter {
  const writer = new ByteWriter().uleb(code).uleb(DW_TAG.variable).u8(1);
  for (const [attribute, form] of pairs) writer.uleb(attribute).uleb(form);
  return writer.u8(0, 0);
}

describe("abbreviations", () => {
  it("know the size of entries whose values all have one", () => {
    const { table } = read(
      abbreviation(
        1,
        [DW_AT.name, DW_FORM.strp],
        [DW_AT.external, DW_FORM.flag_present],
        [DW_AT.low_pc, DW_FORM.addr],
      ).done(),
    );
    expect(table.get(1)).toMatchObject({ tag: DW_TAG.variable, hasChildren: true, fixedSize: 8 });
  });

  it("know that a value of varying size makes the entry vary", () => {
    const { table } = read(
      abbreviation(1, [DW_AT.name, DW_FORM.string], [DW_AT.byte_size, DW_FORM.data1]).done(),
    );
    expect(table.get(1)?.fixedSize).toBe(SIZE_VARIES);
  });

  it("are found by sparse codes too, and the first of a code counts", () => {
    const writer = abbreviation(5_000_000, [DW_AT.name, DW_FORM.strp]);
    writer.raw(abbreviation(5_000_000).done()).raw(abbreviation(3).done()).u8(0);
    const { table, problems } = read(writer.done());
    expect(table.get(5_000_000)?.fixedSize).toBe(4);
    expect(table.get(3)?.fixedSize).toBe(0);
    expect(table.get(2)).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it("keep what precedes a fault", () => {
    const { table, problems } = read(abbreviation(1).raw([2, 0x34]).done());
    expect(table.get(1)).toBeDefined();
    expect(problems).toEqual([".debug_abbrev+0x0: the table is cut short: 1 bytes at offset 7 of 7"]);
  });

  it("outside the section are none", () => {
    expect(read(new Uint8Array(2), 9).problems).toEqual([
      ".debug_abbrev+0x9: the offset is outside the section",
    ]);
  });

  it("that overlap thousandfold stop being read", () => {
    const bytes = new Uint8Array(4096).fill(0x01);
    const problems = new ProblemList();
    const section = new AbbreviationSection(bytes, problems);
    for (let offset = 0; offset < bytes.length; offset++) section.tableAt(offset);
    expect(problems.list().some(({ what }) => what.includes("overlap too often"))).toBe(true);
  });
});
