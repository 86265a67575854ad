import { describe, expect, it } from "vitest";
import { ProblemList } from "../base/errors";
import { ByteWriter } from "#test/helpers/dwarf-builder";
import { DW_RLE } from "./constants";
import { RangeLists } from "./ranges";

const BASE = 0x1000_0000;
const NONE = new Uint8Array(0);

function check(list: ByteWriter, version: number, expected: string[], problems: string[] = []): void {
  const bytes = list.done();
  const found = new ProblemList();
  const lists = new RangeLists(
    { ranges: version < 5 ? bytes : NONE, rnglists: version < 5 ? NONE : bytes },
    found,
  );
  const ranges = lists.at(0, {
    version,
    lowPc: BASE,
    addressAt: (index) => [0, 0x2000_0000, 0x2000_0100][index] ?? 0,
  });
  expect(ranges.map(({ start, end }) => `${start.toString(16)}-${end.toString(16)}`)).toEqual(expected);
  expect(found.list().map(({ what }) => what)).toEqual(problems);
}

describe("range lists of DWARF 4", () => {
  const pair = (start: number, end: number) => new ByteWriter().u32(start).u32(end).done();

  it("are relative to the unit's base until another is selected", () => {
    const list = new ByteWriter()
      .raw(pair(4, 8))
      .raw(pair(0xffff_ffff, 0x3000_0000))
      .raw(pair(4, 8))
      .raw(pair(0, 0));
    check(list, 4, ["10000004-10000008", "30000004-30000008"]);
  });

  it("leave out what is empty and what the linker dropped", () => {
    const list = new ByteWriter()
      .raw(pair(8, 8))
      .raw(pair(0xffff_ffff, 0))
      .raw(pair(1, 1))
      .raw(pair(1, 9))
      .raw(pair(0, 0));
    check(list, 4, []);
  });

  it("without an end keep what was read", () => {
    check(new ByteWriter().raw(pair(4, 8)), 4, ["10000004-10000008"], ["the range list has no end"]);
  });

  it("whose end precedes their start are left out", () => {
    check(new ByteWriter().raw(pair(8, 4)).raw(pair(0, 0)), 4, []);
  });
});

describe("range lists of DWARF 5", () => {
  it("have eight kinds of entries", () => {
    const list = new ByteWriter();
    list.u8(DW_RLE.offset_pair).uleb(4).uleb(8);
    list.u8(DW_RLE.base_addressx).uleb(1);
    list.u8(DW_RLE.offset_pair).uleb(4).uleb(8);
    list.u8(DW_RLE.base_address).u32(0x3000_0000);
    list.u8(DW_RLE.offset_pair).uleb(0).uleb(0x200);
    list.u8(DW_RLE.startx_endx).uleb(1).uleb(2);
    list.u8(DW_RLE.startx_length).uleb(2).uleb(0x10);
    list.u8(DW_RLE.start_end).u32(0x4000_0000).u32(0x4000_0001);
    list.u8(DW_RLE.start_length).u32(0x5000_0000).uleb(2);
    list.u8(DW_RLE.end_of_list);
    check(list, 5, [
      "10000004-10000008",
      "20000004-20000008",
      "30000000-30000200",
      "20000000-20000100",
      "20000100-20000110",
      "40000000-40000001",
      "50000000-50000002",
    ]);
  });

  it("leave out offsets from a base that the linker dropped", () => {
    const list = new ByteWriter()
      .u8(DW_RLE.base_addressx)
      .uleb(0)
      .u8(DW_RLE.offset_pair)
      .uleb(0x100)
      .uleb(0x200);
    check(list.u8(DW_RLE.end_of_list), 5, []);
  });

  it("of an unknown kind end there", () => {
    const list = new ByteWriter().u8(DW_RLE.offset_pair).uleb(4).uleb(8).u8(0x77);
    check(list, 5, ["10000004-10000008"], ["range list entry of unknown kind 119"]);
  });
});

describe("range lists", () => {
  it("that overlap thousandfold stop being read, but those already read stay", () => {
    const bytes = new Uint8Array(64 * 1024).fill(1);
    const problems = new ProblemList();
    const lists = new RangeLists({ ranges: bytes, rnglists: NONE }, problems);
    const unit = { version: 4, lowPc: BASE, addressAt: () => 0 };
    for (let offset = 0; offset < bytes.length; offset++) lists.at(offset, unit);
    expect(problems.list().some(({ what }) => what.includes("overlap too often"))).toBe(true);
    expect(lists.at(0, unit)).toBe(lists.at(0, unit));
  });
});
