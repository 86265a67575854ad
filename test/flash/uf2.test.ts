import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { UserError } from "#adapter/base/errors";
import { isWithin } from "#extension/pico/chip";
import { BLOCK_SIZE, decodeBlock, encodeBlock } from "#extension/pico/uf2/block";
import { FAMILIES } from "#extension/pico/uf2/families";
import { firmwareImage, SECTOR_SIZE } from "#extension/pico/uf2/firmware-image";
import { decodeUf2, encodeUf2, uf2Of } from "#extension/pico/uf2/uf2-file";
import { firmwareFiles } from "#test/helpers/firmware";
import { describeWithTool, runTool } from "#test/helpers/tool";
import { code, firmware, MADE_FIRMWARE, noise, secondStage, withImageDefinition } from "./made-firmware";

const uf2 = (bytes: Uint8Array, name = "firmware.elf") => encodeUf2(uf2Of(firmwareImage(bytes, name)));
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What another tool made of an ELF file, by the file's digest (test/oracle/README.md). */
const recordedOf = (name: string) =>
  new Map(
    readFileSync(join("test/golden/flash", name), "utf8")
      .split("\n")
      .filter((line) => /^[0-9a-f]{64} /.test(line))
      .map((line) => line.split(" ") as [string, string]),
  );

describe("a UF2 file is, byte for byte, what picotool makes", () => {
  const recorded = recordedOf("picotool-uf2.txt");
  it.each(Object.keys(MADE_FIRMWARE))("of the made firmware %s", (name) => {
    const elf = MADE_FIRMWARE[name]!();
    expect(digest(uf2(elf))).toBe(recorded.get(digest(elf)));
  });

  const known = firmwareFiles().filter((path) => recorded.has(digest(readFileSync(path))));
  it.each(known)("of %s", (path) => {
    const elf = readFileSync(path);
    expect(digest(uf2(elf))).toBe(recorded.get(digest(elf)));
  });
});

describe("a UF2 file is, byte for byte, what elf2uf2-rs makes", () => {
  const recorded = recordedOf("elf2uf2-rs.txt");
  it.each(firmwareFiles())("of %s", (path) => {
    const elf = readFileSync(path);
    expect(digest(uf2(elf))).toBe(recorded.get(digest(elf)));
  });
});

describeWithTool("llvm-objcopy", "a UF2 file has the bytes that a linker would burn", (objcopy) => {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-uf2-"));
  it.each(firmwareFiles())("%s", (path) => {
    const binary = join(folder, `${basename(path)}.bin`);
    runTool(objcopy, ["-O", "binary", path, binary]);
    const expected = readFileSync(binary);
    const { pages, family, hasE10Block } = decodeUf2(uf2(readFileSync(path)), path);
    expect({ family, hasE10Block }).toEqual({ family: "rp2040", hasE10Block: false });
    const start = pages[0]!.address;
    const memory = new Uint8Array(pages.at(-1)!.address + 256 - start);
    for (const { address, bytes } of pages) memory.set(bytes, address - start);
    expect(Buffer.compare(memory.subarray(0, expected.length), expected)).toBe(0);
    expect(memory.subarray(expected.length).every((byte) => byte === 0)).toBe(true);
    // Sectors are whole, but for the last: the boot ROM counts blocks.
    pages.forEach(({ address }, i) => {
      const isFirstOfSector = address % SECTOR_SIZE === 0;
      if (i > 0 && !isFirstOfSector) expect(address).toBe(pages[i - 1]!.address + 256);
    });
  });
  it("removes what it wrote", () => rmSync(folder, { recursive: true }));
});

describe("blocks", () => {
  const block = fc.record({
    address: fc.nat(0xffff_ffff),
    family: fc.nat(0xffff_ffff),
    page: fc.uint8Array({ minLength: 256, maxLength: 256 }),
    extension: fc.option(fc.nat(0xffff_ffff), { nil: undefined }),
    place: fc
      .tuple(fc.nat(0xffff), fc.nat(0xffff))
      .map(([a, b]) => ({ number: Math.min(a, b), count: Math.max(a, b) + 1 })),
  });

  it("are the same after they were written and read", () => {
    fc.assert(
      fc.property(block, ({ place, ...rest }) => {
        const original = { ...rest, ...place };
        const bytes = encodeBlock(original);
        expect(bytes.length).toBe(BLOCK_SIZE);
        expect(decodeBlock(bytes)).toEqual(original);
        expect(encodeBlock(decodeBlock(bytes) as typeof original)).toEqual(bytes);
      }),
    );
  });

  it("make the same file after they were read", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FAMILIES.filter((family) => family !== "absolute")),
        fc.uniqueArray(fc.nat(0xfff), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (family, places, hasE10Block) => {
          const pages = places
            .sort((a, b) => a - b)
            .map((place) => ({ address: 0x1000_0000 + place * 256, bytes: noise(place, 256) }));
          expect(decodeUf2(encodeUf2({ family, pages, hasE10Block }), "x.uf2")).toEqual({
            family,
            pages,
            hasE10Block,
          });
        },
      ),
    );
  });

  const good = uf2(MADE_FIRMWARE["rp2350-arm-s"]!());
  it.each([
    { what: "half a block", change: (file: Uint8Array) => file.subarray(0, 700), says: "is 700 bytes long" },
    { what: "nothing", change: () => new Uint8Array(0), says: "is 0 bytes long" },
    { what: "other magic", change: at(3 * 512 + 4, 1), says: "block 3 of x.uf2 is no UF2 block" },
    { what: "no family", change: at(2 * 512 + 9, 0), says: "block 2 of x.uf2 does not say which chip" },
    { what: "not for flash", change: at(2 * 512 + 8, 1), says: "block 2 of x.uf2 is not for the main flash" },
    { what: "another length", change: at(2 * 512 + 16, 9), says: "block 2 of x.uf2 carries 265 bytes" },
    { what: "a number too high", change: at(2 * 512 + 21, 9), says: "block 2 of x.uf2 is number 2305 of" },
    { what: "another chip", change: at(512 + 28, 1), says: "x.uf2 is not for an RP2040 or RP2350" },
    { what: "a block twice", change: at(4 * 512 + 20, 2), says: "block 3 of x.uf2 does not follow" },
  ])("that are damaged are refused: $what", ({ change, says }) => {
    expect(() => decodeUf2(change(good.slice()), "x.uf2")).toThrow(says);
    expect(() => decodeUf2(change(good.slice()), "x.uf2")).toThrow(UserError);
  });
});

function at(offset: number, byte: number) {
  return (file: Uint8Array) => {
    file[offset] = byte;
    return file;
  };
}

describe("a firmware that a chip would not start is refused", () => {
  const text = code(".text", 0x1000_0000, noise(1, 600));
  const boot = code(".boot2", 0x1000_0000, secondStage());
  const rp2350Code = (imageType: number) =>
    code(".text", 0x1000_0000, withImageDefinition(noise(1, 600), imageType, 16));
  it.each([
    {
      what: "no boot block",
      file: { entry: 0x1000_0101, sections: [text] },
      says: "neither the second-stage boot loader that an RP2040 needs",
    },
    {
      what: "RISC-V without image definition",
      file: { machine: 243, entry: 0x1000_0100, sections: [text] },
      says: "has no image definition, without which an RP2350 does not start it",
    },
    {
      what: "RISC-V code that says it is Arm's",
      file: { machine: 243, entry: 0x1000_0100, sections: [rp2350Code(0x1021)] },
      says: "is RISC-V code, but its image definition says Arm",
    },
    {
      what: "Arm code that says it is RISC-V's",
      file: { entry: 0x1000_0101, sections: [rp2350Code(0x1101)] },
      says: "is Arm code, but its image definition says RISC-V",
    },
    {
      what: "neither secure nor not",
      file: { entry: 0x1000_0101, sections: [rp2350Code(0x1001)] },
      says: "does not say whether it runs secure or not",
    },
    {
      what: "past the end of flash",
      file: {
        entry: 0x1000_0101,
        sections: [boot, code(".text", 0x1000_0100, noise(1, 64)), code(".x", 0x10ff_ffc0, noise(2, 200))],
      },
      says: "is 136 bytes too large for the flash of the RP2040",
    },
    {
      what: "outside of all memory",
      file: {
        entry: 0x1000_0101,
        sections: [boot, code(".text", 0x1000_0100, noise(1, 64)), code(".x", 0x4000_0000, noise(2, 4))],
      },
      says: "puts code or data at 0x40000000, where the RP2040 has no memory",
    },
    {
      what: "contents for RAM",
      file: {
        entry: 0x1000_0101,
        sections: [boot, code(".text", 0x1000_0100, noise(1, 64)), code(".x", 0x2000_0000, noise(2, 4))],
      },
      says: "wants 4 bytes at 0x20000000 in RAM before it starts",
    },
    {
      what: "overlapping pieces",
      file: {
        entry: 0x1000_0101,
        sections: [boot, code(".text", 0x10, noise(1, 64)), code(".y", 0x1000_0080, noise(1, 200))],
      },
      says: "loads two pieces of code or data to address 0x10000080",
    },
    {
      what: "no code at the entry point",
      file: { entry: 0x1000_8001, sections: [boot] },
      says: "begins at 0x10008001, where it has no code",
    },
    {
      what: "a program in RAM that begins elsewhere",
      file: { entry: 0x2000_0101, sections: [code(".text", 0x2000_0000, noise(1, 600))] },
      says: "the RP2040's boot ROM enters it at 0x20000001",
    },
    {
      what: "a program in the cache RAM",
      file: { entry: 0x1500_0001, sections: [code(".text", 0x1500_0000, noise(1, 600))] },
      says: "lies in the cache RAM only",
    },
  ])("$what", ({ file, says }) => {
    const convert = () => uf2(firmware(file));
    expect(convert).toThrow(says);
    expect(convert).toThrow(UserError);
  });

  it("more RAM than the chip has", () => {
    // 0x20050000 is RAM of an RP2350 and nothing on an RP2040.
    const elf = readFileSync("samples/prebuilt/blink-release.elf");
    const view = new DataView(elf.buffer, elf.byteOffset, elf.length);
    for (let i = 0; i < view.getUint16(44, true); i++) {
      const header = view.getUint32(28, true) + 32 * i;
      if (view.getUint32(header + 16, true) !== 0 || view.getUint32(header, true) !== 1) continue;
      view.setUint32(header + 12, 0x2005_0000, true);
    }
    expect(() => uf2(elf)).toThrow("at 0x20050000, and the RP2040 has no such memory");
  });

  it("whatever is wrong with the file, nothing is written outside of the chip", () => {
    const originals = [
      readFileSync("samples/prebuilt/blink-release.elf"),
      ...Object.values(MADE_FIRMWARE).map((make) => make()),
    ];
    const outcomes = { refused: 0, converted: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        // Headers are where the places are: half of the changes are there.
        fc.array(fc.tuple(fc.oneof(fc.nat(400), fc.nat(0xffff)), fc.nat(255)), {
          minLength: 1,
          maxLength: 6,
        }),
        (original, changes) => {
          const elf = Uint8Array.from(original);
          for (const [offset, byte] of changes) elf[offset % elf.length] = byte;
          try {
            const image = firmwareImage(elf, "x.elf");
            const file = decodeUf2(encodeUf2(uf2Of(image)), "x.uf2");
            const { chip } = image;
            const ranges = image.place === "flash" ? [chip.flash] : [chip.ram, chip.cacheRam];
            for (const { address } of file.pages) {
              expect(ranges.some((range) => isWithin(range, address, 256))).toBe(true);
            }
            outcomes.converted++;
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
            outcomes.refused++;
          }
        },
      ),
      { numRuns: 2000 },
    );
    // Both happen, or the test would say nothing.
    expect(Math.min(outcomes.refused, outcomes.converted)).toBeGreaterThan(100);
  });
});
