import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "#test/helpers/fixed-seed";
import { address } from "#adapter/base/brand";
import { UserError } from "#adapter/base/errors";
import { demangle } from "#adapter/elf/demangle";
import { parseElf } from "#adapter/elf/elf-file";
import { loadImage } from "#adapter/elf/load-image";
import { buildElf, TEXT } from "#test/helpers/elf-builder";
import { firmwareFiles } from "#test/helpers/firmware";

const AGAIN = "copy it again, or build the firmware again";
const GIVE = "give the program that cargo writes to target/thumbv6m-none-eabi/release/";
const BUILD =
  "build the firmware with cargo build --target thumbv6m-none-eabi (Pico) or thumbv8m.main-none-eabihf (Pico 2)";
const LINK = "check that .cargo/config.toml passes -C link-arg=-Tlink.x to the linker, and build again";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const good = buildElf({ symbols: [] });
const programHeadersEnd = 52 + 32;

describe("a file that is no firmware is refused in one sentence with a remedy", () => {
  test.each([
    { what: "an empty file", bytes: new Uint8Array(0), says: "is empty", remedy: AGAIN },
    { what: "text", bytes: ascii("hello"), says: "is not an ELF file", remedy: GIVE },
    { what: "one letter", bytes: ascii("x"), says: "is not an ELF file", remedy: GIVE },
    { what: "zeros", bytes: new Uint8Array(4096), says: "is not an ELF file", remedy: GIVE },
    { what: "UF2", bytes: ascii("UF2\nWQ]\x9e"), says: "is a UF2 image, not an ELF file", remedy: GIVE },
    {
      what: "Intel HEX",
      bytes: ascii(":020000041000EA"),
      says: "is an Intel HEX file, not an ELF file",
      remedy: GIVE,
    },
    {
      what: "S-records",
      bytes: ascii("S00F000068656C"),
      says: "is a Motorola S-record file, not an ELF file",
      remedy: GIVE,
    },
    {
      what: "an .rlib",
      bytes: ascii("!<arch>\nlib.rmeta/"),
      says: "is a static library, not an ELF file",
      remedy: GIVE,
    },
    { what: "an .exe", bytes: ascii("MZ\0\0"), says: "is a Windows program, not an ELF file", remedy: GIVE },
    {
      what: "Mach-O",
      bytes: Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1),
      says: "is a macOS program, not an ELF file",
      remedy: GIVE,
    },
    { what: "a script", bytes: ascii("#!/bin/sh\n"), says: "is a script, not an ELF file", remedy: GIVE },
    {
      what: "three bytes of ELF",
      bytes: good.slice(0, 3),
      says: "is cut short: it ends inside its header",
      remedy: AGAIN,
    },
    {
      what: "half a header",
      bytes: good.slice(0, 51),
      says: "is cut short: it ends inside its header",
      remedy: AGAIN,
    },
    {
      what: "half a table of segments",
      bytes: good.slice(0, programHeadersEnd - 1),
      says: "is cut short: it ends inside its program headers",
      remedy: AGAIN,
    },
    {
      what: "no code",
      bytes: good.slice(0, programHeadersEnd),
      says: "is cut short: it ends inside the code and data to load",
      remedy: AGAIN,
    },
    {
      what: "all but a byte",
      bytes: good.slice(0, -1),
      says: "is cut short: it ends inside its section headers",
      remedy: AGAIN,
    },
    {
      what: "a host program",
      bytes: buildElf({ header: { elfClass: 2, machine: 62, type: 3 } }),
      says: "is a program for x86-64, not for ARM",
      remedy: BUILD,
    },
    {
      what: "a RISC-V program",
      bytes: buildElf({ header: { machine: 243 } }),
      says: "is a program for RISC-V, not for ARM",
      remedy: BUILD,
    },
    {
      what: "an AArch64 program",
      bytes: buildElf({ header: { elfClass: 2, machine: 183 } }),
      says: "is a program for AArch64, not for ARM",
      remedy: BUILD,
    },
    {
      what: "a big-endian PowerPC program",
      bytes: buildElf({ header: { encoding: 2, machine: 20 } }),
      says: "is a program for PowerPC, not for ARM",
      remedy: BUILD,
    },
    {
      what: "a program for nobody knows what",
      bytes: buildElf({ header: { machine: 0xbeef } }),
      says: "is a program for machine 48879, not for ARM",
      remedy: BUILD,
    },
    {
      what: "64-bit ARM",
      bytes: buildElf({ header: { elfClass: 2 } }),
      says: "is a 64-bit ELF file",
      remedy: BUILD,
    },
    {
      what: "big-endian ARM",
      bytes: buildElf({ header: { encoding: 2 } }),
      says: "is a big-endian ELF file",
      remedy: BUILD,
    },
    {
      what: "an unknown class",
      bytes: buildElf({ header: { elfClass: 9 } }),
      says: "has a damaged ELF header",
      remedy: AGAIN,
    },
    {
      what: "an unknown byte order",
      bytes: buildElf({ header: { encoding: 0 } }),
      says: "has a damaged ELF header",
      remedy: AGAIN,
    },
    {
      what: "program headers of another size",
      bytes: buildElf({ header: { programHeaderSize: 56 } }),
      says: "has a damaged ELF header",
      remedy: AGAIN,
    },
    {
      what: "an object file",
      bytes: buildElf({ header: { type: 1 } }),
      says: "is an object file that has not been linked",
      remedy: GIVE,
    },
    {
      what: "a shared library",
      bytes: buildElf({ header: { type: 3 } }),
      says: "is a shared library or a position-independent program, not firmware",
      remedy: BUILD,
    },
    {
      what: "a core dump",
      bytes: buildElf({ header: { type: 4 } }),
      says: "is a core dump, not a program",
      remedy: GIVE,
    },
    {
      what: "an unknown type",
      bytes: buildElf({ header: { type: 0xfe00 } }),
      says: "is an ELF file of unknown type 65024, not a program",
      remedy: GIVE,
    },
    {
      what: "a program for ARM Linux",
      bytes: buildElf({ sections: [TEXT], segments: [{ section: ".text" }, { type: 3 }] }),
      says: "is a dynamically linked program for an operating system, not firmware",
      remedy: BUILD,
    },
    {
      what: "no segments",
      bytes: buildElf({ sections: [TEXT], segments: [] }),
      says: "has nothing to load into the chip",
      remedy: LINK,
    },
    {
      what: "segments without bytes",
      bytes: buildElf({ sections: [TEXT], segments: [{ section: ".text", fileSize: 0 }] }),
      says: "has nothing to load into the chip",
      remedy: LINK,
    },
    {
      what: "a segment that is not in the file",
      bytes: buildElf({ sections: [TEXT], segments: [{ section: ".text", offset: 0xffff_ff00 }] }),
      says: "is cut short: it ends inside the code and data to load",
      remedy: AGAIN,
    },
  ])("$what: $says", ({ bytes, says, remedy }) => {
    expect(() => parseElf(bytes, "firmware.elf")).toThrow(new UserError(`firmware.elf ${says}`, remedy));
  });
});

test("a file without debug information or symbols is firmware all the same", () => {
  const elf = parseElf(buildElf(), "firmware.elf");
  expect(elf).toMatchObject({ hasDebugInfo: false, isStripped: true, architecture: undefined, problems: [] });
  expect(loadImage(elf).size).toBe(2);
});

describe("damage", () => {
  const built = buildElf({
    sections: [
      TEXT,
      { name: ".debug_info", data: "info ".repeat(100), compress: "zlib" },
      { name: ".zdebug_line", data: "line ".repeat(100), compress: "legacy" },
      {
        name: ".ARM.attributes",
        type: 0x7000_0003,
        data: [0x41, 17, 0, 0, 0, 97, 101, 97, 98, 105, 0, 1, 7, 0, 0, 0, 6, 12],
      },
    ],
    symbols: [
      { name: "main", value: 0x1000_0001, size: 2, kind: "function", binding: "global" },
      { name: "$t", value: 0x1000_0000 },
      { name: "_ZN3foo3bar17h0123456789abcdefE", value: 0x1000_0001, kind: "function" },
    ],
  });
  // The smallest file of the repository: the time goes into copying it.
  const real = firmwareFiles()
    .map((path) => new Uint8Array(readFileSync(path)))
    .sort((a, b) => a.length - b.length)[0]!;
  const inputs = [
    { what: "a built file", bytes: built, runs: 1500 },
    { what: "the smallest firmware", bytes: real, runs: 150 },
  ];

  test.each(inputs)(
    "cutting $what anywhere ends in an error of the user's, and in nothing else",
    ({ bytes, runs }) => {
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), (length) => {
          expect(() => useAll(bytes.subarray(0, length))).toThrow(UserError);
        }),
        { numRuns: runs },
      );
    },
  );

  test.each(inputs)(
    "changing bytes of $what ends in an error of the user's, problems or nothing",
    ({ bytes, runs }) => {
      const place = placesOf(bytes);
      const change = fc.record({
        place,
        value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
      });
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
          const damaged = bytes.slice();
          for (const each of changes) damaged[each.place] = each.value;
          expectNoSurprise(damaged);
        }),
        { numRuns: runs },
      );
    },
  );

  test.each(inputs)("setting numbers of $what to extremes does as well", ({ bytes, runs }) => {
    const value = fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, bytes.length);
    fc.assert(
      fc.property(placesOf(bytes), value, (place, number) => {
        const damaged = bytes.slice();
        new DataView(damaged.buffer).setUint32(Math.min(place & ~3, bytes.length - 4), number, true);
        expectNoSurprise(damaged);
      }),
      { numRuns: runs },
    );
  });

  test("noise after an ELF header is no surprise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const bytes = new Uint8Array(20 + noise.length);
        bytes.set(good.subarray(0, 20));
        bytes.set(noise, 20);
        expectNoSurprise(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Offsets of a file, most of them where its structure is: both tables of headers, and the symbols. */
function placesOf(bytes: Uint8Array): fc.Arbitrary<number> {
  const elf = parseElf(bytes, "good.elf");
  const symbols = elf.sectionNamed(".symtab")!;
  const attributes = elf.sectionNamed(".ARM.attributes")!;
  const sectionHeaders = elf.header.sectionHeaderOffset;
  return fc.oneof(
    fc.nat(bytes.length - 1),
    fc.integer({ min: 0, max: programHeadersEnd + 200 }),
    fc.integer({ min: sectionHeaders, max: sectionHeaders + elf.sections.length * 40 - 1 }),
    fc.integer({ min: symbols.offset, max: symbols.offset + symbols.size - 1 }),
    fc.integer({ min: attributes.offset, max: attributes.offset + attributes.size - 1 }),
  );
}

function expectNoSurprise(bytes: Uint8Array): void {
  try {
    useAll(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
  }
}

/** Asks a file for everything that it can be asked for. */
function useAll(bytes: Uint8Array): void {
  const elf = parseElf(bytes, "firmware.elf");
  for (const section of elf.sections) elf.sectionData(section);
  for (const symbol of [...elf.symbols.functions(), ...elf.symbols.objects()]) {
    demangle(symbol.name);
    elf.symbols.functionAt(symbol.address);
    elf.symbols.objectAt(symbol.address);
    elf.symbols.byteKindAt(symbol.address);
  }
  elf.symbols.byName("main");
  elf.sectionAt(address(elf.header.entry));
  expect(elf.problems.length).toBeLessThan(300);
  loadImage(elf);
}
