import { describe, expect, it } from "vitest";
import { callLength, returnOffsets } from "./thumb-calls";

describe("callLength", () => {
  it.each([
    ["bl", 0xf000, 0xffb3, 4],
    ["blx r1", 0x4788, 0, 2],
    ["bx r1", 0x4708, 0, undefined],
    ["msr msp, r0", 0xf380, 0x8808, undefined],
  ])("of %s", (_, first, second, expected) => expect(callLength(first, second)).toBe(expected));
});

describe("returnOffsets", () => {
  it("are behind the calls of a stretch of code, whatever stands between them", () => {
    const code = Uint16Array.of(0x2000, 0xf000, 0xffb3, 0xf3bf, 0x8f4f, 0x4788, 0xbd80);
    expect(returnOffsets(new Uint8Array(code.buffer))).toEqual([6, 12]);
  });

  it("does not look beyond the end", () => {
    expect(returnOffsets(Uint8Array.of(0x00, 0xf0))).toEqual([]);
  });
});
