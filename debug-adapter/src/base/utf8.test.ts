import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8";

describe("UTF-8", () => {
  it("encodes any text as the platform's encoder does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(Buffer.from(text, "utf8")));
      }),
    );
  });

  it("decodes what it encodes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });

  it("puts U+FFFD for bytes that are no UTF-8, and goes on", () => {
    expect(decodeUtf8(Uint8Array.of(0x61, 0x80, 0x62))).toBe("a\ufffdb");
    expect(decodeUtf8(Uint8Array.of(0xc0, 0x80))).toBe("\ufffd\ufffd");
    expect(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBe("\ufffd\ufffd\ufffd");
    expect(decodeUtf8(Uint8Array.of(0xe2, 0x82))).toBe("\ufffd\ufffd");
  });
});
