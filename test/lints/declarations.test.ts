import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declarationsOf } from "#extension/lints/semantics/declarations";
import { rustFilesIn } from "#extension/lints/rust-files";
import { splitItems } from "#extension/lints/syntax/items";
import { testParser } from "./rust-parser";
import { type DeclaredInTree, declarationsInTree } from "./tree-declarations";

const parse = await testParser();
const root = join(import.meta.dirname, "../..");

/** By tokens, as the linter reads it. */
function byTokens(item: string): DeclaredInTree[] {
  return declarationsOf(item, () => []).map((each) => {
    if (each.kind !== "function") return each;
    const { calls, ...rest } = each;
    expect(calls()).toEqual([]);
    return rest;
  });
}

function byTree(item: string): DeclaredInTree[] {
  const tree = parse({ text: item });
  expect(tree?.isWhole, item).toBe(true);
  return declarationsInTree(tree!.root);
}

/** What real sources rarely have. */
const RARE = [
  "pub(in crate::a) const unsafe extern \"C\" fn f<'a, T: Fn(u8) -> u8, const N: usize>(mut self: Pin<&mut Self>, (a, b): (u8, T), [c, ..]: [u8; 1 << 4],) -> impl Iterator<Item = Vec<T>> + 'a where T: Copy { a > b; }",
  "fn f(self: std::pin::Pin<&mut Self>, _: u8);",
  "fn f(&'a mut self, x: &dyn Fn(&str) -> Result<(), E>) -> [u8; { N + 1 }] {}",
  "fn r#type(r#in: r#struct::X) -> r#fn {}",
  '#[doc = ")"] /* fn g() */ async fn f() -> ! { loop {} }',
  "async unsafe fn f(x: u8 /* a, b */, // c, d\n y: u8 // e\n) {}",
  "struct S<'a, T = Vec<u8>>(pub(crate) &'a T, #[cfg(a)] [u8; 2 << 3], fn(u8) -> T) where T: Fn(u8);",
  'pub struct S<T> where T: Into<Vec<u8>>, { /// a: b\n pub a: Map<u8, Vec<T>>, #[x(y = ",")] r#b: (u8, u16), c: u8 // d: e\n }',
  "struct Unit;",
  "union U { a: u8, b: [u8; 4] }",
  "enum E<T> { A = 1 << 3, B(Vec<T>, u8) = 2, #[default] C { x: u8, y: Option<T> }, D }",
  "type A<T> = HashMap<T, Vec<T>>;",
  "static mut X: [Option<u8>; 3] = [None; 1 + (2 > 1) as usize];",
  "const F: fn(u8) -> u8 = |x| { x; 1 };",
  'const S: &str = "a; b";',
  "use ::a::{self, b as c, d::{e, f::*}, g::{self as h, self}, r#i};",
  "pub use self::a::*;",
  "use a;",
  "unsafe impl<T> Send for S<T> {}",
  "pub(crate) mod m {}",
  "unsafe trait T: Fn(u8) {}",
  "extern crate alloc as a;",
  "macro_rules! fn_ { (fn $a:ident) => { fn $a() {} } }",
  "lazy_static! { static ref A: Mutex<u8> = Mutex::new(0); pub static ref B: u8 = 1; }",
  "thread_local! { static A: u8 = 1; }",
];

describe("what items declare, by their tokens", () => {
  it("is what tree-sitter's tree says, in every source of this project", () => {
    let count = 0;
    for (const file of ["samples", "test/firmware"].flatMap((folder) => [
      ...rustFilesIn(join(root, folder)),
    ])) {
      for (const { text } of splitItems(readFileSync(file, "utf8")).items) {
        expect(byTokens(text), `${file}: ${text}`).toEqual(byTree(text));
        count++;
      }
    }
    expect(count).toBeGreaterThan(1000);
  });

  it.each(RARE)("is what tree-sitter's tree says: %s", (item) => {
    expect(byTokens(item)).toEqual(byTree(item));
    const windows = item.replaceAll("\n", "\r\n");
    expect(byTokens(windows)).toEqual(byTree(windows));
  });

  it("comes to an end whatever is written", () => {
    const pieces =
      'fn struct enum use const static type < > ( ) [ ] { } :: -> => = , ; : # ! \' " r# r" // /* where a \n'.split(
        " ",
      );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
        fc.boolean(),
        (words, areApart) => {
          const text = words.join(areApart ? " " : "");
          for (const each of declarationsOf(text, () => [])) expect(each.kind).not.toBe("");
        },
      ),
      { numRuns: 2000 },
    );
  });
});
