import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BundledSample } from "./bundled-samples";
import { changedSources, ensureCopy, openedSources } from "./sample-sources";

const SAMPLE: BundledSample = {
  name: "blink",
  profile: "dev",
  description: "An LED",
  file: "blink-dev.elf",
  package: "blink",
  main: "blink/src/main.rs",
  sources: ["blink/src/main.rs"],
};

describe("the sources of samples", () => {
  let folder: string;
  let bundled: string;
  let copy: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pollscope-samples-"));
    bundled = join(folder, "samples");
    copy = join(folder, "storage", "samples-1");
    for (const each of ["blink/src", "prebuilt", ".cargo"])
      mkdirSync(join(bundled, each), { recursive: true });
    writeFileSync(join(bundled, "blink/src/main.rs"), "fn main() {}\n");
    writeFileSync(join(bundled, "prebuilt/blink-dev.elf"), "ELF");
    writeFileSync(join(bundled, ".cargo/config.toml"), "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("copies what a person reads and builds, and not the firmware", async () => {
    await ensureCopy(bundled, copy);
    expect(existsSync(join(copy, "blink/src/main.rs"))).toBe(true);
    expect(existsSync(join(copy, ".cargo/config.toml"))).toBe(true);
    expect(existsSync(join(copy, "prebuilt"))).toBe(false);
  });

  it("leaves what a user has changed in a copy", async () => {
    await ensureCopy(bundled, copy);
    appendFileSync(join(copy, "blink/src/main.rs"), "// mine\n");
    await ensureCopy(bundled, copy);
    expect(readFileSync(join(copy, "blink/src/main.rs"), "utf8")).toContain("// mine");
  });

  it("copies once when two windows ask at the same time", async () => {
    await Promise.all([ensureCopy(bundled, copy), ensureCopy(bundled, copy)]);
    expect(existsSync(join(copy, "blink/src/main.rs"))).toBe(true);
  });

  it("names the sources that differ from those the firmware was built from", async () => {
    await ensureCopy(bundled, copy);
    expect(await changedSources(SAMPLE, { bundled, opened: copy })).toEqual([]);
    writeFileSync(join(copy, "blink/src/main.rs"), "fn main() {}\r\n");
    expect(await changedSources(SAMPLE, { bundled, opened: copy })).toEqual([]);
    appendFileSync(join(copy, "blink/src/main.rs"), "// mine\n");
    expect(await changedSources(SAMPLE, { bundled, opened: copy })).toEqual(["blink/src/main.rs"]);
  });

  it("finds a sample in an open folder: all samples, or this one", async () => {
    expect(await openedSources(SAMPLE, bundled)).toBe(bundled);
    expect(await openedSources(SAMPLE, join(bundled, "blink"))).toBe(bundled);
    expect(await openedSources(SAMPLE, folder)).toBeUndefined();
  });
});
