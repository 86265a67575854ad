import { describe, expect, it } from "vitest";
import { resplitItems, splitItems } from "./items";

function texts(source: string): string[] {
  return splitItems(source).items.map(({ text, around }) => [...around, text].join(" > "));
}

describe("cutting a file into items", () => {
  it("ends functions and types at braces, others at semicolons", () => {
    expect(
      texts("use a::{b, c};\nconst X: S = S { a: 1 };\nfn f() { g(); }\nstruct T;\nenum E { A }"),
    ).toEqual(["use a::{b, c};", "const X: S = S { a: 1 };", "fn f() { g(); }", "struct T;", "enum E { A }"]);
  });

  it("takes members of a block by themselves, with its head", () => {
    expect(texts("impl A {\n  fn f() {}\n  const N: u8 = 1;\n}\nmod m { use x; }")).toEqual([
      "impl A {}",
      "impl A {} > fn f() {}",
      "impl A {} > const N: u8 = 1;",
      "mod m {}",
      "mod m {} > use x;",
    ]);
  });

  it("knows the block behind a where that ends with a comma from an argument in braces", () => {
    expect(texts("impl<W> A for B<W>\nwhere\n    W: C,\n{\n  fn f() {}\n}")).toEqual([
      "impl<W> A for B<W>\nwhere\n    W: C,\n{}",
      "impl<W> A for B<W>\nwhere\n    W: C,\n{} > fn f() {}",
    ]);
    expect(texts("impl A for B<{ N }, 2> { fn f() {} }")).toEqual([
      "impl A for B<{ N }, 2> {}",
      "impl A for B<{ N }, 2> {} > fn f() {}",
    ]);
  });

  it("sees no braces in strings, characters and comments", () => {
    const source = `fn f() { "}"; '}'; b'{'; r#"}"#; /* } /* } */ } */ x // }\n }`;
    expect(texts(`${source}\nfn g<'a>(x: &'a u8) {}`)).toEqual([source, "fn g<'a>(x: &'a u8) {}"]);
  });

  it("ends an item that is not closed where the next begins", () => {
    expect(texts("fn f() { if x {\n\nfn g() {}\n")).toEqual(["fn f() { if x {\n\n", "fn g() {}"]);
  });

  it("gives after a change what it gives for the whole text", () => {
    const before = "use a;\nimpl A {\n  fn f() { 1 }\n  fn g() {}\n}\nfn h() {}\nmod m { fn i() {} }\n";
    for (let at = 0; at < before.length; at++) {
      for (const inserted of ["1", " ", "{", "}", "fn j() {}", ";", '"', "\n"]) {
        const text = before.slice(0, at) + inserted + before.slice(at);
        expect(resplitItems(before, splitItems(before), text), JSON.stringify(text)).toEqual(
          splitItems(text),
        );
      }
      const text = before.slice(0, at) + before.slice(at + 3);
      expect(resplitItems(before, splitItems(before), text), JSON.stringify(text)).toEqual(splitItems(text));
    }
  });
});
