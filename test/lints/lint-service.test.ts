import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FromLinter } from "#extension/lint-editor/lint-messages";
import { LintService } from "#extension/lint-editor/lint-service";
import { DEFAULT_SETTINGS } from "#extension/lints/linter";
import { RULES } from "#extension/lints/rules";
import { testParser } from "./rust-parser";

const parse = await testParser();
const HELD =
  "use std::sync::Mutex;\nasync fn f(m: &Mutex<u32>) {\n    let g = m.lock().unwrap();\n    rest().await;\n    use_it(&g);\n}\n";

let folder: string;
let posted: FromLinter[];
let work: (() => void)[];
let service: LintService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pollscope-service-"));
  posted = [];
  work = [];
  const post = (message: FromLinter) => void posted.push(message);
  service = new LintService({ parse, rules: RULES, post, later: (each) => void work.push(each) });
});
afterEach(() => rmSync(folder, { recursive: true }));

function runAll(): void {
  for (let each = work.shift(); each !== undefined; each = work.shift()) each();
}

/** The last thing that was said of a file. */
function last(file: string) {
  const found = posted.findLast((each) => each.file === file);
  expect(found?.kind).toBe("findings");
  return found as Extract<FromLinter, { kind: "findings" }>;
}

describe("the service that lints open documents", () => {
  it("says what is wrong in the version that it was given", () => {
    service.handle({ kind: "open", folder: "", file: "untitled:1", version: 1, text: HELD });
    runAll();
    expect(last("untitled:1")).toMatchObject({
      version: 1,
      findings: [
        { code: "guard-across-await", range: { start: { line: 2, column: 8 }, end: { line: 2, column: 9 } } },
      ],
    });
  });

  it("follows changes, and says nothing of a version that is over", () => {
    service.handle({ kind: "open", folder: "", file: "untitled:1", version: 1, text: HELD });
    const offset = HELD.indexOf("    rest");
    const changes = [
      { offset, length: 0, text: "    drop(g);\n" },
      { offset: 0, length: 0, text: "// 🦀\n" },
    ];
    service.handle({ kind: "change", file: "untitled:1", version: 2, changes });
    runAll();
    expect(posted).toHaveLength(1);
    expect(last("untitled:1")).toMatchObject({ version: 2, findings: [] });
    service.handle({
      kind: "change",
      file: "untitled:1",
      version: 3,
      changes: [{ offset: offset + "// 🦀\n".length, length: "    drop(g);\n".length, text: "" }],
    });
    runAll();
    expect(last("untitled:1")).toMatchObject({ version: 3, findings: [{ range: { start: { line: 3 } } }] });
  });

  it("says nothing more of what is closed", () => {
    service.handle({ kind: "open", folder: "", file: join(folder, "a.rs"), version: 1, text: HELD });
    service.handle({ kind: "close", file: join(folder, "a.rs") });
    service.handle({ kind: "change", file: join(folder, "a.rs"), version: 2, changes: [] });
    runAll();
    expect(posted).toEqual([]);
  });

  it("has settings for each folder", () => {
    const off = { ...DEFAULT_SETTINGS, severities: { "guard-across-await": "off" } } as const;
    service.handle({ kind: "configure", folder: "a", settings: off });
    service.handle({ kind: "open", folder: "a", file: "untitled:a", version: 1, text: HELD });
    service.handle({ kind: "open", folder: "b", file: "untitled:b", version: 1, text: HELD });
    runAll();
    expect(last("untitled:a").findings).toEqual([]);
    expect(last("untitled:b").findings).toHaveLength(1);
    service.handle({ kind: "configure", folder: "a", settings: DEFAULT_SETTINGS });
    runAll();
    expect(last("untitled:a").findings).toHaveLength(1);
  });

  it("reads the other files of the crate, and lints again when one of them changes", () => {
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "Cargo.toml"), '[package]\nname = "c"\nversion = "0.1.0"\nedition = "2024"\n');
    writeFileSync(join(folder, "src/slow.rs"), "pub fn slow() { std::thread::sleep(D); }\n");
    const main = join(folder, "src/main.rs");
    service.handle({
      kind: "open",
      folder: "",
      file: main,
      version: 1,
      text: "mod slow;\nasync fn f() { slow::slow(); }\n",
    });
    runAll();
    expect(last(main)).toMatchObject({
      findings: [
        {
          code: "blocking-call-in-async",
          related: [{ file: join(folder, "src/slow.rs"), range: { start: { line: 0, column: 16 } } }],
        },
      ],
    });
    writeFileSync(join(folder, "src/slow.rs"), "pub fn slow() {}\n");
    service.handle({ kind: "saved-elsewhere", file: join(folder, "src/slow.rs") });
    runAll();
    expect(last(main).findings).toEqual([]);
  });

  it("takes what is open in the editor before what is on the disk", () => {
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "Cargo.toml"), '[package]\nname = "c"\nversion = "0.1.0"\n');
    const slow = join(folder, "src/slow.rs");
    writeFileSync(slow, "pub fn slow() { std::thread::sleep(D); }\n");
    const main = join(folder, "src/main.rs");
    service.handle({
      kind: "open",
      folder: "",
      file: main,
      version: 1,
      text: "async fn f() { crate::slow(); }\n",
    });
    service.handle({ kind: "open", folder: "", file: slow, version: 1, text: "pub fn slow() {}\n" });
    runAll();
    expect(last(main).findings).toEqual([]);
    service.handle({ kind: "close", file: slow });
    runAll();
    expect(last(main).findings).toHaveLength(1);
  });

  it("leaves no finding behind where a rule fails, and says so", () => {
    const broken = {
      ...RULES[0]!,
      check: () => {
        throw new Error("no");
      },
    };
    service = new LintService({
      parse,
      rules: [broken],
      post: (each) => void posted.push(each),
      later: (each) => void work.push(each),
    });
    service.handle({ kind: "open", folder: "", file: "untitled:1", version: 1, text: HELD });
    runAll();
    expect(posted).toMatchObject([
      { kind: "findings", findings: [] },
      { kind: "fault", message: expect.stringContaining("no") as unknown },
    ]);
  });

  it("does one piece of work at a time", () => {
    for (const name of ["a", "b", "c"]) {
      service.handle({ kind: "open", folder: "", file: `untitled:${name}`, version: 1, text: HELD });
    }
    expect(work).toHaveLength(1);
    work.shift()!();
    expect(posted).toHaveLength(1);
    expect(work).toHaveLength(1);
  });
});
