import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cargoCandidates, runCargo } from "./run-cargo";

describe.skipIf(process.platform === "win32")("running cargo", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pollscope-cargo-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  interface Run {
    readonly words?: readonly string[];
    readonly signal?: AbortSignal;
    readonly onNote?: () => void;
  }

  /** Runs `source` as if it were cargo. */
  async function run(source: string, { words = ["build"], signal, onNote }: Run = {}) {
    const program = join(folder, "cargo");
    writeFileSync(program, `#!${process.execPath}\n${source}`);
    chmodSync(program, 0o755);
    const output: string[] = [];
    const notes: string[] = [];
    const code = await runCargo({
      candidates: [join(folder, "nowhere"), program],
      words,
      folder,
      environment: process.env,
      signal: signal ?? new AbortController().signal,
      onOutputLine: (line) => output.push(line),
      onNote: (line) => {
        notes.push(line);
        onNote?.();
      },
    });
    return { code, output, notes };
  }

  it("takes the first cargo that is there, and hands over words as they are", async () => {
    const words = ["build", "a b", "$(exit 3)"];
    const { code, output } = await run("console.log(JSON.stringify(process.argv.slice(2)))", { words });
    expect({ code, output }).toEqual({ code: 0, output: [JSON.stringify(words)] });
  });

  it("tells a progress bar line by line", async () => {
    const { code, notes } = await run(`process.stderr.write("one\\r   \\rtwo\\n"); process.exitCode = 101`);
    expect({ code, notes }).toEqual({ code: 101, notes: ["one", "two"] });
  });

  it("says what to do where there is no cargo", async () => {
    const candidates = cargoCandidates("", join(folder, "home"));
    const nowhere = candidates.map((each) => join(folder, "nothing", each));
    const run = {
      words: [],
      folder,
      environment: {},
      onOutputLine: () => undefined,
      onNote: () => undefined,
    };
    await expect(
      runCargo({ ...run, candidates: nowhere, signal: new AbortController().signal }),
    ).rejects.toThrow(
      /^There is no cargo here \(tried .* and .*\); install Rust from https:\/\/rustup\.rs, or set pollscope\.cargo\.path$/,
    );
  });

  it("says that the folder is not there", async () => {
    const missing = join(folder, "missing");
    const run = { words: [], environment: {}, onOutputLine: () => undefined, onNote: () => undefined };
    const running = runCargo({
      ...run,
      candidates: ["cargo"],
      folder: missing,
      signal: new AbortController().signal,
    });
    await expect(running).rejects.toThrow(`There is no folder ${missing} to build in`);
  });

  it("ends cargo and what cargo has started when it is cancelled", async () => {
    const cancel = new AbortController();
    // The compiler writes where cargo does, so that the promise would stay open for as long as the compiler lives.
    const source = `
      const words = ["-e", "console.error('compiling'); setInterval(() => {}, 1000)"];
      require("node:child_process").spawn(process.execPath, words, { stdio: "inherit" });`;
    const running = run(source, { signal: cancel.signal, onNote: () => cancel.abort() });
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });
});
