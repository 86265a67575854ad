import { describe, expect, test } from "vitest";
import { buildElf, type SymbolDescription, TEXT } from "#test/helpers/elf-builder";
import { address } from "../base/brand";
import { SHF_ALLOC, SHF_WRITE } from "./constants";
import { parseElf } from "./elf-file";
import type { SymbolTable } from "./symbol-table";

const SECTIONS = [
  { ...TEXT, data: new Uint8Array(0x100) },
  { name: ".data", flags: SHF_ALLOC | SHF_WRITE, address: 0x2000_0000, data: new Uint8Array(0x100) },
];

function tableOf(...symbols: SymbolDescription[]): SymbolTable {
  const elf = parseElf(buildElf({ sections: SECTIONS, symbols }), "firmware.elf");
  expect(elf.problems).toEqual([]);
  return elf.symbols;
}

const MAIN = { name: "main", value: 0x1000_0011, size: 8, kind: "function", binding: "global" } as const;
const POOL = { name: "POOL", value: 0x2000_0010, size: 16, kind: "object", section: ".data" } as const;

describe("a symbol", () => {
  test("has its Thumb bit cleared", () => {
    expect(tableOf(MAIN).at(1)).toEqual({
      index: 1,
      name: "main",
      address: 0x1000_0010,
      size: 8,
      kind: "function",
      binding: "global",
      isThumb: true,
      section: 1,
    });
  });

  test("that is no function keeps an odd address", () => {
    const table = tableOf({ ...POOL, value: 0x2000_0011, size: 1 });
    expect(table.byName("POOL")).toMatchObject({ address: 0x2000_0011, isThumb: false, kind: "object" });
  });

  test("may lie in the upper half of memory", () => {
    const table = tableOf({
      name: "top",
      value: 0xf000_0001,
      size: 4,
      kind: "function",
      section: "absolute",
    });
    expect(table.functionAt(address(0xf000_0002))).toMatchObject({ address: 0xf000_0000, section: 0xfff1 });
  });

  test.each([
    { kind: 3, expected: "section" },
    { kind: 4, expected: "file" },
    { kind: 10, expected: "other" },
    { kind: "none" as const, expected: "none" },
  ])("of type $kind is of kind $expected", ({ kind, expected }) => {
    expect(tableOf({ name: "x", value: 0, kind }).at(1).kind).toBe(expected);
  });
});

describe("by name", () => {
  test("a global one comes before a weak one before a local one", () => {
    const table = tableOf(
      { ...MAIN, binding: "local", value: 0x1000_0001 },
      { ...MAIN, binding: "weak", value: 0x1000_0021 },
      MAIN,
    );
    expect(table.allNamed("main").map(({ binding }) => binding)).toEqual(["global", "weak", "local"]);
    expect(table.byName("main")?.address).toBe(0x1000_0010);
  });

  test.each(["", "unknown", "$t", "constructor"])("%j is not found", (name) => {
    expect(
      tableOf(MAIN, { name: "$t", value: 0x1000_0000 }, { name: "", value: 0 }).byName(name),
    ).toBeUndefined();
  });
});

describe("by address", () => {
  const at = (symbols: SymbolDescription[], where: number): string | undefined =>
    tableOf(...symbols).functionAt(address(where))?.name;
  const named = (name: string, start: number, size: number, rest: Partial<SymbolDescription> = {}) => ({
    name,
    value: 0x1000_0001 + start,
    size,
    kind: "function" as const,
    ...rest,
  });

  test.each([
    { where: 0x1000_000f, name: undefined },
    { where: 0x1000_0010, name: "main" },
    { where: 0x1000_0017, name: "main" },
    { where: 0x1000_0018, name: undefined },
  ])("$where is in $name", ({ where, name }) => {
    expect(at([MAIN], where)).toBe(name);
  });

  test("the innermost of nested functions is found, and the outer one around it", () => {
    const nested = [named("outer", 0x10, 0x40), named("inner", 0x20, 8), named("last", 0x60, 4)];
    expect(at(nested, 0x1000_0024)).toBe("inner");
    expect(at(nested, 0x1000_0030)).toBe("outer");
    expect(at(nested, 0x1000_0050)).toBeUndefined();
  });

  test("of merged functions a global one with a size is found", () => {
    const merged = [
      named("local", 0x10, 8),
      named("without_size", 0x10, 0, { binding: "global" }),
      named("global", 0x10, 8, { binding: "global" }),
      named("weak", 0x10, 8, { binding: "weak" }),
    ];
    expect(at(merged, 0x1000_0014)).toBe("global");
  });

  test("a function without a size reaches to the next one, or to the end of its section", () => {
    const labels = [named("first", 0x10, 0), named("second", 0x20, 4), named("third", 0x30, 0)];
    expect(at(labels, 0x1000_001f)).toBe("first");
    expect(at(labels, 0x1000_0024)).toBeUndefined();
    expect(at(labels, 0x1000_00ff)).toBe("third");
    expect(at(labels, 0x1000_0100)).toBeUndefined();
  });

  test("undefined functions and objects are not functions", () => {
    expect(at([{ ...MAIN, section: "undefined" }, POOL], 0x1000_0010)).toBeUndefined();
  });

  test("objects are found likewise", () => {
    expect(tableOf(MAIN, POOL).objectAt(address(0x2000_001f))?.name).toBe("POOL");
  });

  test("functions and objects are listed in order of address", () => {
    const table = tableOf(named("b", 0x20, 4), POOL, named("a", 0x10, 4));
    expect(table.functions().map(({ name }) => name)).toEqual(["a", "b"]);
    expect(table.objects().map(({ name }) => name)).toEqual(["POOL"]);
  });
});

describe("mapping symbols", () => {
  const table = tableOf(
    { name: "$t", value: 0x1000_0000 },
    { name: "$d.1", value: 0x1000_0010 },
    { name: "$a", value: 0x1000_0020 },
    { name: "$d", value: 0x2000_0000, section: ".data" },
    { name: "$t", value: 0x1000_0030, binding: "global" },
    { name: "$tx", value: 0x1000_0040 },
  );

  test.each([
    { where: 0x0fff_ffff, kind: undefined },
    { where: 0x1000_0000, kind: "thumb" },
    { where: 0x1000_0010, kind: "data" },
    { where: 0x1000_00ff, kind: "arm" },
    { where: 0x1000_0100, kind: undefined },
    { where: 0x2000_0001, kind: "data" },
  ])("at $where say $kind", ({ where, kind }) => {
    expect(table.byteKindAt(address(where))).toBe(kind);
  });

  test("are local and of the right form", () => {
    expect([1, 2, 3, 4, 5, 6].map((row) => table.isMapping(row))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("a damaged table", () => {
  const bytes = buildElf({ sections: SECTIONS, symbols: [MAIN, POOL] });
  const headerOf = (name: string): number => {
    const { index } = parseElf(bytes, "firmware.elf").sectionNamed(name)!;
    return new DataView(bytes.buffer).getUint32(32, true) + index * 40;
  };
  const patched = (at: number, value: number) => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(at, value, true);
    return parseElf(copy, "firmware.elf");
  };

  test("that ends inside a symbol keeps the whole ones", () => {
    const elf = patched(headerOf(".symtab") + 20, 40);
    expect(elf.symbols.length).toBe(2);
    expect(elf.problems).toEqual([{ where: "section .symtab", what: "its size is no multiple of 16" }]);
  });

  test("without names keeps the addresses", () => {
    const elf = patched(headerOf(".symtab") + 24, 99);
    expect(elf.symbols.functionAt(address(0x1000_0010))).toMatchObject({ name: "", size: 8 });
    expect(elf.problems.map(({ what }) => what)).toContain("its names cannot be read");
  });

  test("with a name outside of its names has a problem", () => {
    const { offset } = parseElf(bytes, "firmware.elf").sectionNamed(".symtab")!;
    const elf = patched(offset + 16, 0xffff);
    expect(elf.symbols.at(1).name).toBe("");
    expect(elf.problems).toEqual([{ where: "symbol names", what: "a name lies outside the table" }]);
  });

  test("with a name that has no end has a problem", () => {
    const elf = patched(headerOf(".strtab") + 20, 4);
    expect(elf.symbols.at(1).name).toBe("");
    expect(elf.problems).toEqual([{ where: "symbol names", what: "a name has no end" }]);
  });
});
