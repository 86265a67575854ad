import { expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { formatAmount, formatOptional, formatShare, formatShortPlace } from "./format";

it("writes amounts with their noun", () => {
  expect([0, 1, 1204].map((count) => formatAmount(count, "event"))).toEqual([
    "0 events",
    "1 event",
    "1,204 events",
  ]);
});

it("writes shares with more digits where they tell something", () => {
  expect(formatShare(1, 2)).toBe("50.0 %");
  expect(formatShare(99_987, 100_000)).toBe("99.987 %");
  expect(formatShare(1, 100_000)).toBe("0.001 %");
  expect(formatShare(0, 0)).toBe("0 %");
});

it("writes a dash for a duration that there is none of", () => {
  expect(formatOptional(null)).toBe("–");
  expect(formatOptional(nanoseconds(61_250))).toBe("61.25 us");
});

it("shortens a place to the file's name, whatever its separators", () => {
  expect(formatShortPlace({ file: "src/bin/hog.rs", line: 7 })).toBe("hog.rs:7");
  expect(formatShortPlace({ file: String.raw`C:\app\main.rs`, line: 7 })).toBe("main.rs:7");
  expect(formatShortPlace({ file: "main.rs", line: 7 })).toBe("main.rs:7");
});
