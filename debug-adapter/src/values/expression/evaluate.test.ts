import { describe, expect, it } from "vitest";
import {
  array,
  bool,
  f32,
  i32,
  plainEnum,
  pointer,
  RAM,
  readerOf,
  struct,
  taggedEnum,
  u16,
  u32,
  u8,
  usize,
  words,
} from "#test/values/type-builder";
import type { Type } from "../../symbols/types/type";
import { valueText } from "../value-text";
import { evaluate, evaluateCondition, type ExpressionScope } from "./evaluate";
import { parseExpression } from "./parser";

const POINT = struct("app::Point", { x: i32, y: i32 });
const LEVEL = plainEnum("app::Level", u8, { Low: 0, High: 5 });
const EVENT = taggedEnum("app::Event", u8, { Idle: {}, Key: { __0: u16 } });
const ATOMIC = struct("core::sync::atomic::Atomic<u32>", {
  v: struct("core::cell::UnsafeCell<u32>", { value: u32 }),
});

const PLACED: readonly [name: string, type: Type, bytes: readonly number[]][] = [
  ["app::POINT", POINT, words(-3, 4)],
  ["app::BYTES", array(u8, 4), [1, 2, 3, 4]],
  ["app::COUNT", ATOMIC, words(7)],
  ["app::REFERENCE", pointer("&app::Point", () => POINT), words(RAM)],
  ["app::RAW", pointer("*const u8", () => u8), words(RAM + 8)],
  ["app::NULL", pointer("*const u8", () => u8), words(0)],
  ["app::LEVEL", LEVEL, [5]],
  ["app::EVENT", EVENT, [1, 9, 0]],
  ["app::FLAG", bool, [1]],
  ["app::RATIO", f32, words(0x3dcccccd)],
  ["app::TEXT", struct("&str", { data_ptr: pointer("*u8", () => u8), length: usize }), words(RAM + 200, 2)],
  ["app::sub::SAME", u8, [1]],
  ["app::other::SAME", u8, [2]],
  ["app::BAD", bool, [9]],
];

const memory = new Uint8Array(256);
memory.set([0x68, 0x69], 200);
let at = 0;
const statics = PLACED.map(([name, type, bytes]) => {
  const address = RAM + at;
  memory.set(bytes, at);
  at += bytes.length;
  return { name, address, byteSize: type.byteSize, type };
});
const reader = readerOf(memory, { statics, types: [POINT, LEVEL] });
const scope: ExpressionScope = {
  lookup: (name) => (name === "local" ? reader.at(u16, RAM + 8) : undefined),
};

function result(text: string): string {
  const found = evaluate(text, reader, scope);
  return found.kind === "error"
    ? found.message
    : `${valueText(found.value, reader)}: ${found.value.type.name}`;
}

describe("evaluate", () => {
  it.each([
    // Paths, fields, indices.
    ["app::POINT", "Point { x: -3, y: 4 }: app::Point"],
    ["POINT.x", "-3: i32"],
    ["local", "513: u16"],
    ["sub::SAME + 1", "2: u8"],
    ["REFERENCE.y", "4: i32"],
    ["(*REFERENCE).y", "4: i32"],
    ["BYTES[3]", "4: u8"],
    ["BYTES[1..3]", "[2, 3]: [u8]"],
    ["&BYTES[1..=3]", "[2, 3, 4]: [u8]"],
    ["BYTES[..][BYTES[0]]", "2: u8"],
    ["EVENT.0", "9: u16"],
    ["*RAW", "1: u8"],
    ["RAW[2]", "3: u8"],
    ["&POINT.y", "&4: &i32"],
    ["*&POINT.y", "4: i32"],
    ["TEXT[0]", "104: u8"],
    ["TEXT[1..]", '"i": str'],
    // Arithmetic and comparison.
    ["COUNT + 1", "8: u32"],
    ["1 + 2", "3: i32"],
    ["3_000_000_000 * 2", "6000000000: i64"],
    ["-POINT.x", "3: i32"],
    ["!0u8", "255: u8"],
    ["7 / -2", "-3: i32"],
    ["-7 % 4", "-3: i32"],
    ["1u8 << 7", "128: u8"],
    ["0xf0u8 << 1", "224: u8"],
    ["-8 >> 1", "-4: i32"],
    ["COUNT & 0b110 == 6", "true: bool"],
    ["RATIO == 0.1", "true: bool"],
    ["RATIO * 10", "1.0: f32"],
    ["1.5 + 1", "2.5: f64"],
    ['TEXT == "hi"', "true: bool"],
    ["'a' < 'b'", "true: bool"],
    ["FLAG && POINT.x < 0", "true: bool"],
    ["FLAG || BAD", "true: bool"],
    ["LEVEL == Level::High", "true: bool"],
    ["LEVEL != Low", "true: bool"],
    ["EVENT == Event::Key", "true: bool"],
    ["RAW == 0x20000008", "true: bool"],
    ["NULL == 0", "true: bool"],
    ["u8::MAX", "255: u8"],
    ["i32::MIN", "-2147483648: i32"],
    ["-128i8", "-128: i8"],
    // Casts.
    ["300 as u8", "44: u8"],
    ["-1 as u32", "4294967295: u32"],
    ["POINT.x as u8 as char", "'ý': char"],
    ["-1.5 as u8", "0: u8"],
    ["1e10 as i32", "2147483647: i32"],
    ["true as i32", "1: i32"],
    ["LEVEL as u8", "5: u8"],
    ["RAW as usize + 1", "536870921: usize"],
    ["*(0x20000000 as *const i32)", "-3: i32"],
    ["*(0x20000000 as *const Point)", "Point { x: -3, y: 4 }: app::Point"],
    ["*(RAW as *const [u8; 2])", "[1, 2]: [u8; 2]"],
    ["&POINT as *const u32 as usize", "536870912: usize"],
    ["2.5f32 as f64", "2.5: f64"],
    ['"text"', '"text": str'],
  ])("%s", (text, expected) => expect(result(text)).toBe(expected));

  it.each([
    ["missing + 1", "there is no variable or static missing (character 1)"],
    ["SAME", "SAME may be app::sub::SAME, app::other::SAME; write more of its path (character 1)"],
    ["POINT.z", "Point has no field z, only x, y (character 6)"],
    ["COUNT.z", "u32 has no field z (character 6)"],
    ["BYTES[4]", "index out of bounds: the length is 4 but the index is 4 (character 6)"],
    ["BYTES[-1]", "index out of bounds: the length is 4 but the index is -1 (character 6)"],
    ["BYTES[3..9]", "range end index 9 is out of range for a slice of length 4 (character 6)"],
    ["BYTES[3..1]", "slice index starts at 3 but ends at 1 (character 6)"],
    ["BYTES[FLAG]", "an index must be an integer, and this is bool (character 7)"],
    ["POINT[0]", "app::Point cannot be indexed (character 6)"],
    ["*POINT", "app::Point cannot be dereferenced (character 1)"],
    ["*NULL", "the pointer is null (character 1)"],
    ["POINT + 1", "Point is no number, bool, char, string, pointer or enum (character 1)"],
    ["BAD && FLAG", "the memory holds an invalid bool, 0x9 (character 1)"],
    ["COUNT && FLAG", "a condition must be bool, and this is u32 (character 1)"],
    ["COUNT + BYTES[0]", "+ needs two operands of one type, not u32 and u8 (character 7)"],
    ["COUNT == BYTES[0]", "u32 cannot be compared with u8 (character 7)"],
    ["BYTES[0] + 255", "attempt to add with overflow (character 10)"],
    ["BYTES[0] - 2", "attempt to subtract with overflow (character 10)"],
    ["BYTES[0] + 256", "256 does not fit u8 (character 10)"],
    ["i32::MIN / -1", "attempt to divide with overflow (character 10)"],
    ["i32::MIN % -1", "attempt to calculate the remainder with overflow (character 10)"],
    ["1 / 0", "attempt to divide by zero (character 3)"],
    ["1u8 << 8", "attempt to shift left with overflow (character 5)"],
    ["u128::MAX * 2", "attempt to multiply with overflow (character 11)"],
    ["-COUNT", "an unsigned u32 cannot be negated (character 1)"],
    ["256u8", "256 does not fit u8 (character 1)"],
    ["RAW < RAW", "a pointer has no order (character 5)"],
    ["1 as Missing", "there is no type Missing (character 6)"],
    [
      "1 as Point",
      "a cast to app::Point is not possible; cast its address to a pointer instead (character 3)",
    ],
    ["0xd800 as char", "55296 is no character (character 8)"],
    ["LEVEL == Other::High", "this is a Level, not a Other (character 10)"],
    ["&(1 + 1)", "the value is not in memory (character 1)"],
    [
      "*(0x40000000 as *const u8) + 1",
      "the value is not there: memory at 0x40000000 cannot be read (character 1)",
    ],
  ])("%s is an error", (text, message) => expect(result(text)).toBe(message));
});

describe("evaluateCondition", () => {
  it("demands a bool", () => {
    expect(evaluateCondition(parseExpression("COUNT > 6"), reader)).toEqual({ kind: "bool", value: true });
    expect(evaluateCondition(parseExpression("COUNT"), reader)).toMatchObject({
      message: "a condition must be bool, and this is u32 (character 1)",
    });
  });
});
