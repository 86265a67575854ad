import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, OutOfBounds } from "./byte-reader";

function leb128(value: bigint, isSigned: boolean): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = isSigned
      ? (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)
      : rest === 0n;
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return Uint8Array.from(bytes);
  }
}

describe("ByteReader", () => {
  it("reads fixed-width little-endian numbers", () => {
    const reader = new ByteReader(Uint8Array.of(0xff, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xff, 0xff));
    expect([reader.u8(), reader.i8(), reader.u16(), reader.u32()]).toEqual([255, -128, 0x0201, 0x06050403]);
    expect([reader.u24(), reader.u8(), reader.i16()]).toEqual([0x090807, 10, -1]);
    expect(reader.isAtEnd).toBe(true);
  });

  it("reads every unsigned LEB128 up to 2^53 exactly", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, BigInt(Number.MAX_SAFE_INTEGER)), (value) => {
        expect(new ByteReader(leb128(value, false)).uleb()).toBe(Number(value));
      }),
    );
  });

  it("reads every signed LEB128 of 64 bits exactly", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        expect(new ByteReader(leb128(value, true)).slebBig()).toBe(value);
      }),
    );
  });

  it("reads signed LEB128 of any length as a number", () => {
    const few = fc.bigInt(-(2n ** 34n), 2n ** 34n);
    const many = fc.bigInt(BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER));
    fc.assert(
      fc.property(fc.oneof(few, many), (value) => {
        const bytes = leb128(value, true);
        const reader = new ByteReader(bytes);
        expect(reader.sleb()).toBe(Number(value));
        expect(reader.offset).toBe(bytes.length);
      }),
    );
  });

  it("refuses to read past its end, and does not move", () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4), 1, 3);
    expect(() => reader.u32()).toThrow(OutOfBounds);
    expect(reader.u16()).toBe(0x0302);
    expect(() => reader.u8()).toThrow(OutOfBounds);
  });

  it("refuses numbers without an end", () => {
    const endless = new Uint8Array(40).fill(0xff);
    expect(() => new ByteReader(endless).uleb()).toThrow(OutOfBounds);
    expect(() => new ByteReader(endless).sleb()).toThrow(OutOfBounds);
    expect(() => new ByteReader(Uint8Array.of(0xff, 0x80, 0x01), 0, 2).sleb()).toThrow(OutOfBounds);
    expect(() => new ByteReader(endless).ulebBig()).toThrow(OutOfBounds);
  });

  it("reads text up to its zero, and refuses text without one", () => {
    const reader = new ByteReader(Uint8Array.of(0x68, 0x69, 0, 0x68));
    expect(reader.cString()).toBe("hi");
    expect(() => reader.cString()).toThrow(OutOfBounds);
  });
});
