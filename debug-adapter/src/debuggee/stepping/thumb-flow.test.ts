import { describe, expect, it } from "vitest";
import { callLength, flowOf, returnOffsets } from "./thumb-flow";

const AT = 0x1000_0100;

/** Encodings as `llvm-objdump` prints them for code at AT. */
describe("flowOf", () => {
  it.each([
    ["b #-144", 0xe7b8, 0, { fallsThrough: false, target: AT - 144 + 4 }],
    ["b #2046", 0xe3ff, 0, { fallsThrough: false, target: AT + 2046 + 4 }],
    ["beq #12", 0xd006, 0, { fallsThrough: true, target: AT + 12 + 4 }],
    ["bne #-6", 0xd1fd, 0, { fallsThrough: true, target: AT - 6 + 4 }],
    ["udf #254 (trap)", 0xdefe, 0, { fallsThrough: false, target: undefined }],
    ["svc #1", 0xdf01, 0, { fallsThrough: true, target: undefined }],
    ["pop {r7, pc}", 0xbd80, 0, { fallsThrough: false, target: undefined }],
    ["pop {r7}", 0xbc80, 0, { fallsThrough: true, target: undefined }],
    ["bx lr", 0x4770, 0, { fallsThrough: false, isIndirect: false }],
    ["blx r1", 0x4788, 0, { fallsThrough: true, callee: undefined }],
    ["mov pc, r0", 0x4687, 0, { fallsThrough: false, isIndirect: true }],
    ["add pc, r1", 0x448f, 0, { fallsThrough: false, isIndirect: true }],
    ["mov r8, r8", 0x46c0, 0, { fallsThrough: true, isIndirect: false }],
    ["bl #3942", 0xf000, 0xffb3, { length: 4, fallsThrough: true, callee: AT + 3942 + 4 }],
    ["bl #-1414", 0xf7ff, 0xfd3d, { length: 4, fallsThrough: true, callee: AT - 1414 + 4 }],
    ["dsb sy", 0xf3bf, 0x8f4f, { length: 4, fallsThrough: true, callee: undefined }],
  ])("knows where %s goes", (_, first, second, expected) =>
    expect(flowOf(AT, first, second)).toMatchObject(expected),
  );
});

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
