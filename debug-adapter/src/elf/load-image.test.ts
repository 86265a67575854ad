import { describe, expect, test } from "vitest";
import { buildElf, type ElfDescription, TEXT } from "#test/helpers/elf-builder";
import { address } from "../base/brand";
import { PF_R, PF_W, SHF_ALLOC, SHF_WRITE, SHT_NOBITS } from "./constants";
import { parseElf } from "./elf-file";
import { checkFits, type LoadImage, loadImage } from "./load-image";

const DATA = { name: ".data", flags: SHF_ALLOC | SHF_WRITE, address: 0x2000_0000, data: [1, 2, 3, 4] };
const BSS = { name: ".bss", type: SHT_NOBITS, flags: SHF_ALLOC | SHF_WRITE, address: 0x2000_0004, size: 64 };

function imageOf(description: ElfDescription): LoadImage {
  return loadImage(parseElf(buildElf(description), "firmware.elf"));
}

test("holds the bytes of the file at their physical addresses, in order", () => {
  const image = imageOf({
    sections: [TEXT, DATA, BSS],
    segments: [
      { section: ".data", physicalAddress: 0x1000_0004, memorySize: 68, flags: PF_R | PF_W },
      { section: ".text" },
      { section: ".bss", memorySize: 64, flags: PF_R | PF_W },
    ],
  });
  expect(image).toEqual({
    chunks: [
      {
        physicalAddress: 0x1000_0000,
        virtualAddress: 0x1000_0000,
        bytes: Uint8Array.of(0x70, 0x47),
        isExecutable: true,
        isWritable: false,
      },
      {
        physicalAddress: 0x1000_0004,
        virtualAddress: 0x2000_0000,
        bytes: Uint8Array.of(1, 2, 3, 4),
        isExecutable: false,
        isWritable: true,
      },
    ],
    size: 6,
    entry: 0x1000_0001,
  });
});

test("may end with the last byte of memory", () => {
  const image = imageOf({ segments: [{ section: ".text", virtualAddress: 0xffff_fffe }], sections: [TEXT] });
  expect(image.size).toBe(2);
});

describe("places that cannot be", () => {
  test.each([
    {
      what: "segments that overlap",
      segments: [{ section: ".text" }, { section: ".data", physicalAddress: 0x1000_0001 }],
      message:
        "firmware.elf loads two pieces of code or data to address 0x10000001; copy it again, or build the firmware again",
    },
    {
      what: "a segment past the end of memory",
      segments: [{ section: ".text", physicalAddress: 0xffff_ffff }],
      message:
        "firmware.elf loads code or data past the end of 32-bit memory, at 0xffffffff; copy it again, or build the firmware again",
    },
  ])("$what", ({ segments, message }) => {
    expect(() => imageOf({ sections: [TEXT, DATA], segments })).toThrow(message);
  });
});

describe("a target's memory", () => {
  const regions = [
    { name: "flash", start: address(0x1000_0000), size: 4 },
    { name: "RAM", start: address(0x2000_0000), size: 4 },
  ];
  const names = { name: "firmware.elf", target: "the Pico" };
  const remedy = "check the MEMORY block of memory.x against the chip, and build again";

  test("that has room is fine", () => {
    expect(() => checkFits(imageOf({ sections: [TEXT, DATA] }), regions, names)).not.toThrow();
  });

  test("that ends too early is an error", () => {
    const image = imageOf({ sections: [{ ...TEXT, data: [1, 2, 3, 4, 5, 6, 7] }] });
    expect(() => checkFits(image, regions, names)).toThrow(
      `firmware.elf is 3 bytes too large for the flash of the Pico; ${remedy}`,
    );
  });

  test("that is not there is an error", () => {
    const image = imageOf({ sections: [TEXT, { ...DATA, address: 0x3000_0000 }] });
    expect(() => checkFits(image, regions, names)).toThrow(
      `firmware.elf puts code or data at 0x30000000, where the Pico has no memory; ${remedy}`,
    );
  });
});
