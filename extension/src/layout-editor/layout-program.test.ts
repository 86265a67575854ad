import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSamples } from "../samples/bundled-samples";
import { BuiltTexts, sampleLayoutProgram } from "./layout-program";

describe("the text that a program was built from", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pollscope-built-text-"));
    file = join(folder, "main.rs");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(text: string, seconds: number): void {
    writeFileSync(file, text);
    utimesSync(file, seconds, seconds);
  }

  it("is that of the source as long as it is older, and is remembered when it changes", async () => {
    const texts = new BuiltTexts();
    const built = { elf: "app", modified: 2_000_000 };
    write("built", 1000);
    expect(await texts.of(file, built)).toBe("built");
    write("changed", 3000);
    expect(await texts.of(file, built)).toBe("built");
    rmSync(file);
    expect(await texts.of(file, built)).toBe("built");
  });

  it("is not known if the source was never seen before it changed, or the program is another", async () => {
    const texts = new BuiltTexts();
    write("changed", 3000);
    expect(await texts.of(file, { elf: "app", modified: 2_000_000 })).toBeUndefined();
    write("built", 1000);
    expect(await texts.of(file, { elf: "app", modified: 2_000_000 })).toBe("built");
    write("changed", 3000);
    expect(await texts.of(file, { elf: "app", modified: 2_500_000 })).toBeUndefined();
    expect(await texts.of(file, { elf: "app", modified: 3_500_000 })).toBe("changed");
  });

  it("of a sample is that which comes with the extension", async () => {
    const [sample] = await readSamples("samples");
    const program = sampleLayoutProgram(sample!, "samples", join(folder, "copy"));
    const copied = join(folder, "copy", sample!.main);
    expect(program.sources).toContain(copied);
    expect(await program.builtText(copied)).toMatch(/async fn main/);
    expect(await program.builtText(file)).toBeUndefined();
  });
});
