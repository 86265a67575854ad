import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, Linter } from "#extension/lints/linter";
import { RULES } from "#extension/lints/rules";
import { rustFilesIn } from "#extension/lints/rust-files";
import { NO_CRATE } from "#extension/lints/semantics/workspace";
import { splitItems } from "#extension/lints/syntax/items";
import { testParser } from "./rust-parser";

const parse = await testParser();
const samples = join(import.meta.dirname, "../../samples");
const sources = [...rustFilesIn(samples)].map((file) => readFileSync(file, "utf8"));
const held = `use std::sync::Mutex;
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); rest().await; drop(g); }
`;

function findings(text: string) {
  const linter = new Linter(parse, RULES);
  linter.put("main.rs", text);
  return linter.findings("main.rs");
}

/** Real sources, cut, doubled, and with pieces of others and broken characters in them. */
const mutated = fc
  .record({
    source: fc.nat(sources.length - 1),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(60),
        text: fc.constantFrom(
          "",
          "{",
          "}",
          "(",
          '"',
          "'",
          "/*",
          'r#"',
          "async ",
          ".await",
          "let g = m.lock().unwrap();",
          "\ud83e",
          "\0",
          "match ",
          "\r",
          "#[",
          "<<",
          "|| ",
          "🦀",
          "loop {",
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ source, edits }) => {
    let text = sources[source]!;
    for (const { at, length, text: inserted } of edits) {
      const offset = Math.floor(at * text.length);
      text = text.slice(0, offset) + inserted + text.slice(offset + length);
    }
    return text;
  });

describe("lints and any text", () => {
  it("neither throw nor put a finding outside of the text", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        for (const { start, end, related, fixes } of findings(text)) {
          for (const range of [{ start, end }, ...related, ...fixes.flatMap(({ edits }) => edits)]) {
            expect(range.start).toBeGreaterThanOrEqual(0);
            expect(range.end).toBeGreaterThanOrEqual(range.start);
            expect(range.end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("find after any edits what they find in the same text at once", () => {
    const linter = new Linter(parse, RULES);
    fc.assert(
      fc.property(mutated, (text) => {
        linter.put("main.rs", text);
        expect(linter.findings("main.rs")).toEqual(findings(text));
      }),
      { numRuns: 60 },
    );
  });

  it("find after small edits of two files of a crate what they find in them at once", () => {
    const helper = `use std::sync::Mutex;
pub const SIZE: usize = 8192;
pub type Locked = Mutex<u32>;
pub struct Shared { pub lock: Locked, pub bytes: [u8; SIZE] }
pub fn rest() { if SIZE > 1 { slow(); } }
fn slow() { std::thread::sleep(D); }
pub async fn fetch() -> u32 { 1 }
pub fn fetched() -> impl Future<Output = u32> { fetch() }
`;
    const main = `use crate::helper::{self, fetch, fetched, rest, Locked, Shared, SIZE};
const PERIOD: u64 = 500;
async fn holds(shared: &Shared) { let g = shared.lock.lock().unwrap(); tick(PERIOD).await; g.touch(); }
async fn keeps(lock: &Locked) { let large = [0u8; SIZE]; tick(1).await; large.touch(); rest(); }
fn forgets() { fetch(); fetched(); helper::rest(); }
async fn tick(n: u64) { embassy_time::Timer::after_millis(n).await; }
`;
    const crate = { ...NO_CRATE, root: "/crate" };
    const linted = (files: ReadonlyMap<string, string>, linter = new Linter(parse, RULES)) => {
      for (const [file, text] of files) linter.put(file, text, crate);
      return [...files.keys()].map((file) => linter.findings(file));
    };
    const edit = fc.record({
      file: fc.constantFrom("main.rs", "helper.rs"),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      word: fc.constantFrom(
        "u8",
        "u32",
        "64",
        "100_000",
        "SIZE",
        "rest",
        "slow",
        "fetch",
        "async",
        "pub",
        "",
        "impl",
        "Mutex",
        "RefCell",
        " ",
      ),
    });
    expect(
      linted(
        new Map([
          ["main.rs", main],
          ["helper.rs", helper],
        ]),
      ).map((each) => each.length),
    ).toEqual([5, 0]);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const files = new Map([
          ["main.rs", main],
          ["helper.rs", helper],
        ]);
        const linter = new Linter(parse, RULES);
        linted(files, linter);
        for (const { file, at, word } of edits) {
          const words = [...files.get(file)!.matchAll(/\w+/g)];
          const old = words[Math.floor(at * (words.length - 1))];
          if (old === undefined) continue;
          const text = files.get(file)!;
          files.set(file, text.slice(0, old.index) + word + text.slice(old.index + old[0].length));
          expect(linted(files, linter)).toEqual(linted(files));
        }
      }),
      { numRuns: 80 },
    );
  });

  it("find nothing more where they look at every item, whatever its words", () => {
    const everything = RULES.map((rule) => ({ ...rule, concerns: () => true }));
    fc.assert(
      fc.property(mutated, (text) => {
        const linter = new Linter(parse, everything);
        linter.put("main.rs", text);
        expect(linter.findings("main.rs")).toEqual(findings(text));
      }),
      { numRuns: 60 },
    );
  });

  it("cut a text into items without a hole or an overlap", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        let before = 0;
        for (const { offset, text: item } of splitItems(text).items) {
          expect(offset).toBeGreaterThanOrEqual(before);
          const head = item.endsWith("{}") && !text.startsWith(item, offset) ? item.slice(0, -2) : item;
          expect(text.startsWith(head, offset)).toBe(true);
          before = offset;
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are silent in code that nests deeper than anybody writes", () => {
    for (const [open, close] of [
      ["{", "}"],
      ["(", ")"],
      ["[", "]"],
      ["if a {", "}"],
      ["loop {", "}"],
      ["&", ""],
      ["Box<", ">"],
    ]) {
      const text = `async fn f() { ${open!.repeat(5000)} x().await ${close!.repeat(5000)} }\n${held}`;
      expect(findings(text).map(({ code }) => code)).toContain("guard-across-await");
    }
  });

  it("go through a file of a megabyte", () => {
    const text = `${held}fn g() { let x = [${"1, ".repeat(350_000)}]; }\n`;
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(findings(text)).toHaveLength(1);
  });

  it("go through loops in loops in bounded steps", () => {
    const text = `${held}async fn h(m: &Mutex<u32>) { ${"loop { let a = m.lock();".repeat(40)} x().await; ${"}".repeat(40)} }`;
    expect(findings(text).length).toBeGreaterThanOrEqual(1);
  });

  it("keep the findings of other functions while one is half-typed", () => {
    const linter = new Linter(parse, RULES);
    linter.configure(DEFAULT_SETTINGS);
    for (const typed of [
      "fn g() {",
      "fn g() { if",
      'fn g() { let s = "',
      "fn g() { /*",
      "impl X { fn",
      "'",
    ]) {
      linter.put("main.rs", `${held}\n${typed}`, NO_CRATE);
      expect(linter.findings("main.rs")).toHaveLength(1);
      linter.put("main.rs", `${typed}\n\nfn other() {}\n${held}`, NO_CRATE);
      const isOpen = /["*]$/.test(typed);
      expect(linter.findings("main.rs").length, typed).toBe(isOpen ? 0 : 1);
    }
  });

  it("count columns in UTF-16 code units, whatever stands before", () => {
    for (const before of ["", "/* 🦀é */ ", "\ufeff", "/* \u{10ffff} */"]) {
      const text = before + held;
      const [found] = findings(text);
      expect(text.slice(found!.start, found!.end)).toBe("g");
    }
  });

  it("find the same with Windows' line ends", () => {
    for (const source of [...sources, held]) {
      const unix = findings(source).map(({ code, message }) => code + message);
      expect(findings(source.replaceAll("\n", "\r\n")).map(({ code, message }) => code + message)).toEqual(
        unix,
      );
    }
  });
});
