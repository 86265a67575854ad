import { describe, expect, it } from "vitest";
import { nanoseconds } from "./brand";
import { formatDuration, formatInstant, parseDuration } from "./duration";

describe("parseDuration", () => {
  it.each([
    ["2s", 2e9],
    ["1.5 ms", 1.5e6],
    ["250us", 250e3],
    ["250µs", 250e3],
    ["3min", 180e9],
    ["7ns", 7],
    ["0s", 0],
    ["1h", 3600e9],
  ])("reads %s", (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each(["", "2", "s", "-1s", "1e3s", "2 weeks", "1.s", "99999999999h"])("refuses %j", (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe("formatDuration", () => {
  it.each([
    [0, "0 ns"],
    [999, "999 ns"],
    [61_250, "61.25 us"],
    [999_940, "999.9 us"],
    [999_999, "1.000 ms"],
    [250_037_000, "250.0 ms"],
    [2e9, "2.000 s"],
    [3600e9, "3600 s"],
  ])("writes %d ns as %s", (value, text) => expect(formatDuration(nanoseconds(value))).toBe(text));
});

describe("formatInstant", () => {
  it("groups the digits after the point by three", () => {
    expect(formatInstant(nanoseconds(3_250_034_125))).toBe("3.250 034 125");
    expect(formatInstant(nanoseconds(7))).toBe("0.000 000 007");
  });
});
