import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProblemList } from "../base/errors";
import { ByteWriter } from "#test/helpers/dwarf-builder";
import "#test/helpers/fixed-seed";
import { DW_LLE } from "./constants";
import { LocationLists } from "./location-lists";

const BASE = 0x1000_0000;
const NONE = new Uint8Array(0);

function listsOf(bytes: Uint8Array, version: number) {
  const problems = new ProblemList();
  const sections = { loc: version < 5 ? bytes : NONE, loclists: version < 5 ? NONE : bytes };
  const context = {
    version,
    lowPc: BASE,
    addressAt: (index: number) => [0, 0x2000_0000, 0x2000_0100][index] ?? 0,
  };
  return { lists: new LocationLists(sections, problems), context, problems };
}

function check(list: ByteWriter, version: number, expected: string[], problems: string[] = []): void {
  const { lists, context, problems: found } = listsOf(list.done(), version);
  const texts = lists.at(0, context).map(({ start, end, expression, isDefault }) => {
    const where = isDefault ? "default" : `${start.toString(16)}-${end.toString(16)}`;
    return `${where}: ${Buffer.from(expression).toString("hex")}`;
  });
  expect(texts).toEqual(expected);
  expect(found.list().map(({ what }) => what)).toEqual(problems);
}

describe("location lists of DWARF 4", () => {
  const entry = (start: number, end: number, ...bytes: number[]) =>
    new ByteWriter().u32(start).u32(end).uint(bytes.length, 2).raw(bytes).done();
  const pair = (start: number, end: number) => new ByteWriter().u32(start).u32(end).done();

  it("are relative to the unit's base until another is selected", () => {
    const list = new ByteWriter()
      .raw(entry(4, 8, 0x50))
      .raw(pair(0xffff_ffff, 0x3000_0000))
      .raw(entry(4, 8, 0x51, 0x93, 4))
      .raw(pair(0, 0));
    check(list, 4, ["10000004-10000008: 50", "30000004-30000008: 519304"]);
  });

  it("leave out what is empty and what the linker dropped", () => {
    const list = new ByteWriter()
      .raw(entry(8, 8, 0x50))
      .raw(pair(0xffff_ffff, 0))
      .raw(entry(1, 9, 0x50))
      .raw(pair(0, 0));
    check(list, 4, []);
  });

  it("without an end keep what was read", () => {
    check(
      new ByteWriter().raw(entry(4, 8, 0x50)),
      4,
      ["10000004-10000008: 50"],
      ["the location list has no end"],
    );
    check(new ByteWriter().u32(4).u32(8).uint(100, 2), 4, [], ["the location list has no end"]);
  });
});

describe("location lists of DWARF 5", () => {
  it("have nine kinds of entries", () => {
    const list = new ByteWriter();
    const reg = (number: number) => [1, 0x50 + number];
    list.u8(DW_LLE.offset_pair).uleb(4).uleb(8).raw(reg(0));
    list.u8(DW_LLE.base_addressx).uleb(2);
    list.u8(DW_LLE.offset_pair).uleb(4).uleb(8).raw(reg(1));
    list.u8(DW_LLE.base_address).u32(0x3000_0000);
    list.u8(DW_LLE.offset_pair).uleb(0).uleb(0x100).raw(reg(2));
    list.u8(DW_LLE.startx_endx).uleb(1).uleb(2).raw(reg(3));
    list.u8(DW_LLE.startx_length).uleb(2).uleb(0x10).raw(reg(4));
    list.u8(DW_LLE.GNU_view_pair).uleb(1).uleb(200);
    list.u8(DW_LLE.start_end).u32(0x1000_0020).u32(0x1000_0024).raw(reg(5));
    list.u8(DW_LLE.default_location).raw(reg(6));
    list.u8(DW_LLE.start_length).u32(0x1000_0030).uleb(2).raw([0]);
    list.u8(DW_LLE.end_of_list);
    check(list, 5, [
      "10000004-10000008: 50",
      "20000104-20000108: 51",
      "30000000-30000100: 52",
      "20000000-20000100: 53",
      "20000100-20000110: 54",
      "10000020-10000024: 55",
      "default: 56",
      "10000030-10000032: ",
    ]);
  });

  it("leave out what follows a fault", () => {
    const list = new ByteWriter().u8(DW_LLE.start_length).u32(BASE).uleb(2).uleb(1).u8(0x50).u8(77);
    check(list, 5, ["10000000-10000002: 50"], ["location list entry of unknown kind 77"]);
    check(new ByteWriter().u8(DW_LLE.default_location).uleb(9), 5, [], ["the location list has no end"]);
  });
});

describe("expressionAt", () => {
  it("finds the entry for an address, else the default", () => {
    const list = new ByteWriter();
    list.u8(DW_LLE.default_location).raw([1, 0x5f]);
    list.u8(DW_LLE.offset_pair).uleb(4).uleb(8).raw([1, 0x50]);
    list.u8(DW_LLE.offset_pair).uleb(8).uleb(10).raw([1, 0x51]);
    list.u8(DW_LLE.end_of_list);
    const { lists, context } = listsOf(list.done(), 5);
    const found = [3, 4, 7, 8, 10].map((offset) => lists.expressionAt(0, context, BASE + offset)?.[0]);
    expect(found).toEqual([0x5f, 0x50, 0x50, 0x51, 0x5f]);
  });
});

describe("any bytes", () => {
  it("end, and throw nothing", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(4, 5),
        fc.nat(90),
        (bytes, version, offset) => {
          const { lists, context } = listsOf(bytes, version);
          expect(lists.at(offset, context).length).toBeLessThanOrEqual(bytes.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
