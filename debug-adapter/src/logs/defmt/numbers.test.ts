import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateText, floatText, numberText, secondsText, timeText } from "./numbers";

describe("floatText", () => {
  // As the `ryu` crate prints them (its tests of `f64` and `f32`).
  it.each([
    [0, 8, "0.0"],
    [-0, 8, "-0.0"],
    [0.3, 8, "0.3"],
    [1234000000000000, 8, "1234000000000000.0"],
    [1e16, 8, "1e16"],
    [9007199254740991, 8, "9007199254740991.0"],
    [0.0001, 8, "0.0001"],
    [0.00001, 8, "0.00001"],
    [0.000001, 8, "1e-6"],
    [2.71828, 8, "2.71828"],
    [1.1e128, 8, "1.1e128"],
    [5e-324, 8, "5e-324"],
    [Math.fround(0.3), 4, "0.3"],
    [Math.fround(1.1e38), 4, "1.1e38"],
    [Math.fround(1e12), 4, "1000000000000.0"],
    [Math.fround(1e13), 4, "1e13"],
    [Math.fround(1e-6), 4, "0.000001"],
    [Math.fround(1e-7), 4, "1e-7"],
    [NaN, 4, "NaN"],
    [-Infinity, 8, "-inf"],
  ] as const)("prints %d of %d bytes as %s", (value, byteSize, text) => {
    expect(floatText(value, byteSize)).toBe(text);
  });

  it("gives the number back", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(floatText(value, 8))).toBe(value);
      }),
    );
  });
});

describe("numberText", () => {
  it.each([
    [5n, 2, 8, true, false, "0b000101"],
    [255n, 16, 0, false, true, "FF"],
    [255n, 16, 6, true, true, "0x00FF"],
    [8n, 8, 0, true, false, "0o10"],
    [-5n, 10, 4, false, false, "-005"],
  ] as const)("prints %d in base %d", (value, base, width, isAlternate, isUpper, text) => {
    expect(numberText(value, { kind: "number", base, width, isAlternate, isUpper })).toBe(text);
  });
});

describe("times", () => {
  it("are shown with their digits, days in front where there are any", () => {
    expect(secondsText(1_000_001n, "us")).toBe("1.000001");
    expect(secondsText(5n, "ms")).toBe("0.005");
    expect(timeText(59_999n, "ms")).toBe("00:00:59.999");
    expect(timeText(86_400n, "s")).toBe("1:00:00:00");
    expect(dateText(0n, "s")).toBe("1970-01-01T00:00:00Z");
    expect(dateText(10n ** 18n, "ms")).toBeUndefined();
  });
});
