import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLineError, runCommandLine } from "./command-line";

describe("running the command line", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pollscope-command-line-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs `source` as if it were the command line. */
  async function run(source: string, words: readonly string[] = [], signal = new AbortController().signal) {
    const program = join(folder, "program.cjs");
    writeFileSync(program, source);
    const notes: string[] = [];
    await runCommandLine({ program, words, signal, onNote: (line) => notes.push(line) });
    return notes;
  }

  it("hands over words as they are, and tells what was noted", async () => {
    const words = ["trace", "a b.elf", "--for", "2s", "$(exit 3)"];
    expect(await run("console.error(JSON.stringify(process.argv.slice(2)))", words)).toEqual([
      JSON.stringify(words),
    ]);
  });

  it("fails with the sentence that the command line ends with", async () => {
    const source = `console.error("note"); console.error("pollscope: x.elf is no ELF file; name one"); process.exitCode = 1`;
    await expect(run(source)).rejects.toThrow(new CommandLineError("x.elf is no ELF file; name one"));
  });

  it("says how it ended if it said nothing", async () => {
    await expect(run("process.exit(7)")).rejects.toThrow(
      "The command line ended with exit code 7; Pollscope's log has what it said",
    );
    await expect(run("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow("was ended by SIGKILL");
  });

  it("ends the program when it is cancelled", async () => {
    const cancel = new AbortController();
    const program = join(folder, "endless.cjs");
    writeFileSync(program, "console.error(String(process.pid)); setInterval(() => {}, 1000)");
    let pid = 0;
    const running = runCommandLine({
      program,
      words: [],
      signal: cancel.signal,
      onNote: (line) => {
        pid = Number(line);
        cancel.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("does not start what was cancelled before", async () => {
    await expect(run("", [], AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });
});
