import { describe, expect, it } from "vitest";
import { base } from "#test/values/type-builder";
import { decodeScalar, integerBytes } from "./scalar";
import { floatText, quoted, quotedBytes, scalarText } from "./scalar-text";
import type { Encoding } from "../symbols/types/type";

describe("floatText", () => {
  // What rustc 1.95's `{:?}` prints.
  it.each([
    [0.10000000149011612, "0.1"],
    [9.999999747378752e-5, "0.0001"],
    [9.899999713525176e-5, "9.9e-5"],
    [1.0000000272564224e16, "1e16"],
    [9990000514957312, "9990000000000000.0"],
    [16777216, "16777216.0"],
    [3.4028234663852886e38, "3.4028235e38"],
    [1.401298464324817e-45, "1e-45"],
    [123456.703125, "123456.7"],
    [-0.5, "-0.5"],
    [0.3333333134651184, "0.3333333"],
    [-0, "-0.0"],
    [NaN, "NaN"],
    [-Infinity, "-inf"],
  ])("prints the f32 %d", (value, text) => expect(floatText(value, 4)).toBe(text));

  it.each([
    [0.1, "0.1"],
    [0.0001, "0.0001"],
    [9.9e-5, "9.9e-5"],
    [1e16, "1e16"],
    [9999999999999998, "9999999999999998.0"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e308"],
    [123456.75, "123456.75"],
    [-1e21, "-1e21"],
    [100, "100.0"],
    [0.001, "0.001"],
  ])("prints the f64 %d", (value, text) => expect(floatText(value, 8)).toBe(text));

  it.each([
    [0x3c00, "1.0"],
    [0x3555, "0.3333"],
    [0x0001, "6e-8"],
    [0x7c00, "inf"],
    [0xfbff, "-65500.0"],
  ])("prints the f16 of bits 0x%s", (raw, text) => {
    const scalar = decodeScalar(base("f16", "float", 2), integerBytes(BigInt(raw), 2));
    expect(scalarText(scalar, base("f16", "float", 2))).toBe(text);
  });
});

describe("scalarText", () => {
  it.each<[string, Encoding, number, bigint, string]>([
    ["u8", "unsigned", 1, 255n, "255"],
    ["i8", "signed", 1, 255n, "-1"],
    ["u64", "unsigned", 8, (1n << 64n) - 1n, "18446744073709551615"],
    ["i128", "signed", 16, 1n << 127n, "-170141183460469231731687303715884105728"],
    ["u128", "unsigned", 16, (1n << 128n) - 1n, "340282366920938463463374607431768211455"],
    ["bool", "boolean", 1, 1n, "true"],
    ["bool", "boolean", 1, 7n, "invalid bool 0x07"],
    ["char", "character", 4, 0x61n, "'a'"],
    ["char", "character", 4, 0xd800n, "invalid char 0x0000d800"],
    ["char", "character", 4, 0x110000n, "invalid char 0x00110000"],
    ["f128", "float", 16, 1n, "f128 0x00000000000000000000000000000001"],
    ["()", "unit", 0, 0n, "()"],
    ["!", "unit", 0, 0n, "<never>"],
  ])("%s (%s, %i bytes) of %d", (name, encoding, byteSize, raw, text) => {
    const type = base(name, encoding, byteSize);
    expect(scalarText(decodeScalar(type, integerBytes(raw, byteSize)), type)).toBe(text);
  });

  // What rustc 1.95's `{:?}` prints.
  it.each([
    [39, "'\\''"],
    [34, "'\"'"],
    [10, "'\\n'"],
    [0, "'\\0'"],
    [0x7f, "'\\u{7f}'"],
    [0x200b, "'\\u{200b}'"],
    [0xe000, "'\\u{e000}'"],
    [0x301, "'\\u{301}'"],
    [0x1f600, "'😀'"],
    [92, "'\\\\'"],
  ])("writes the char %i", (value, text) => {
    expect(scalarText({ kind: "char", value }, base("char", "character", 4))).toBe(text);
  });
});

describe("quoted", () => {
  it("escapes as Rust does", () => expect(quoted("a\"b\\c'\n\u0001é")).toBe('"a\\"b\\\\c\'\\n\\u{1}é"'));
  it("writes bytes that are no text", () =>
    expect(quotedBytes(Uint8Array.of(0x61, 0xff, 0x22))).toBe('b"a\\xff\\""'));
});
