import { describe, expect, it } from "vitest";
import { buildDwarf, ByteWriter, type UnitDescription } from "#test/helpers/dwarf-builder";
import { DW_AT, DW_FORM, DW_TAG, DW_UT } from "./constants";
import { DebugInfo } from "./debug-info";

const root = { tag: DW_TAG.compile_unit, attributes: [[DW_AT.name, DW_FORM.string, "good"] as const] };

function check(unit: Partial<UnitDescription>, problem: string): void {
  const info = new DebugInfo(buildDwarf([{ root, ...unit }, { root }]));
  expect(info.problems.list().map(({ what }) => what)).toEqual([problem]);
  expect(info.units.map(({ name }) => name)).toEqual(["good"]);
}

describe("unit headers", () => {
  it.each([2, 3, 4, 5])("of version %i are read", (version) => {
    const info = new DebugInfo(buildDwarf([{ version, root }]));
    expect(info.units).toMatchObject([{ version, name: "good" }]);
    expect(info.problems.isEmpty).toBe(true);
  });

  it("of what is not read are skipped, each with its reason, and the next unit is read", () => {
    check({ version: 6 }, "the unit is of DWARF version 6, which is not read");
    check({ version: 5, kind: DW_UT.type }, "type units are not read");
    check({ version: 5, kind: 9 }, "unit kind 9 is not known");
    check({ version: 4, addressSize: 8 }, "the unit has 8-byte addresses; only 4-byte ones are read");
    check(
      { version: 5, kind: DW_UT.skeleton },
      "the unit's debug info is split into another file, which is not read",
    );
  });

  it("of 64-bit DWARF are skipped", () => {
    const wide = new ByteWriter().u32(0xffff_ffff).uint(7, 8).uint(4, 2).u32(0).u8(4).done();
    const built = buildDwarf([{ root }]);
    const info = new DebugInfo(
      built.with({ ".debug_info": Uint8Array.of(...wide, ...built.section(".debug_info")!) }),
    );
    expect(info.problems.list()).toEqual([
      { where: ".debug_info+0x0", what: "the unit is in 64-bit DWARF, which is not read" },
    ]);
    expect(info.units).toMatchObject([{ name: "good", offset: wide.length }]);
  });

  it("with a length that leads outside end the list", () => {
    const built = buildDwarf([{ root }, { root }]);
    const bytes = built.section(".debug_info")!;
    const info = new DebugInfo(built.with({ ".debug_info": bytes.slice(0, -1) }));
    expect(info.units).toHaveLength(1);
    expect(info.problems.list()[0]?.what).toMatch(/^the rest of the units is not read: unit of \d+ bytes/);
  });

  it("with type units in a section of their own are a problem", () => {
    const built = buildDwarf([{ root }], { ".debug_types": Uint8Array.of(1) });
    expect(new DebugInfo(built).problems.list()).toEqual([
      { where: ".debug_types", what: "type units are not read" },
    ]);
  });
});
