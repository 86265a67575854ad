import { describe, expect, it } from "vitest";
import type { ElfFile } from "../elf/elf-file";
import { firmwareAt } from "#test/helpers/run-firmware";
import { firmwareRam } from "./firmware-ram";

/** An ELF file with sections in RAM and symbols. */
function elf(
  sections: readonly (readonly [number, number])[],
  symbols: Readonly<Record<string, number>>,
): ElfFile {
  return {
    sections: sections.map(([address, size]) => ({ address, size })),
    symbols: {
      byName: (name: string) => (name in symbols ? { address: symbols[name] } : undefined),
    },
  } as unknown as ElfFile;
}

describe("the RAM of a firmware", () => {
  it("is that of memory.x", async () => {
    // samples/memory.x: RAM : ORIGIN = 0x20000000, LENGTH = 264K
    const { elf: sample } = await firmwareAt("samples/prebuilt/blink-release.elf");
    expect(firmwareRam(sample)).toEqual({ bytes: 264 * 1024, of: "linker" });
  });

  it("is what a linker script leaves to it, as to one of two cores", () => {
    expect(firmwareRam(elf([[0x2000_0000, 64]], { _ram_end: 0x2002_0000 }))).toEqual({
      bytes: 0x2_0000,
      of: "linker",
    });
    const second = elf([[0x2002_0100, 64]], { _ram_start: 0x2002_0000, _stack_start: 0x2004_0000 });
    expect(firmwareRam(second)).toEqual({ bytes: 0x2_0000, of: "linker" });
  });

  it("is the chip's where nothing says, and where what is said makes no sense", () => {
    const chip = { bytes: 264 * 1024, of: "chip" };
    expect(firmwareRam(elf([[0x2000_0000, 64]], {}))).toEqual(chip);
    expect(firmwareRam(elf([], { _ram_end: 0x2002_0000 }))).toEqual(chip);
    expect(firmwareRam(elf([[0x2000_0000, 64]], { _ram_end: 0x1000_0000 }))).toEqual(chip);
  });
});
