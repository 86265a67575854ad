import { basename, dirname } from "node:path";
import { expect, it } from "vitest";
import { tracePlace } from "./trace-place";

it("calls a trace like its firmware, and keeps namesakes apart", () => {
  const release = tracePlace("/storage", "/app/target/release/blink.elf");
  const again = tracePlace("/storage", "/app/target/release/blink.elf");
  const debug = tracePlace("/storage", "/app/target/debug/blink");
  expect(basename(release.file)).toBe("blink.pollscope");
  expect(basename(debug.file)).toBe("blink.pollscope");
  expect(again).toEqual(release);
  expect(debug.folder).not.toBe(release.folder);
  expect(dirname(release.file)).toBe(release.folder);
});
