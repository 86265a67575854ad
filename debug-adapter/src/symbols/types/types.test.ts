import { describe, expect, it } from "vitest";
import { buildDwarf, type BuiltDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { DW_AT, DW_ATE, DW_FORM, DW_TAG } from "../../dwarf/constants";
import { loadProgram, type Program } from "../program";
import { memberAt, unwrapped } from "./member-access";
import type { EnumType, Type } from "./type";

type Attributes = NonNullable<EntryDescription["attributes"]>;

const named = (name: string): Attributes => [[DW_AT.name, DW_FORM.string, name]];
const sized = (size: number): Attributes => [[DW_AT.byte_size, DW_FORM.udata, size]];
const typed = (ref: string): Attributes => [[DW_AT.type, DW_FORM.ref4, { ref }]];

function base(id: string, encoding: number, size: number): EntryDescription {
  return {
    id,
    tag: DW_TAG.base_type,
    attributes: [...named(id), ...sized(size), [DW_AT.encoding, DW_FORM.data1, encoding]],
  };
}

function member(name: string, offset: number, type: string): EntryDescription {
  const attributes = [...named(name), ...typed(type)] as const;
  return {
    tag: DW_TAG.member,
    attributes: [...attributes, [DW_AT.data_member_location, DW_FORM.udata, offset]],
  };
}

function struct(id: string, size: number, children: EntryDescription[] = []): EntryDescription {
  return { id, tag: DW_TAG.structure_type, attributes: [...named(id), ...sized(size)], children };
}

const BASES = [
  base("u8", DW_ATE.unsigned, 1),
  base("u32", DW_ATE.unsigned, 4),
  base("i8", DW_ATE.signed, 1),
  base("bool", DW_ATE.boolean, 1),
  base("char", DW_ATE.UTF, 4),
  base("f32", DW_ATE.float, 4),
  base("()", DW_ATE.unsigned, 0),
];

function load(children: EntryDescription[]): {
  built: BuiltDwarf;
  program: Program;
  type: (id: string) => Type;
} {
  const built = buildDwarf([{ root: { tag: DW_TAG.compile_unit, children: [...BASES, ...children] } }]);
  const program = loadProgram(built);
  return { built, program, type: (id) => program.types.at(built.offsetOf(id)) };
}

describe("types", () => {
  it("of numbers have an encoding", () => {
    const { type } = load([]);
    const encodings = BASES.map(({ id }) => {
      const each = type(id!);
      return each.kind === "base"
        ? `${each.name} ${each.encoding} ${each.byteSize}/${each.alignment}`
        : each.kind;
    });
    expect(encodings).toEqual([
      "u8 unsigned 1/1",
      "u32 unsigned 4/4",
      "i8 signed 1/1",
      "bool boolean 1/1",
      "char character 4/4",
      "f32 float 4/4",
      "() unit 0/1",
    ]);
  });

  it("are one object however often they are asked for, and found by full name", () => {
    const { program, type } = load([
      { tag: DW_TAG.namespace, attributes: named("a"), children: [struct("S<u8>", 4), struct("S<u32>", 4)] },
      { tag: DW_TAG.namespace, attributes: named("b"), children: [struct("Other", 4)] },
    ]);
    expect(program.types.named("a::S<u8>")).toBe(type("S<u8>"));
    expect(program.types.named("b::S<u8>")).toBeUndefined();
    expect(program.types.named("S<u8>")).toBeUndefined();
    expect(program.types.withPath("a::S").map(({ name }) => name)).toEqual(["a::S<u8>", "a::S<u32>"]);
  });

  it("of arrays multiply", () => {
    const { type } = load([
      {
        id: "array",
        tag: DW_TAG.array_type,
        attributes: typed("u32"),
        children: [
          { tag: DW_TAG.subrange_type, attributes: [[DW_AT.count, DW_FORM.data1, 3]] },
          { tag: DW_TAG.subrange_type, attributes: [[DW_AT.upper_bound, DW_FORM.data1, 1]] },
        ],
      },
    ]);
    expect(type("array")).toMatchObject({
      kind: "array",
      name: "[u32; 6]",
      length: 6,
      byteSize: 24,
      alignment: 4,
    });
  });

  it("of tuples are told from structs", () => {
    const { type } = load([
      struct("(u8, u32)", 8, [member("__0", 4, "u8"), member("__1", 0, "u32")]),
      struct("Point", 8, [member("x", 0, "u32"), member("y", 4, "u32")]),
    ]);
    expect(type("(u8, u32)")).toMatchObject({ kind: "struct", isTuple: true });
    expect(type("Point")).toMatchObject({ kind: "struct", isTuple: false });
  });

  it("of enums without data have signed values where they are stored so", () => {
    const enumerator = (name: string, value: number) => ({
      tag: DW_TAG.enumerator,
      attributes: [...named(name), [DW_AT.const_value, DW_FORM.data1, value] as const],
    });
    const children = [enumerator("Low", 0xff), enumerator("High", 1)];
    const { type } = load(
      ["i8", "u8"].map((of) => ({
        id: `Level ${of}`,
        tag: DW_TAG.enumeration_type,
        attributes: [...named("Level"), ...typed(of), ...sized(1)],
        children,
      })),
    );
    expect(type("Level i8")).toMatchObject({ enumerators: [{ value: -1n }, { value: 1n }] });
    expect(type("Level u8")).toMatchObject({ enumerators: [{ value: 255n }, { value: 1n }] });
  });

  it("of function pointers have parameters and a result", () => {
    const parameter = (type: string) => ({ tag: DW_TAG.formal_parameter, attributes: typed(type) });
    const { type } = load([
      {
        id: "fn",
        tag: DW_TAG.subroutine_type,
        attributes: typed("u8"),
        children: [parameter("u32"), parameter("()")],
      },
    ]);
    const subroutine = type("fn");
    if (subroutine.kind !== "subroutine") throw new Error(subroutine.kind);
    expect(subroutine.parameters.map(({ name }) => name)).toEqual(["u32", "()"]);
    expect(subroutine.result?.name).toBe("u8");
  });

  it("that are none are unknown, with a problem", () => {
    const { program, built } = load([{ id: "namespace", tag: DW_TAG.namespace, attributes: named("n") }]);
    expect(program.types.at(built.offsetOf("namespace")).kind).toBe("unknown");
    expect(program.types.at(0xffff_0000).kind).toBe("unknown");
    expect(program.types.at(undefined).kind).toBe("unknown");
    expect(program.problems.map(({ what }) => what)).toEqual([
      "a type is expected here",
      "a reference leads outside every unit",
    ]);
  });
});

describe("enums with data", () => {
  type Discriminant = readonly [form: number, value: number | Uint8Array] | undefined;

  function load1(
    tag: string,
    variants: readonly (readonly [name: string, discriminant: Discriminant])[],
  ): EnumType {
    const { type } = load([
      struct("E", 8, [
        {
          tag: DW_TAG.variant_part,
          attributes: [[DW_AT.discr, DW_FORM.ref4, { ref: "tag" }]],
          children: [
            { ...member("", 0, tag), id: "tag" },
            ...(variants.map(([name, discriminant]) => ({
              tag: DW_TAG.variant,
              attributes: discriminant && [
                [
                  typeof discriminant[1] === "number" ? DW_AT.discr_value : DW_AT.discr_list,
                  ...discriminant,
                ] as const,
              ],
              children: [member(name, 0, `E::${name}`)],
            })) as EntryDescription[]),
          ],
        },
        ...variants.map(([name]) => ({
          ...struct(`E::${name}`, 8),
          attributes: [...named(name), ...sized(8)],
        })),
      ]),
    ]);
    return type("E") as EnumType;
  }

  it("choose a variant by its discriminant, else the one without", () => {
    const option = load1("u32", [
      ["None", [DW_FORM.data1, 0]],
      ["Some", undefined],
    ]);
    expect(option.discriminant).toMatchObject({ offset: 0, isArtificial: false });
    expect(option.variantFor(0n)?.name).toBe("None");
    expect(option.variantFor(0x2000_0000n)?.name).toBe("Some");
    expect(option.variants.map(({ discriminants }) => discriminants)).toEqual([
      [{ low: 0n, high: 0n }],
      undefined,
    ]);
  });

  it("compare discriminants as the bits in memory", () => {
    const signed = load1("i8", [
      ["Minus", [DW_FORM.sdata, -1]],
      ["Plus", [DW_FORM.sdata, 1]],
    ]);
    expect(signed.variantFor(0xffn)?.name).toBe("Minus");
    expect(signed.variantFor(1n)?.name).toBe("Plus");
    expect(signed.variantFor(2n)).toBeUndefined();
  });

  it("may be chosen by lists and ranges", () => {
    const listed = load1("u8", [
      ["Some", [DW_FORM.block1, Uint8Array.of(0, 3, 1, 10, 0x80 | 20, 1)]],
      ["None", [DW_FORM.data1, 9]],
    ]);
    expect([3n, 10n, 148n, 9n].map((raw) => listed.variantFor(raw)?.name)).toEqual([
      "Some",
      "Some",
      "Some",
      "None",
    ]);
    expect([4n, 149n].map((raw) => listed.variantFor(raw))).toEqual([undefined, undefined]);
  });

  it("without anything to tell variants apart have one", () => {
    const { type } = load([
      struct("One", 4, [
        {
          tag: DW_TAG.variant_part,
          children: [{ tag: DW_TAG.variant, children: [member("Only", 0, "Only")] }],
        },
        struct("Only", 4),
      ]),
    ]);
    const one = type("One") as EnumType;
    expect(one.discriminant).toBeUndefined();
    expect(one.variantFor(5n)?.payload.type.name).toBe("One::Only");
  });
});

describe("types that contain themselves without end", () => {
  const attributes = (id: string) => typed(id);

  it("have finite names and sizes", () => {
    const { type } = load([
      { id: "array", tag: DW_TAG.array_type, attributes: attributes("array") },
      { id: "pointer", tag: DW_TAG.pointer_type, attributes: attributes("pointer") },
      { id: "alias", tag: DW_TAG.typedef, attributes: attributes("other") },
      { id: "other", tag: DW_TAG.const_type, attributes: attributes("alias") },
      struct("S", 4, [member("inner", 0, "S")]),
    ]);
    expect(type("array")).toMatchObject({ name: "[[…]; 1]", byteSize: 0, alignment: 1 });
    expect(type("pointer")).toMatchObject({ name: "*********…", byteSize: 4 });
    expect(type("alias")).toMatchObject({ name: "{unknown}", byteSize: 0 });
    expect(unwrapped(type("S")).type).toBe(type("S"));
    expect(memberAt(type("S"), ["inner", "inner", "missing"])).toBeUndefined();
  });
});

describe("memberAt", () => {
  const { type } = load([
    struct("Header", 40, [member("state", 24, "State"), member("tail", 28, "MaybeUninit")]),
    struct("State", 4, [member("state", 0, "Mutex")]),
    struct("Mutex", 4, [member("_marker", 0, "()"), member("inner", 0, "Cell")]),
    struct("Cell", 4, [member("value", 0, "u32")]),
    {
      id: "MaybeUninit",
      tag: DW_TAG.union_type,
      attributes: [...named("MaybeUninit"), ...sized(8)],
      children: [member("uninit", 0, "()"), member("value", 0, "Pair")],
    },
    struct("Pair", 8, [member("a", 0, "u32"), member("b", 4, "u32")]),
  ]);

  it("follows names, through wrappers that need not be named", () => {
    expect(memberAt(type("Header"), ["state"])).toEqual({ offset: 24, type: type("State") });
    expect(memberAt(type("Header"), ["state", "state", "inner"])).toEqual({ offset: 24, type: type("Cell") });
    expect(memberAt(type("Header"), ["state", "inner"])).toEqual({ offset: 24, type: type("Cell") });
    expect(memberAt(type("Header"), ["tail", "b"])).toEqual({ offset: 32, type: type("u32") });
    expect(memberAt(type("Header"), ["missing"])).toBeUndefined();
    expect(memberAt(type("u32"), [])).toEqual({ offset: 0, type: type("u32") });
  });

  it("takes wrappers off", () => {
    expect(unwrapped(type("State"))).toEqual({ offset: 0, type: type("u32") });
    expect(unwrapped(type("MaybeUninit"))).toEqual({ offset: 0, type: type("Pair") });
    expect(unwrapped(type("Header"))).toEqual({ offset: 0, type: type("Header") });
  });
});
