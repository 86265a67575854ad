import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseCommandLine } from "#cli/command-line";
import { runLint } from "#cli/lint-command";
import type { LintRequest } from "#cli/requests";
import { textStyle } from "#cli/text/style";
import { grammarFolder } from "./rust-parser";

const SOURCE = readFileSync("samples/guard-across-await/src/bin/bad.rs", "utf8").replace(
  "#[allow(clippy::await_holding_refcell_ref)]",
  "// Nothing is allowed.",
);

let folder: string;
let elf: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pollscope-lint-elf-"));
  mkdirSync(join(folder, "src/bin"), { recursive: true });
  mkdirSync(join(folder, "target"));
  elf = join(folder, "target/bad");
  cpSync("samples/prebuilt/guard-across-await-bad-release.elf", elf);
  writeSource(SOURCE, 1000);
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeSource(text: string, seconds: number): void {
  const main = join(folder, "src/bin/bad.rs");
  writeFileSync(main, text);
  utimesSync(main, seconds, seconds);
  utimesSync(elf, 2000, 2000);
}

async function lint(...words: string[]) {
  let out = "";
  const notes: string[] = [];
  const output = {
    style: textStyle(false, {}),
    write: (text: string) => Promise.resolve(void (out += text)),
    note: (line: string) => void notes.push(line.replaceAll(folder, "FOLDER")),
    progress: () => undefined,
    isOpen: true,
  };
  const only = ["--severity", "large-local-across-await=off"];
  const request = parseCommandLine(["lint", join(folder, "src"), ...only, ...words]) as LintRequest;
  const options = {
    showPath: (path: string) => relative(folder, path),
    version: "1.2.3",
    bundles: grammarFolder,
  };
  const status = await runLint(request, output, options);
  return { status, out, notes };
}

describe("pollscope lint --elf", () => {
  it("confirms what the build confirms", async () => {
    expect((await lint()).out).toContain(
      "held across an await: a task that borrows it meanwhile panics [guard",
    );
    const { out, status } = await lint("--elf", elf);
    expect(out).toContain("meanwhile panics (confirmed by the build, which keeps 8 B for it) [guard");
    expect(status).toBe(3);
  });

  it("takes no notice of a build that is older than the source, and says so", async () => {
    writeSource(SOURCE, 3000);
    const { out, notes } = await lint("--elf", elf);
    expect(out).not.toContain("confirmed");
    expect(notes).toEqual([
      "FOLDER/src/bin/bad.rs is newer than FOLDER/target/bad, which therefore says nothing of it",
    ]);
  });

  it("adds guards whose types the source does not tell", async () => {
    writeSource(SOURCE.replaceAll("RefCell", "Hidden").replaceAll(".borrow_mut()", ".obtain()"), 1000);
    expect((await lint()).out).not.toContain("guard-across-await]");
    const { out } = await lint("--elf", elf);
    expect(out).toContain("`guard` is a core::cell::RefMut and is held across an await");
    expect(out).toContain("(told by the build)");
  });

  it("says what is wrong with the file", async () => {
    await expect(lint("--elf", join(folder, "src/bin/bad.rs"))).rejects.toThrow(
      "bad.rs is not an ELF file; ",
    );
    await expect(lint("--elf", join(folder, "nowhere"))).rejects.toThrow(
      /^There is no file .*nowhere; build/,
    );
  });
});
