import { describe, expect, it } from "vitest";
import { buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { DW_AT, DW_FORM, DW_OP, DW_TAG } from "./constants";
import { DebugInfo } from "./debug-info";
import { NO_ROW } from "./entry-index";

const { name, low_pc, high_pc, location, specification } = DW_AT;

function infoOf(children: readonly EntryDescription[]): DebugInfo {
  return new DebugInfo(buildDwarf([{ root: { tag: DW_TAG.compile_unit, children } }]));
}

function code(text: string, low: number, high: number): EntryDescription {
  return {
    tag: DW_TAG.subprogram,
    attributes: [
      [name, DW_FORM.string, text],
      [low_pc, DW_FORM.addr, low],
      [high_pc, DW_FORM.data4, high],
    ],
  };
}

function at(address: number): readonly [number, number, Uint8Array] {
  const bytes = [0, 8, 16, 24].map((shift) => (address >>> shift) & 0xff);
  return [location, DW_FORM.exprloc, Uint8Array.of(DW_OP.addr, ...bytes)];
}

describe("EntryIndex", () => {
  it("knows names with what is around them, and nothing of what has no name or address", () => {
    const { index, strings } = infoOf([
      {
        tag: DW_TAG.namespace,
        attributes: [[name, DW_FORM.string, "a"]],
        children: [
          {
            tag: DW_TAG.lexical_block,
            children: [
              {
                tag: DW_TAG.structure_type,
                attributes: [[name, DW_FORM.strp, "S"]],
                children: [{ tag: DW_TAG.member }],
              },
            ],
          },
          { tag: DW_TAG.variable, attributes: [[name, DW_FORM.string, "local"]] },
        ],
      },
      { tag: DW_TAG.base_type, attributes: [[name, DW_FORM.string, "u8"]] },
    ]);
    const rows = Array.from({ length: index.count }, (_, row) => [
      strings.text(index.name(row)),
      index.parent(row),
    ]);
    expect(rows).toEqual([
      ["a", NO_ROW],
      ["S", 0],
      ["u8", NO_ROW],
    ]);
    for (let row = 0; row < index.count; row++) expect(index.rowAt(index.offset(row))).toBe(row);
    expect(index.rowAt(index.offset(0) + 1)).toBe(NO_ROW);
  });

  it("keeps the code that the linker kept", () => {
    const { index, problems } = infoOf([
      code("kept", 0x1000, 0x10),
      code("dropped", 0, 0x10),
      code("dropped by a newer linker", 0xffff_ffff, 0x10),
      code("empty", 0x2000, 0),
    ]);
    expect([...index.code.starts]).toEqual([0x1000]);
    expect([...index.code.ends]).toEqual([0x1010]);
    expect(problems.list().map(({ what }) => what)).toEqual(["the subprogram's code has no end"]);
  });

  it("keeps variables at fixed addresses", () => {
    const { index } = infoOf([
      { tag: DW_TAG.variable, attributes: [at(0x2000_0000)] },
      { tag: DW_TAG.variable, attributes: [at(0)] },
      { tag: DW_TAG.variable, attributes: [[location, DW_FORM.exprloc, Uint8Array.of(0x50)]] },
      { tag: DW_TAG.variable, attributes: [[location, DW_FORM.sec_offset, 5]] },
    ]);
    expect([...index.statics.addresses]).toEqual([0x2000_0000]);
  });

  it("remembers which entry another completes", () => {
    const built = buildDwarf([
      {
        root: {
          tag: DW_TAG.compile_unit,
          children: [
            {
              tag: DW_TAG.subprogram,
              id: "declaration",
              attributes: [
                [name, DW_FORM.string, "f"],
                [DW_AT.declaration, DW_FORM.flag_present],
              ],
            },
            { tag: DW_TAG.subprogram, attributes: [[specification, DW_FORM.ref4, { ref: "declaration" }]] },
          ],
        },
      },
    ]);
    const { index } = new DebugInfo(built);
    expect(index.isDeclaration(0)).toBe(true);
    expect(index.isDeclaration(1)).toBe(false);
    expect(index.origin(0)).toBeUndefined();
    expect(index.origin(1)).toBe(built.offsetOf("declaration"));
  });

  it("survives more ends than beginnings", () => {
    const built = buildDwarf([
      { root: { tag: DW_TAG.compile_unit, children: [code("f", 0x1000, 4), code("g", 0x2000, 4)] } },
    ]);
    const bytes = built.section(".debug_info")!.slice();
    const { index } = new DebugInfo(built.with({ ".debug_info": bytes.fill(0, bytes.length - 12) }));
    expect([...index.code.starts]).toEqual([0x1000]);
  });
});
