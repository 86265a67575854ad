import { describe, expect, it } from "vitest";
import { largeLocalAcrossAwait as rule } from "#extension/lints/rules/large-local-across-await";
import { sizeOf } from "#extension/lints/rules/large-local-across-await";
import { checkLint, lint } from "./check-lint";
import { describeRule } from "./describe-rule";

describeRule(rule, {
  prelude: "#![no_std]\nconst SIZE: usize = 8192;\ntype Page = [u8; 4096];\n",
  found: {
    "a buffer that is used afterwards": `
async fn f() { let mut b = [0u8; 8192]; fill().await; send(&b); }
//                     ^`,
    "a buffer that is read into": `
async fn f() { let mut b = [0u8; 4096]; uart.read(&mut b).await; }
//                     ^`,
    "a length by name": `
async fn f() { let b = [0u8; SIZE]; rest().await; send(&b); }
//                 ^`,
    words: `
async fn f() { let b = [0u32; 1024]; rest().await; send(&b); }
//                 ^`,
    "a type that is written": `
async fn f() { let b: [u16; 2048] = make(); rest().await; send(&b); }
//                 ^`,
    "arrays of arrays": `
async fn f() { let b = [[0u8; 64]; 64]; rest().await; send(&b); }
//                 ^`,
    "an integer whose type is inferred": `
async fn f() { let b = [0; 4096]; rest().await; send(&b); }
//                 ^`,
    "a parameter": `
async fn f(b: [u8; 5000]) { rest().await; send(&b); }
//         ^`,
    "a heapless vector": `
async fn f(v: heapless::Vec<u8, 4096>) { rest().await; send(&v); }
//         ^`,
    "a heapless string": `
use heapless::String;
async fn f(s: String<6000>) { rest().await; send(&s); }
//         ^`,
    "an alias": `
async fn f(p: Page) { rest().await; send(&p); }
//         ^`,
    "a loop": `
async fn f() { let mut b = [0u8; 4096]; loop { uart.read(&mut b).await; use_it(&b); } }
//                     ^`,
    "an async block": `
fn f() { spawn(async { let b = [0u8; 4096]; rest().await; send(&b); }); }
//                         ^`,
  },
  silent: {
    "a small buffer": `async fn f() { let b = [0u8; 256]; rest().await; send(&b); }`,
    "it is used before only": `async fn f() { let b = [0u8; 8192]; send(b); rest().await; }`,
    "its scope ends before": `async fn f() { { let b = [0u8; 8192]; send(&b); } rest().await; }`,
    "no await": `async fn f() { let b = [0u8; 8192]; send(&b); }`,
    "a function that is not async": `fn f() { let b = [0u8; 8192]; send(&b); }`,
    "a reference": `async fn f(b: &mut [u8; 8192]) { rest().await; send(b); }`,
    "a static": `static B: [u8; 8192] = [0; 8192]; async fn f() { rest().await; send(&B); }`,
    "a length that is not known": `async fn f<const N: usize>() { let b = [0u8; N]; rest().await; send(&b); }`,
    "an element that is not known": `async fn f() { let b = [make(); 8192]; rest().await; send(&b); }`,
    "a vector on the heap": `async fn f() { let b = vec![0u8; 8192]; rest().await; send(&b); }`,
    "a box": `async fn f(b: Box<[u8; 8192]>) { rest().await; send(&b); }`,
    "it is moved away before": `async fn f() { let b: heapless::Vec<u8, 8192> = make(); send(b); rest().await; }`,
    "a slice of it": `async fn f(b: &[u8]) { rest().await; send(b); }`,
    allowed: `#[allow(clippy::large_futures)] async fn f() { let b = [0u8; 8192]; rest().await; send(&b); }`,
  },
});

describe("large-local-across-await", () => {
  it("says how many bytes, and whether it may be more", () => {
    const [exact] = lint(rule, "#![no_std]\nasync fn f() { let b = [0u16; 4096]; rest().await; send(&b); }");
    expect(exact!.message).toContain("takes 8192 bytes");
    expect(exact!.facts).toMatchObject({ function: "f", variable: "b", bytes: 8192 });
    const [least] = lint(rule, "#![no_std]\nasync fn f() { let b = [0; 4096]; rest().await; send(&b); }");
    expect(least!.message).toContain("takes at least 4096 bytes");
  });

  it("has another limit on a host, and those of the settings", () => {
    const source = "async fn f() { let b = [0u8; 8192]; rest().await; send(&b); }";
    expect(lint(rule, source)).toEqual([]);
    const settings = { largeLocal: { firmware: 100, host: 8000 } };
    expect(lint(rule, source, { settings })).toHaveLength(1);
    checkLint(rule, source.replace("8192", "90"), { settings });
  });

  it("knows sizes only of what it knows", () => {
    expect(sizeOf({ kind: "array", of: { kind: "unknown" }, length: 4 })).toBeUndefined();
  });
});
