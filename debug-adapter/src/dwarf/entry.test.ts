import { describe, expect, it } from "vitest";
import { ByteWriter, buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { DW_AT, DW_FORM, DW_TAG, formName } from "./constants";
import { DebugInfo } from "./debug-info";

const { variable, compile_unit, structure_type, member, namespace } = DW_TAG;

function infoOf(children: readonly EntryDescription[], version = 4): DebugInfo {
  return new DebugInfo(buildDwarf([{ version, root: { tag: compile_unit, children } }]));
}

describe("Entry walks", () => {
  const info = infoOf([
    { tag: namespace, attributes: [[DW_AT.name, DW_FORM.string, "a"]], children: [{ tag: variable }] },
    { tag: structure_type, children: [{ tag: member }, { tag: member, children: [{ tag: variable }] }] },
    { tag: namespace },
  ]);

  it("through everything below an entry, and no further", () => {
    const entry = info.units[0]!.root();
    const seen: string[] = [];
    while (entry.next()) seen.push(`${"-".repeat(entry.depth)}${entry.tag.toString(16)}`);
    expect(seen).toEqual(["-39", "--34", "-13", "--d", "--d", "---34", "-39"]);
    const struct = info.units[0]!.root();
    expect(struct.firstChild() && struct.nextSibling()).toBe(true);
    const below = struct.copy();
    let count = 0;
    while (below.next()) count++;
    expect(count).toBe(3);
  });

  it("from child to child", () => {
    const entry = info.units[0]!.root();
    const seen: number[] = [];
    for (let more = entry.firstChild(); more; more = entry.nextSibling()) seen.push(entry.tag);
    expect(seen).toEqual([namespace, structure_type, namespace]);
    expect(entry.firstChild()).toBe(false);
    expect(entry.tag).toBe(namespace);
  });

  it("past what a sibling attribute points over, but never backwards", () => {
    const built = buildDwarf([
      {
        root: {
          tag: compile_unit,
          children: [
            {
              tag: structure_type,
              attributes: [[DW_AT.sibling, DW_FORM.ref4, { ref: "after" }]],
              children: [{ tag: member }],
            },
            { tag: namespace, id: "after", attributes: [[DW_AT.sibling, DW_FORM.ref4, { ref: "after" }]] },
          ],
        },
      },
    ]);
    const entry = new DebugInfo(built).units[0]!.root();
    expect(entry.firstChild() && entry.nextSibling()).toBe(true);
    expect(entry.offset).toBe(built.offsetOf("after"));
    expect(entry.nextSibling()).toBe(false);
  });
});

describe("Entry reads", () => {
  const { name, const_value } = DW_AT;
  const numbers: [form: number, value: number | bigint, expected: bigint][] = [
    [DW_FORM.data1, 0xff, 255n],
    [DW_FORM.data2, 0xfffe, 65534n],
    [DW_FORM.data4, 0xffff_fffd, 4294967293n],
    [DW_FORM.data8, 2n ** 64n - 1n, 2n ** 64n - 1n],
    [DW_FORM.udata, 2n ** 63n + 1n, 2n ** 63n + 1n],
    [DW_FORM.sdata, -(2n ** 63n), -(2n ** 63n)],
    [DW_FORM.implicit_const, -7, -7n],
    [DW_FORM.sec_offset, 5, 5n],
  ];

  it.each(numbers)("form %i as a number", (form, value, expected) => {
    const entry = infoOf([{ tag: variable, attributes: [[const_value, form, value]] }], 5).units[0]!.root();
    expect(entry.firstChild()).toBe(true);
    expect(entry.bigint(const_value)).toBe(expected);
    expect(entry.number(const_value)).toBe(Number(expected));
    expect(entry.string(const_value)).toBeUndefined();
  });

  it("numbers of 128 bits", () => {
    const bytes = new ByteWriter().uint(2n ** 127n + 5n, 16).done();
    const children = [
      { tag: variable, attributes: [[const_value, DW_FORM.data16, bytes] as const] },
      { tag: variable, attributes: [[const_value, DW_FORM.block1, bytes] as const] },
    ];
    const entry = infoOf(children, 5).units[0]!.root();
    entry.firstChild();
    expect(entry.bigint(const_value)).toBe(2n ** 127n + 5n);
    entry.nextSibling();
    expect(entry.bigint(const_value)).toBe(2n ** 127n + 5n);
    expect(entry.block(const_value)).toEqual(bytes);
  });

  it.each([DW_FORM.string, DW_FORM.strp, DW_FORM.line_strp])("form %i as text", (form) => {
    const entry = infoOf([{ tag: variable, attributes: [[name, form, "naïve"]] }], 5).units[0]!.root();
    entry.firstChild();
    expect(entry.string(name)).toBe("naïve");
    expect(entry.number(name)).toBeUndefined();
  });

  it("what indices into tables stand for", () => {
    const strOffsets = new ByteWriter().u32(16).uint(5, 2).uint(0, 2).u32(1).u32(7).done();
    const addr = new ByteWriter().u32(12).uint(5, 2).u8(4, 0).u32(0x1000_0100).u32(0x1000_0200).done();
    const info = new DebugInfo(
      buildDwarf(
        [
          {
            version: 5,
            root: {
              tag: compile_unit,
              attributes: [
                [DW_AT.str_offsets_base, DW_FORM.sec_offset, 8],
                [DW_AT.addr_base, DW_FORM.sec_offset, 8],
                [name, DW_FORM.strx1, 1],
                [DW_AT.low_pc, DW_FORM.addrx, 1],
              ],
              children: [
                { tag: variable, attributes: [[name, DW_FORM.strx3, 0]] },
                { tag: variable, attributes: [[name, DW_FORM.strx, 99]] },
              ],
            },
          },
        ],
        {
          ".debug_str_offsets": strOffsets,
          ".debug_addr": addr,
          ".debug_str": new ByteWriter().text("\0first").text("second").done(),
        },
      ),
    );
    expect(info.units[0]).toMatchObject({ name: "second", lowPc: 0x1000_0200 });
    const entry = info.units[0]!.root();
    entry.firstChild();
    expect(entry.string(name)).toBe("first");
    entry.nextSibling();
    expect(entry.string(name)).toBeUndefined();
    expect(info.problems.list()).toEqual([
      { where: ".debug_info+0x0", what: "string index 99 is outside .debug_str_offsets (2 times)" },
    ]);
  });

  it("references within the unit and across units", () => {
    const built = buildDwarf([
      { root: { tag: compile_unit, id: "other" } },
      {
        root: {
          tag: compile_unit,
          children: [
            { tag: variable, id: "x", attributes: [[DW_AT.type, DW_FORM.ref4, { ref: "x" }]] },
            { tag: variable, attributes: [[DW_AT.type, DW_FORM.ref_addr, { ref: "other" }]] },
            { tag: variable, attributes: [[DW_AT.type, DW_FORM.ref_sig8, 1n]] },
          ],
        },
      },
    ]);
    const info = new DebugInfo(built);
    const entry = info.units[1]!.root();
    entry.firstChild();
    expect(entry.reference(DW_AT.type)).toBe(built.offsetOf("x"));
    entry.nextSibling();
    expect(entry.reference(DW_AT.type)).toBe(built.offsetOf("other"));
    entry.nextSibling();
    expect(entry.reference(DW_AT.type)).toBeUndefined();
    expect(info.problems.list()[0]?.what).toBe("DW_FORM_ref_sig8 cannot be read as a reference");
  });

  it("a value whose form stands beside it", () => {
    const children = [
      {
        tag: variable,
        attributes: [
          [const_value, DW_FORM.indirect, DW_FORM.data1] as const,
          [name, DW_FORM.string, "\x2a"] as const,
        ],
      },
    ];
    // The builder writes the form; the byte of the next value serves as the value itself.
    const entry = infoOf(children).units[0]!.root();
    entry.firstChild();
    expect(entry.number(const_value)).toBe(0x2a);
    expect(entry.string(name)).toBe("");
  });
});

describe("Entry reports", () => {
  it("an abbreviation that is not defined", () => {
    const built = buildDwarf([{ root: { tag: compile_unit, children: [{ tag: variable }] } }]);
    const bytes = built.section(".debug_info")!.slice();
    bytes[12] = 0x55;
    const info = new DebugInfo(built.with({ ".debug_info": bytes }));
    expect(info.problems.list()).toEqual([
      { where: ".debug_info+0xc", what: "abbreviation 85 is not defined" },
    ]);
    expect(info.units[0]!.root().firstChild()).toBe(false);
  });

  it("a form of no version of the standard, by number", () => {
    const info = infoOf([{ tag: variable, attributes: [[DW_AT.name, 0x77]] }]);
    expect(info.units[0]!.root().firstChild()).toBe(false);
    expect(info.problems.list().map(({ what }) => what)).toContain(
      `the entry has a value of the unknown form ${formName(0x77)}`,
    );
  });

  it("a block that leads outside the unit", () => {
    const children = [{ tag: variable, attributes: [[DW_AT.location, DW_FORM.udata, 0x7fff_ffff] as const] }];
    const built = buildDwarf([{ root: { tag: compile_unit, children } }]);
    const abbrev = built
      .section(".debug_abbrev")!
      .map((byte) => (byte === DW_FORM.udata ? DW_FORM.exprloc : byte));
    const info = new DebugInfo(built.with({ ".debug_abbrev": abbrev }));
    expect(info.units[0]!.root().firstChild()).toBe(false);
    expect(info.problems.list().map(({ what }) => what)).toContain("the entry leads outside its unit");
  });

  it("a reference that leads nowhere", () => {
    const info = infoOf([]);
    expect(info.entryAt(0x1234)).toBeUndefined();
    expect(info.entryAt(3)).toBeUndefined();
    expect(info.problems.list()).toEqual([
      { where: ".debug_info+0x1234", what: "a reference leads outside every unit" },
    ]);
  });
});
