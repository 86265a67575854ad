import { describe, expect, it } from "vitest";
import { base, bool, char, f32, plainEnum, pointer, readerOf, struct, u8 } from "#test/values/type-builder";
import type { Type } from "../../symbols/types/type";
import { assignmentTo } from "./assignment";

const i16 = base("i16", "signed", 2);
const LEVEL = plainEnum("app::Level", u8, { Low: 0, High: 5 });
const POINTER = pointer("*const u8", () => u8);

describe("assignmentTo", () => {
  it.each<[Type, string, readonly number[]]>([
    [u8, "255", [255]],
    [u8, "2 * 3u32", [6]],
    [i16, "-2", [0xfe, 0xff]],
    [bool, "1 < 2", [1]],
    [char, "'é'", [0xe9, 0, 0, 0]],
    [f32, "1.5", [0, 0, 0xc0, 0x3f]],
    [f32, "2", [0, 0, 0, 0x40]],
    [LEVEL, "Level::High", [5]],
    [POINTER, "0x20000004", [4, 0, 0, 0x20]],
  ])("gives $name the bytes of %s", (type, text, bytes) => {
    expect(assignmentTo(type, text, readerOf([]))).toEqual({ kind: "bytes", bytes: Uint8Array.from(bytes) });
  });

  it.each<[Type, string, string]>([
    [u8, "256", "256 is no value of type u8"],
    [u8, "-1", "-1 is no value of type u8"],
    [bool, "1", "1 is no value of type bool"],
    [POINTER, "-1", "-1 is no value of type *const u8"],
    [LEVEL, "Middle", "Middle is no variant; write Low, High"],
    [u8, "1 +", "a value is missing (character 4)"],
    [struct("app::P", { x: u8 }), "1", "A value of type app::P cannot be set; set its parts"],
  ])("refuses to make $name of %s", (type, text, message) => {
    expect(assignmentTo(type, text, readerOf([]))).toEqual({ kind: "error", message });
  });
});
