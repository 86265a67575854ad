import { describe, expect, it } from "vitest";
import { type AttributeDescription, buildDwarf, ByteWriter } from "#test/helpers/dwarf-builder";
import { expression } from "#test/helpers/expression-text";
import { DW_AT, DW_FORM, DW_LLE, DW_TAG } from "./constants";
import { DebugInfo } from "./debug-info";
import type { ExpressionContext } from "./expression-context";
import { readLocation } from "./location";
import { VariableLocations } from "./variable-location";

const PC = 0x1000_0000;

class FrameOfTest implements ExpressionContext {
  readonly memory = { read: () => undefined };
  register(number: number): number | undefined {
    return number < 8 ? 0x100 + number : undefined;
  }
  frameBase(): number | undefined {
    return 0x2000_0000;
  }
  callFrameAddress(): number | undefined {
    return 0x2000_0100;
  }
}

/** A function with one variable. */
function program(version: number, variable: readonly AttributeDescription[], frameBase = "reg7") {
  const loclists = new ByteWriter().u32(0).uint(5, 2).u8(4, 0).u32(1);
  loclists.u32(4).u8(DW_LLE.start_length).u32(PC).uleb(8).raw([1, 0x52]).u8(DW_LLE.end_of_list);
  const loc = new ByteWriter().u32(0xffff_ffff).u32(PC).u32(0).u32(8).uint(1, 2).u8(0x51).u32(0).u32(0);
  const built = buildDwarf(
    [
      {
        version,
        root: {
          tag: DW_TAG.compile_unit,
          attributes: [[DW_AT.loclists_base, DW_FORM.sec_offset, 12]],
          children: [
            {
              id: "function",
              tag: DW_TAG.subprogram,
              attributes: [[DW_AT.frame_base, DW_FORM.exprloc, expression(frameBase)]],
            },
            { id: "variable", tag: DW_TAG.variable, attributes: variable },
          ],
        },
      },
    ],
    { ".debug_loc": loc.done(), ".debug_loclists": loclists.done() },
  );
  const info = new DebugInfo(built);
  const entry = (id: string) => info.entryAt(built.offsetOf(id))!;
  return { info, locations: new VariableLocations(info), entry };
}

function check(version: number, variable: readonly AttributeDescription[], pc: number, expected: unknown) {
  const { locations, entry } = program(version, variable);
  expect(locations.locate(entry("variable"), pc, new FrameOfTest())).toEqual([
    { location: expected, bitSize: undefined, bitOffset: 0 },
  ]);
}

describe("VariableLocations", () => {
  it("finds variables by expressions", () => {
    check(4, [[DW_AT.location, DW_FORM.exprloc, expression("fbreg 4")]], PC, {
      kind: "memory",
      address: 0x2000_0004,
    });
    check(2, [[DW_AT.location, DW_FORM.block1, expression("reg3")]], PC, { kind: "register", register: 3 });
  });

  it("finds variables by location lists", () => {
    check(4, [[DW_AT.location, DW_FORM.sec_offset, 0]], PC + 7, { kind: "register", register: 1 });
    check(4, [[DW_AT.location, DW_FORM.sec_offset, 0]], PC + 8, { kind: "optimized-out" });
    check(3, [[DW_AT.location, DW_FORM.data4, 0]], PC, { kind: "register", register: 1 });
    check(5, [[DW_AT.location, DW_FORM.sec_offset, 16]], PC, { kind: "register", register: 2 });
    check(5, [[DW_AT.location, DW_FORM.loclistx, 0]], PC, { kind: "register", register: 2 });
  });

  it("lists all places of a variable", () => {
    const { locations, entry } = program(4, [[DW_AT.location, DW_FORM.sec_offset, 0]]);
    expect(locations.listAt(entry("variable"), DW_AT.location)).toMatchObject([{ start: PC, end: PC + 8 }]);
    expect(locations.listAt(entry("function"), DW_AT.frame_base)).toBeUndefined();
  });

  it("reports an index outside the section", () => {
    const { locations, entry, info } = program(5, [[DW_AT.location, DW_FORM.loclistx, 99]]);
    expect(locations.locate(entry("variable"), PC, new FrameOfTest())[0]!.location.kind).toBe(
      "optimized-out",
    );
    expect(info.problems.list().map(({ what }) => what)).toContain(
      "location list index 99 is outside .debug_loclists",
    );
  });

  it.each([
    [DW_FORM.sdata, -2n, "feffffffffffffff"],
    [DW_FORM.udata, 300n, "2c01000000000000"],
    [DW_FORM.data1, 7, "0700000000000000"],
    [DW_FORM.block1, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), "0102030405060708"],
    [DW_FORM.string, "abcdefgh", "6162636465666768"],
  ])("takes constants of form %i for the value", (form, value, expected) => {
    const { locations, entry } = program(4, [[DW_AT.const_value, form, value]]);
    const location = locations.locate(entry("variable"), PC, new FrameOfTest());
    const { bytes, missing } = readLocation(location, 8, new FrameOfTest());
    expect(Buffer.from(bytes).toString("hex")).toBe(expected);
    expect(missing).toEqual([]);
  });

  it("finds frame bases: the register that LLVM names, or whatever is computed", () => {
    const frame = new FrameOfTest();
    for (const [text, expected] of [
      ["reg7", 0x107],
      ["breg7 8", 0x10f],
      ["call_frame_cfa", 0x2000_0100],
    ] as const) {
      const { locations, entry } = program(4, [], text);
      expect(locations.frameBase(entry("function"), PC, frame)).toEqual({ kind: "number", value: expected });
    }
  });

  it("has no frame base that is relative to itself, or to nothing", () => {
    const frame = new FrameOfTest();
    const { locations, entry } = program(4, [], "fbreg 0");
    const reason = "the frame base is not known here";
    expect(locations.frameBase(entry("function"), PC, frame)).toEqual({ kind: "unavailable", reason });
    const none = { kind: "unavailable", reason: "the function has no frame base" };
    expect(locations.frameBase(entry("variable"), PC, frame)).toEqual(none);
  });
});
