import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runLint } from "#cli/lint-command";
import { parseCommandLine } from "#cli/command-line";
import type { LintRequest } from "#cli/requests";
import { textStyle } from "#cli/text/style";
import { grammarFolder } from "./rust-parser";

const HELD = `use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let mut guard = m.lock().unwrap();
    *guard += 1;
    sleep().await;
}
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pollscope-lint-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
}

interface Result {
  readonly status: number;
  readonly out: string;
  readonly notes: readonly string[];
}

async function run(...words: string[]): Promise<Result> {
  let out = "";
  const notes: string[] = [];
  const output = {
    style: textStyle(false, {}),
    write: (text: string) => Promise.resolve(void (out += text)),
    note: (line: string) => void notes.push(line),
    progress: () => undefined,
    isOpen: true,
  };
  const request = parseCommandLine(["lint", ...words]) as LintRequest;
  const options = {
    showPath: (path: string) => relative(folder, path),
    version: "1.2.3",
    bundles: grammarFolder,
  };
  const status = await runLint(request, output, options);
  return { status, out, notes };
}

describe("pollscope lint", () => {
  it("prints findings with their places, and tells of them by its exit status", async () => {
    write("src/main.rs", HELD);
    write("target/debug/build/out.rs", HELD);
    const { status, out } = await run(folder);
    expect(status).toBe(3);
    expect(out).toContain("warning: `guard` is a std::sync::MutexGuard and is held across an await:");
    expect(out).toContain(
      "  --> src/main.rs:3:13\n      let mut guard = m.lock().unwrap();\n  see src/main.rs:5:13:",
    );
    expect(out).toContain("\n\n1 warning in 1 file\n");
  });

  it("knows how grave a finding has to be to count", async () => {
    write("main.rs", HELD);
    expect((await run(folder, "--fail-on", "error")).status).toBe(0);
    expect((await run(folder, "--fail-on", "error", "--severity", "guard-across-await=error")).status).toBe(
      3,
    );
    const off = await run(folder, "--severity", "guard-across-await=off");
    expect(off).toMatchObject({ status: 0, out: "No findings in 1 file\n" });
  });

  it("makes safe fixes, and lints again", async () => {
    write("main.rs", HELD);
    const { status, out } = await run(folder, "--fix");
    expect(status).toBe(0);
    expect(out).toBe("No findings in 1 file (1 fixed)\n");
    expect(readFileSync(join(folder, "main.rs"), "utf8")).toContain("    drop(guard);\n    sleep().await;\n");
  });

  it("keeps line ends as they are", async () => {
    write("main.rs", HELD.replaceAll("\n", "\r\n"));
    await run(folder, "--fix");
    const text = readFileSync(join(folder, "main.rs"), "utf8");
    expect(text).toContain("    drop(guard);\r\n    sleep().await;\r\n");
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("writes JSON", async () => {
    write("main.rs", HELD);
    const { out } = await run(folder, "--json");
    expect(JSON.parse(out)).toMatchObject([
      {
        code: "guard-across-await",
        severity: "warning",
        file: "main.rs",
        line: 3,
        column: 13,
        endLine: 3,
        endColumn: 18,
        related: [{ line: 5, column: 13 }, { line: 6 }],
        fixes: [{ isSafe: true, edits: [{ line: 5, column: 5, text: "drop(guard);\n    " }] }],
      },
    ]);
  });

  it("writes SARIF with columns in UTF-16 code units", async () => {
    write("main.rs", HELD.replace("let mut guard", "/* 🦀 */ let mut guard"));
    const file = join(folder, "report.sarif");
    await run(folder, "--sarif", file);
    const log = JSON.parse(readFileSync(file, "utf8")) as {
      runs: { columnKind: string; results: object[] }[];
    };
    expect(log.runs[0]!.columnKind).toBe("utf16CodeUnits");
    expect(log.runs[0]!.results).toMatchObject([
      {
        ruleId: "guard-across-await",
        level: "warning",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "main.rs" },
              region: { startLine: 3, startColumn: 22, endColumn: 27 },
            },
          },
        ],
      },
    ]);
  });

  it("leaves out what is not UTF-8, and says so", async () => {
    write("bad.rs", new Uint8Array([0x66, 0x6e, 0xff, 0xfe]));
    write("good.rs", "fn main() {}\n");
    const { status, notes, out } = await run(folder);
    expect(status).toBe(0);
    expect(notes).toEqual([expect.stringContaining("bad.rs: cannot be read as UTF-8 text, and is left out")]);
    expect(out).toBe("No findings in 1 file\n");
  });

  it("refuses what is not there, in one sentence with a remedy", async () => {
    await expect(run(join(folder, "nothing"))).rejects.toThrow(/There is no .*nothing/);
    await expect(run(folder)).rejects.toThrow(/There are no Rust files in/);
    expect(() => parseCommandLine(["lint", "--severity", "nonsense=off"])).toThrow(/sets no lint's severity/);
  });

  it("takes the edition of the crate, which decides how long temporaries live", async () => {
    const source = `use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    if let Some(x) = m.lock().unwrap().pop() { use_it(x); } else { sleep().await; }
}
`;
    write("old/Cargo.toml", '[package]\nname = "old"\nversion = "0.1.0"\nedition = "2021"\n');
    write("old/src/main.rs", source);
    write("new/Cargo.toml", '[package]\nname = "new"\nversion = "0.1.0"\nedition.workspace = true\n');
    write("Cargo.toml", '[workspace]\nmembers = ["old", "new"]\n[workspace.package]\nedition = "2024"\n');
    write("new/src/main.rs", source);
    const { out } = await run(folder, "--json");
    expect(JSON.parse(out)).toMatchObject([{ file: "old/src/main.rs" }]);
  });
});
