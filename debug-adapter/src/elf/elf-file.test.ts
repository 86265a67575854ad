import { expect, describe, test } from "vitest";
import { buildElf, TEXT, withU32, type SectionDescription } from "#test/helpers/elf-builder";
import { address } from "../base/brand";
import { SHF_ALLOC, SHF_WRITE, SHT_NOBITS } from "./constants";
import { parseElf, type ElfFile } from "./elf-file";

function withSections(...sections: SectionDescription[]): ElfFile {
  return parseElf(buildElf({ sections: [TEXT, ...sections] }), "firmware.elf");
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

test("a small firmware has its header, sections and segments, and no problems", () => {
  const elf = withSections({ name: ".debug_str", data: "main\0" });
  expect(elf.problems).toEqual([]);
  expect(elf.header).toMatchObject({ entry: 0x1000_0001, flags: 0x0500_0200, version: 1 });
  expect(elf.sections.map(({ name }) => name)).toEqual(["", ".text", ".debug_str", ".shstrtab"]);
  expect(elf.segments).toMatchObject([{ virtualAddress: 0x1000_0000, fileSize: 2, memorySize: 2 }]);
});

describe("section bytes", () => {
  test("are a view into the file", () => {
    const bytes = buildElf({ sections: [{ name: ".debug_str", data: "main\0" }] });
    const elf = parseElf(bytes, "firmware.elf");
    expect(textOf(elf.section(".debug_str"))).toBe("main\0");
    expect(elf.section(".debug_str")?.buffer).toBe(bytes.buffer);
  });

  test("may lie in a part of a larger buffer", () => {
    const bytes = buildElf({ sections: [{ name: ".debug_str", data: "main\0" }], symbols: [] });
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 7);
    const elf = parseElf(larger.subarray(7), "firmware.elf");
    expect(textOf(elf.section(".debug_str"))).toBe("main\0");
    expect(elf.isStripped).toBe(true);
  });

  test("are undefined where there is no such section", () => {
    expect(withSections().section(".debug_str")).toBeUndefined();
  });

  test("are empty for a section without bytes in the file", () => {
    const bss = {
      name: ".bss",
      type: SHT_NOBITS,
      flags: SHF_ALLOC | SHF_WRITE,
      address: 0x2000_0000,
      size: 0xffff_fff0,
    };
    const elf = withSections(bss);
    expect(elf.section(".bss")).toEqual(new Uint8Array(0));
    expect(elf.problems).toEqual([]);
  });

  test("that reach past the end of the file are a problem", () => {
    const elf = withSections({ name: ".debug_str", data: "main\0", size: 0xffff_ffff });
    expect(elf.section(".debug_str")).toBeUndefined();
    expect(elf.problems).toEqual([{ where: "section .debug_str", what: "reaches past the end of the file" }]);
  });

  test("that overlap are a problem, and are read", () => {
    const elf = withSections({ name: ".a", data: "0123" }, { name: ".b", data: "4567" });
    const { offset } = elf.sectionNamed(".a")!;
    const overlapping = withSections(
      { name: ".a", data: "0123" },
      { name: ".b", data: "4567", offset: offset + 2 },
    );
    expect(textOf(overlapping.section(".b"))).toBe("2345");
    expect(overlapping.problems).toEqual([{ where: "section .b", what: "overlaps section .a in the file" }]);
  });

  test("of two sections with one name are those of the first", () => {
    const elf = withSections({ name: ".debug_str", data: "first" }, { name: ".debug_str", data: "second" });
    expect(textOf(elf.section(".debug_str"))).toBe("first");
    expect(elf.problems).toEqual([
      { where: "section .debug_str", what: "appears more than once; the first is read" },
    ]);
  });
});

describe("compressed sections", () => {
  const data = "pollscope ".repeat(1000);

  test.each([
    { name: ".debug_info", compress: "zlib" as const },
    { name: ".zdebug_info", compress: "legacy" as const },
  ])("$compress in $name is unpacked once", ({ name, compress }) => {
    const elf = withSections({ name, data, compress });
    expect(textOf(elf.section(".debug_info"))).toBe(data);
    expect(elf.section(".debug_info")).toBe(elf.section(".debug_info"));
    expect(elf.hasDebugInfo).toBe(true);
    expect(elf.problems).toEqual([]);
  });

  test("an empty one is empty", () => {
    expect(withSections({ name: ".debug_str", data: "", compress: "zlib" }).section(".debug_str")).toEqual(
      new Uint8Array(0),
    );
  });

  test.each([
    {
      what: "zstd",
      section: { data, compress: "zstd" as const },
      fault:
        "is compressed with zstd, which cannot be read; link with --compress-debug-sections=zlib or none",
    },
    {
      what: "an unknown method",
      section: { data: [9, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], flags: 0x800 },
      fault: "is compressed by unknown method 9",
    },
    {
      what: "no room for a header",
      section: { data: [1, 0, 0, 0], flags: 0x800 },
      fault: "is shorter than its compression header",
    },
    {
      what: "an absurd size",
      section: { data: [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0x78], flags: 0x800 },
      fault: "claims to unpack to 4294967295 bytes, which is absurd",
    },
    {
      what: "no zlib stream",
      section: { data: [1, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4], flags: 0x800 },
      fault: "cannot be unpacked (incorrect header check)",
    },
  ])("$what is a problem", ({ section, fault }) => {
    const elf = withSections({ name: ".debug_info", ...section });
    expect(elf.problems).toEqual([]);
    expect(elf.section(".debug_info")).toBeUndefined();
    expect(elf.section(".debug_info")).toBeUndefined();
    expect(elf.problems).toEqual([{ where: "section .debug_info", what: fault }]);
  });

  test.each([
    { claimed: 9_999, fault: /^cannot be unpacked/ },
    { claimed: 10_001, fault: /^unpacks to 10000 bytes instead of 10001$/ },
  ])("a claim of $claimed instead of 10000 bytes is a problem", ({ claimed, fault }) => {
    const bytes = buildElf({ sections: [TEXT, { name: ".debug_info", data, compress: "zlib" }] });
    const { offset } = parseElf(bytes, "firmware.elf").sectionNamed(".debug_info")!;
    const elf = parseElf(withU32(bytes, offset + 4, claimed), "firmware.elf");
    expect(elf.section(".debug_info")).toBeUndefined();
    expect(elf.problems[0]?.what).toMatch(fault);
  });

  test("a legacy one without its magic is a problem", () => {
    const elf = withSections({ name: ".zdebug_info", data: "no zlib header" });
    expect(elf.section(".debug_info")).toBeUndefined();
    expect(elf.problems).toEqual([{ where: "section .zdebug_info", what: "has no ZLIB header" }]);
  });
});

describe("what can be shown of a program", () => {
  test.each([
    { what: "debug information", sections: [{ name: ".debug_info", data: "x" }], hasDebugInfo: true },
    { what: "line numbers only", sections: [{ name: ".debug_line", data: "x" }], hasDebugInfo: false },
    { what: "an empty section", sections: [{ name: ".debug_info" }], hasDebugInfo: false },
    {
      what: "debug information that was split off",
      sections: [{ name: ".debug_info", type: SHT_NOBITS, size: 100 }],
      hasDebugInfo: false,
    },
  ])("$what: $hasDebugInfo", ({ sections, hasDebugInfo }) => {
    expect(withSections(...sections).hasDebugInfo).toBe(hasDebugInfo);
  });

  test("without symbols it is stripped", () => {
    const symbols = [{ name: "main", value: 0x1000_0001 }];
    expect(parseElf(buildElf({ symbols }), "firmware.elf").isStripped).toBe(false);
    expect(parseElf(buildElf({ symbols: [] }), "firmware.elf").isStripped).toBe(true);
    expect(parseElf(buildElf(), "firmware.elf").isStripped).toBe(true);
  });

  test("the section of an address is the allocated one that holds it", () => {
    const elf = withSections({ name: ".comment", address: 0x1000_0000, data: "rustc" });
    expect(elf.sectionAt(address(0x1000_0001))?.name).toBe(".text");
    expect(elf.sectionAt(address(0x1000_0002))).toBeUndefined();
  });
});

describe("headers that are wrong but can be lived with", () => {
  test.each([
    {
      what: "a version from the future",
      header: { version: 2 },
      problem: { where: "ELF header", what: "has unknown version 2" },
    },
    {
      what: "an entry point outside the code",
      header: { entry: 0 },
      problem: { where: "ELF header", what: "the entry point lies outside the program's code" },
    },
    {
      what: "section headers of another size",
      header: { sectionHeaderSize: 64 },
      problem: { where: "section headers", what: "are 64 bytes each, not 40" },
    },
    {
      what: "no table of section names",
      header: { sectionNamesIndex: 77 },
      problem: { where: "section headers", what: "the table of section names (77) cannot be read" },
    },
  ])("$what", ({ header, problem }) => {
    expect(parseElf(buildElf({ header }), "firmware.elf").problems).toEqual([problem]);
  });

  test("counts that do not fit the header stand in section 0", () => {
    const plain = buildElf({
      sections: [{ name: ".debug_str", data: "main\0" }],
      header: { sectionNamesIndex: 0xffff },
    });
    const view = new DataView(plain.buffer);
    const sectionHeaders = view.getUint32(32, true);
    const count = view.getUint16(48, true);
    view.setUint16(48, 0, true);
    view.setUint32(sectionHeaders + 20, count, true);
    view.setUint32(sectionHeaders + 24, count - 1, true);
    view.setUint32(sectionHeaders + 28, view.getUint16(44, true), true);
    view.setUint16(44, 0xffff, true);
    const elf = parseElf(plain, "firmware.elf");
    expect(textOf(elf.section(".debug_str"))).toBe("main\0");
    expect(elf.segments).toHaveLength(1);
    expect(elf.problems).toEqual([]);
  });
});
