import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SHF_COMPRESSED } from "#adapter/elf/constants";
import { type ElfFile, parseElf } from "#adapter/elf/elf-file";
import { loadImage } from "#adapter/elf/load-image";
import { buildElf } from "#test/helpers/elf-builder";
import { firmwareFiles } from "#test/helpers/firmware";
import { parseReadelf } from "#test/helpers/readelf";
import { describeWithTool, runTool } from "#test/helpers/tool";

// Every ELF file of the repository, compared with what independent programs say of it.

const files = firmwareFiles();
const folder = mkdtempSync(join(tmpdir(), "pollscope-elf-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parse(path: string): ElfFile {
  return parseElf(readFileSync(path), basename(path));
}

test("there is firmware to compare, some of it compressed, and all of it is free of problems", () => {
  const elves = files.map(parse);
  for (const elf of elves) {
    for (const section of elf.sections) elf.sectionData(section);
    elf.symbols.functions();
    expect(elf.problems).toEqual([]);
    expect(elf).toMatchObject({ hasDebugInfo: true, isStripped: false, architecture: "armv6-m" });
  }
  const sections = elves.flatMap((elf) => elf.sections);
  expect(sections.some(({ flags }) => (flags & SHF_COMPRESSED) !== 0)).toBe(true);
});

describeWithTool("readelf", "what readelf says of ELF files", (readelf) => {
  describe.each(files)("%s agrees", (path) => {
    const elf = parse(path);
    const facts = parseReadelf(runTool(readelf, ["-W", "-h", "-S", "-l", "-s", "-A", path]));

    test("with the header", () => {
      const { header } = elf;
      expect(Number(facts.header.get("Entry point address"))).toBe(header.entry);
      expect(parseInt(facts.header.get("Flags")!)).toBe(header.flags);
      expect(parseInt(facts.header.get("Start of program headers")!)).toBe(header.programHeaderOffset);
      expect(parseInt(facts.header.get("Start of section headers")!)).toBe(header.sectionHeaderOffset);
      expect(Number(facts.header.get("Number of program headers"))).toBe(elf.segments.length);
      expect(Number(facts.header.get("Number of section headers"))).toBe(elf.sections.length);
      expect(Number(facts.header.get("Section header string table index"))).toBe(header.sectionNamesIndex);
    });

    test("with the sections", () => {
      expect(elf.sections).toEqual(facts.sections);
    });

    test("with the segments", () => {
      expect(elf.segments).toEqual(facts.segments.map((segment, index) => ({ index, ...segment })));
    });

    test("with all symbols", () => {
      const symbols = Array.from({ length: elf.symbols.length }, (_, row) => {
        const { address, isThumb, ...rest } = elf.symbols.at(row);
        return { ...rest, value: isThumb ? address + 1 : address };
      });
      expect(symbols.length).toBeGreaterThan(100);
      expect(symbols).toEqual(facts.symbols);
    });

    test("with the architecture", () => {
      expect(facts.architecture).toBe("v6S-M");
    });
  });
});

describeWithTool("llvm-objcopy", "what llvm-objcopy makes of ELF files", (objcopy) => {
  const out = join(folder, "out");

  test.each(files)("agrees with the unpacked sections of %s", (path) => {
    runTool(objcopy, ["--decompress-debug-sections", path, out]);
    const elf = parse(path);
    const unpacked = parse(out);
    const names = elf.sections.map(({ name }) => name).filter((name) => name.startsWith(".debug_"));
    expect(names).toContain(".debug_info");
    for (const name of names) {
      expect(unpacked.sectionNamed(name)!.flags & SHF_COMPRESSED).toBe(0);
      expect(Buffer.compare(elf.section(name)!, unpacked.section(name)!), name).toBe(0);
    }
  });

  test("sections that it packed are unpacked", () => {
    const text = "await ".repeat(5000);
    const plain = join(folder, "plain");
    writeFileSync(plain, buildElf({ sections: [{ name: ".debug_str", data: text }], symbols: [] }));
    runTool(objcopy, ["--compress-debug-sections=zlib", plain, out]);
    const elf = parse(out);
    expect(elf.sectionNamed(".debug_str")!.flags & SHF_COMPRESSED).not.toBe(0);
    expect(new TextDecoder().decode(elf.section(".debug_str"))).toBe(text);
  });

  test.each(files)("agrees with the load image of %s", (path) => {
    runTool(objcopy, ["-O", "binary", path, out]);
    const { chunks } = loadImage(parse(path));
    const start = chunks[0]!.physicalAddress;
    const last = chunks.at(-1)!;
    const image = new Uint8Array(last.physicalAddress + last.bytes.length - start);
    for (const { physicalAddress, bytes } of chunks) image.set(bytes, physicalAddress - start);
    expect(Buffer.compare(image, readFileSync(out))).toBe(0);
  });
});
