import { describe, expect, it } from "vitest";
import { ByteWriter, buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import type { Address } from "../base/brand";
import { DW_AT, DW_FORM, DW_LNE, DW_LNS, DW_OP, DW_TAG } from "../dwarf/constants";
import { loadProgram, type Program } from "./program";

type Attributes = NonNullable<EntryDescription["attributes"]>;

const named = (name: string): Attributes => [[DW_AT.name, DW_FORM.string, name]];
const code = (start: number, size: number): Attributes => [
  [DW_AT.low_pc, DW_FORM.addr, start],
  [DW_AT.high_pc, DW_FORM.data4, size],
];
const origin = (attribute: number, ref: string): Attributes => [[attribute, DW_FORM.ref4, { ref }]];

function inlined(ref: string, start: number, size: number, line: number, children: EntryDescription[] = []) {
  const call: Attributes = [
    [DW_AT.call_file, DW_FORM.data1, 1],
    [DW_AT.call_line, DW_FORM.data1, line],
    [DW_AT.call_column, DW_FORM.data1, 9],
  ];
  return {
    tag: DW_TAG.inlined_subroutine,
    attributes: [...origin(DW_AT.abstract_origin, ref), ...code(start, size), ...call],
    children,
  };
}

/**
 *     0x1000  task::run            line 10
 *     0x1004    helper inlined     line 20, called at line 11
 *     0x1006      leaf inlined     line 30, called at line 21
 *     0x1008    helper             line 22
 *     0x100a  task::run            line 12
 *     0x1010  (end)
 */
const PROGRAM: EntryDescription = {
  tag: DW_TAG.compile_unit,
  attributes: [
    [DW_AT.stmt_list, DW_FORM.sec_offset, 0],
    [DW_AT.comp_dir, DW_FORM.string, "/project"],
    [DW_AT.low_pc, DW_FORM.addr, 0],
  ],
  children: [
    { id: "u32", tag: DW_TAG.base_type, attributes: [...named("u32"), [DW_AT.byte_size, DW_FORM.data1, 4]] },
    {
      tag: DW_TAG.namespace,
      attributes: named("task"),
      children: [
        {
          tag: DW_TAG.structure_type,
          attributes: [...named("Storage<F>"), [DW_AT.byte_size, DW_FORM.data1, 4]],
          children: [
            {
              id: "poll",
              tag: DW_TAG.subprogram,
              attributes: [
                ...named("poll<F>"),
                [DW_AT.linkage_name, DW_FORM.string, "_ZN4pollE"],
                [DW_AT.decl_file, DW_FORM.data1, 1],
                [DW_AT.decl_line, DW_FORM.data1, 40],
                [DW_AT.type, DW_FORM.ref4, { ref: "u32" }],
                [DW_AT.declaration, DW_FORM.flag_present],
              ],
              children: [
                {
                  tag: DW_TAG.template_type_parameter,
                  attributes: [...named("F"), ...origin(DW_AT.type, "u32")],
                },
              ],
            },
          ],
        },
        {
          tag: DW_TAG.variable,
          attributes: [
            ...named("POOL"),
            ...origin(DW_AT.type, "u32"),
            [DW_AT.location, DW_FORM.exprloc, Uint8Array.of(DW_OP.addr, 0x40, 0, 0, 0x20)],
          ],
        },
        { id: "helper", tag: DW_TAG.subprogram, attributes: named("helper") },
        { id: "leaf", tag: DW_TAG.subprogram, attributes: named("leaf") },
        {
          tag: DW_TAG.subprogram,
          attributes: [...named("run"), ...code(0x1000, 0x10)],
          children: [
            {
              tag: DW_TAG.lexical_block,
              children: [inlined("helper", 0x1004, 6, 11, [inlined("leaf", 0x1006, 2, 21)])],
            },
          ],
        },
      ],
    },
    { tag: DW_TAG.subprogram, attributes: [...origin(DW_AT.specification, "poll"), ...code(0x2000, 8)] },
    { tag: DW_TAG.subprogram, attributes: [...named("dropped"), ...code(0, 8)] },
  ],
};

/** Address and line of each statement of the program above. */
const LINES = [
  [0x1000, 10],
  [0x1004, 20],
  [0x1006, 30],
  [0x1008, 22],
  [0x100a, 12],
  [0x100c, 0],
  [0x100e, 11],
] as const;

function lineSection(): Uint8Array {
  const header = new ByteWriter().u8(1, 1, 1).uint(-5, 1).u8(14, 13).u8(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1);
  header.text("src").u8(0).text("a.rs").u8(1, 0, 0).u8(0);
  const program = new ByteWriter().u8(DW_LNS.set_column, 5);
  let line = 1;
  for (const [at, next] of LINES) {
    program
      .u8(0, 5, DW_LNE.set_address)
      .u32(at)
      .u8(DW_LNS.advance_line)
      .sleb(next - line)
      .u8(DW_LNS.copy);
    line = next;
  }
  program.u8(DW_LNS.advance_pc, 2, 0, 1, DW_LNE.end_sequence);
  const unit = new ByteWriter().uint(4, 2).u32(header.length).raw(header.done()).raw(program.done());
  return new ByteWriter().u32(unit.length).raw(unit.done()).done();
}

function load(): Program {
  return loadProgram(buildDwarf([{ root: PROGRAM }], { ".debug_line": lineSection() }));
}

const at = (address: number) => address as Address;

describe("functions", () => {
  const { functions } = load();

  it("are those with code that was kept", () => {
    expect(
      functions.all.map(({ name, address, byteSize }) => `${name} ${address.toString(16)} ${byteSize}`),
    ).toEqual(["task::run 1000 16", "task::Storage<F>::poll<F> 2000 8"]);
  });

  it("are found by address", () => {
    expect(functions.at(at(0x1000))?.name).toBe("task::run");
    expect(functions.at(at(0x100f))?.name).toBe("task::run");
    expect(functions.at(at(0x1010))).toBeUndefined();
    expect(functions.at(at(0))).toBeUndefined();
    expect(functions.all[0]?.contains(0x1010)).toBe(false);
  });

  it("are found by name, path, linkage name and condition", () => {
    const [poll] = functions.named("task::Storage<F>::poll<F>");
    expect(poll?.address).toBe(0x2000);
    expect(functions.named("poll<F>")).toEqual([]);
    expect(functions.withPath("task::Storage::poll")).toEqual([poll]);
    expect(functions.withPath("task::poll")).toEqual([]);
    expect(functions.withLinkageName("_ZN4pollE")).toBe(poll);
    expect(functions.withLinkageName("run")?.address).toBe(0x1000);
    expect(functions.withLinkageName("dropped")).toBeUndefined();
    expect(functions.matching(({ path }) => path.endsWith("::run"))).toHaveLength(1);
  });

  it("tell what their declaration says", () => {
    const [poll] = functions.withPath("task::Storage::poll");
    expect(poll).toMatchObject({
      linkageName: "_ZN4pollE",
      declaration: { file: { path: "/project/src/a.rs" }, line: 40 },
      result: { name: "u32" },
      typeArguments: [{ name: "F" }],
      isNoReturn: false,
    });
    expect(functions.all[0]).toMatchObject({
      linkageName: undefined,
      declaration: undefined,
      result: undefined,
    });
  });
});

describe("frames at an address", () => {
  const program = load();
  const frames = (address: number) =>
    program
      .framesAt(at(address))
      .map((frame) => `${frame.function.name}:${frame.place?.line}${frame.isInlined ? " inlined" : ""}`);

  it("are the function and those inlined there, each with its own line", () => {
    expect(frames(0x1000)).toEqual(["task::run:10"]);
    expect(frames(0x1004)).toEqual(["task::helper:20 inlined", "task::run:11"]);
    expect(frames(0x1006)).toEqual(["task::leaf:30 inlined", "task::helper:21 inlined", "task::run:11"]);
    expect(frames(0x1009)).toEqual(["task::helper:22 inlined", "task::run:11"]);
    expect(frames(0x100a)).toEqual(["task::run:12"]);
    expect(frames(0x3000)).toEqual([]);
  });

  it("know where their variables are described", () => {
    const [leaf, helper, run] = program.framesAt(at(0x1006));
    expect(new Set([leaf!.entryOffset, helper!.entryOffset, run!.entryOffset]).size).toBe(3);
    expect(program.debugInfo.entryAt(leaf!.entryOffset)?.tag).toBe(DW_TAG.inlined_subroutine);
  });
});

describe("lines", () => {
  const { lines, files } = load();
  const file = files.matching("src/a.rs")[0]!;

  it("of an address", () => {
    expect(lines.placeAt(at(0x1005))).toEqual({ file, line: 20, column: 5 });
    expect(lines.rowAt(at(0x1005))).toMatchObject({ address: 0x1004, end: 0x1006, isStatement: true });
    expect(lines.placeAt(at(0x0fff))).toBeUndefined();
    expect(lines.placeAt(at(0x1010))).toBeUndefined();
  });

  it("0 is no line", () => {
    expect(lines.placeAt(at(0x100c))).toBeUndefined();
    expect(lines.rowAt(at(0x100c))?.line).toBe(0);
  });

  it("begin at addresses", () => {
    expect(lines.addressesOf(file, 11)).toEqual([0x100e]);
    expect(lines.addressesOf(file, 13)).toEqual([]);
    expect(lines.linesOf(file)).toEqual([10, 11, 12, 20, 22, 30]);
  });

  it("follow each other between two addresses", () => {
    expect([...lines.rowsBetween(at(0x1005), at(0x100b))].map(({ line }) => line)).toEqual([20, 30, 22, 12]);
    expect([...lines.all()]).toHaveLength(LINES.length);
  });
});

describe("statics", () => {
  const { statics } = load();

  it("are found by name and by any address in them", () => {
    const pool = statics.named("task::POOL")!;
    expect(pool).toMatchObject({ address: 0x2000_0040, byteSize: 4, type: { name: "u32" } });
    expect(statics.at(at(0x2000_0043))).toBe(pool);
    expect(statics.at(at(0x2000_0044))).toBeUndefined();
    expect(statics.matching(({ name }) => name.endsWith("POOL"))).toEqual([pool]);
  });
});

describe("debug info that refers to itself without end", () => {
  it("has names nevertheless", () => {
    const cyclic = (attribute: number): EntryDescription => ({
      tag: DW_TAG.compile_unit,
      children: [
        { id: "a", tag: DW_TAG.subprogram, attributes: [...origin(attribute, "b"), ...code(0x1000, 4)] },
        { id: "b", tag: DW_TAG.subprogram, attributes: origin(attribute, "a") },
      ],
    });
    for (const attribute of [DW_AT.specification, DW_AT.abstract_origin]) {
      const { functions } = loadProgram(buildDwarf([{ root: cyclic(attribute) }]));
      expect(functions.all).toMatchObject([{ name: "", linkageName: undefined, declaration: undefined }]);
    }
  });

  it("may be nested as deep as it likes", () => {
    let entry: EntryDescription = {
      tag: DW_TAG.subprogram,
      attributes: [...named("leaf"), ...code(0x1000, 4)],
    };
    for (let depth = 0; depth < 1000; depth++) {
      entry = { tag: DW_TAG.namespace, attributes: named("n"), children: [entry] };
    }
    const { functions } = loadProgram(
      buildDwarf([{ root: { tag: DW_TAG.compile_unit, children: [entry] } }]),
    );
    expect(functions.all[0]?.name).toMatch(/^…::n::n.*::leaf$/);
  });
});
