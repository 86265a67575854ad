import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RustcDiagnostic } from "#extension/cargo/build-messages";
import { buildFirmware } from "#extension/cargo/build-firmware";
import type { BuildProgress } from "#extension/cargo/build-progress";
import { METADATA_WORDS, parseMetadata } from "#extension/cargo/metadata";
import { runCargo } from "#extension/cargo/run-cargo";
import { toFinding } from "#extension/cargo/source-findings";
import { describeWithTool } from "#test/helpers/tool";
import type { CargoBuild } from "#adapter/protocol/launch-arguments";

// What is built here is for this machine, which every cargo can do; its messages are those of any build.
describeWithTool("cargo", "a build by the real cargo", (cargo) => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "pollscope-build-")));
    mkdirSync(join(folder, "src/bin"), { recursive: true });
    write("Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n');
    write("src/main.rs", "fn main() {}\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(file: string, text: string) {
    writeFileSync(join(folder, file), text);
  }

  async function build(request: CargoBuild = {}) {
    const diagnostics: RustcDiagnostic[] = [];
    const progress: BuildProgress[] = [];
    const outcome = await buildFirmware({
      request,
      triple: undefined,
      candidates: [cargo],
      folder,
      environment: {
        ...process.env,
        CARGO_TARGET_DIR: join(folder, "target"),
        CARGO_BUILD_TARGET: undefined,
      },
      signal: new AbortController().signal,
      onDiagnostic: (message) => diagnostics.push(message),
      onProgress: (each) => progress.push(each),
      onNote: () => undefined,
    });
    return { outcome, diagnostics, progress };
  }

  it("gives the program, and tells how far it has come", async () => {
    const { outcome, progress } = await build();
    const executable = join(folder, "target/debug", process.platform === "win32" ? "app.exe" : "app");
    expect(outcome).toEqual({ kind: "built", executable, warning: undefined });
    expect(progress.map(({ total }) => total)).toContain(1);
  });

  it("gives it again when there is nothing to build", async () => {
    await build();
    expect((await build()).outcome.kind).toBe("built");
  });

  it("says when there is no debug info to work with, and what to write", async () => {
    const { outcome } = await build({ profile: "release" });
    expect(outcome).toMatchObject({
      warning:
        "app is built without debug info, so that tasks and awaits cannot be shown; " +
        "write `debug = 2` under `[profile.release]` in Cargo.toml",
    });
  });

  it("tells errors at their places, and counts them", async () => {
    write("src/main.rs", 'fn main() {\n    let 数: u32 = "many"; missing();\n}\n');
    const { outcome, diagnostics } = await build();
    expect(outcome).toEqual({ kind: "failed", errors: 2 });
    const findings = diagnostics.flatMap((each) => toFinding(each, folder) ?? []);
    const errors = findings.filter(({ severity }) => severity === "error");
    const text = '    let 数: u32 = "many"; missing();';
    expect(
      errors.map(({ code, place }) => [code, text.slice(place.start.column, place.end.column)]).sort(),
    ).toEqual([
      ["E0308", '"many"'],
      ["E0425", "missing"],
    ]);
    expect(new Set(errors.map(({ place }) => place.file))).toEqual(new Set([join(folder, "src/main.rs")]));
  });

  it("wants one program", async () => {
    write("src/bin/second.rs", "fn main() {}\n");
    await expect(build()).rejects.toThrow(/^cargo has built 2 programs \(\w+, \w+\); name the one to debug/);
    expect((await build({ bin: "second" })).outcome).toMatchObject({ kind: "built" });
  });

  it("fails without an error of the compiler where the project is not right", async () => {
    write("Cargo.toml", "[package\n");
    expect((await build()).outcome).toEqual({ kind: "failed", errors: 0 });
  });

  it("lists the programs of the project", async () => {
    write("src/bin/second.rs", "fn main() {}\n");
    const lines: string[] = [];
    const code = await runCargo({
      candidates: [cargo],
      words: METADATA_WORDS,
      folder,
      environment: process.env,
      signal: new AbortController().signal,
      onOutputLine: (line) => lines.push(line),
      onNote: () => undefined,
    });
    expect(code).toBe(0);
    const { root, programs } = parseMetadata(lines.join("\n"), folder);
    expect(root).toBe(folder);
    expect(programs.map(({ name, source }) => [name, source])).toEqual([
      ["app", join(folder, "src/main.rs")],
      ["second", join(folder, "src/bin/second.rs")],
    ]);
  });
});
