import { describe, expect, it } from "vitest";
import { blockOnInsideAsync as rule } from "#extension/lints/rules/block-on-inside-async";
import { applyFix, lint } from "./check-lint";
import { describeRule } from "./describe-rule";

describeRule(rule, {
  found: {
    "futures' by its path": `
async fn f() { futures::executor::block_on(g()); }
//             ^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
    "futures' by its name": `
use futures::executor::block_on;
async fn f() { let x = block_on(g()); }
//                     ^^^^^^^^`,
    "futures' by its module": `
use futures::executor;
async fn f() { executor::block_on(g()); }
//             ^^^^^^^^^^^^^^^^^^`,
    "Embassy's": `
async fn f() { embassy_futures::block_on(g()); }
//             ^^^^^^^^^^^^^^^^^^^^^^^^^`,
    "pollster's": `
use pollster::block_on;
async fn f() { block_on(g()); }
//             ^^^^^^^^`,
    "futures_lite's": `
async fn f() { futures_lite::future::block_on(g()); }
//             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
    "smol's": `
async fn f() { smol::block_on(g()); }
//             ^^^^^^^^^^^^^^`,
    "async-std's": `
use async_std::task;
async fn f() { task::block_on(g()); }
//             ^^^^^^^^^^^^^^`,
    "tokio's runtime": `
use tokio::runtime::Runtime;
async fn f(r: &Runtime) { r.block_on(g()); }
//                          ^^^^^^^^`,
    "tokio's handle": `
async fn f(h: tokio::runtime::Handle) { h.block_on(async { 1 }); }
//                                        ^^^^^^^^`,
    "an async block": `
fn f() { spawn(async { smol::block_on(g()) }); }
//                     ^^^^^^^^^^^^^^`,
    "a method": `
struct S;
impl S { async fn f(&self) { pollster::block_on(g()); } }
//                           ^^^^^^^^^^^^^^^^^^`,
    "an alias": `
use futures::executor::block_on as wait;
async fn f() { wait(g()); }
//             ^^^^`,
  },
  silent: {
    "a function that is not async": `fn f() { futures::executor::block_on(g()); }`,
    main: `fn main() { smol::block_on(async { g().await }); }`,
    "a thread of its own": `async fn f() { std::thread::spawn(|| futures::executor::block_on(g())); }`,
    spawn_blocking: `async fn f() { tokio::task::spawn_blocking(|| pollster::block_on(g())).await; }`,
    block_in_place: `
async fn f(h: tokio::runtime::Handle) { tokio::task::block_in_place(move || h.block_on(g())); }`,
    "a function of one's own": `fn block_on(_: u32) {} async fn f() { block_on(1); }`,
    "a method of an unknown type": `async fn f(x: &Thing) { x.block_on(g()); }`,
    "an import that is not used": `use futures::executor::block_on; async fn f() { g().await; }`,
    "a closure that is not async": `async fn f() { let run = || smol::block_on(g()); }`,
    "a function in the function": `async fn f() { fn g() { smol::block_on(h()); } }`,
    "a test": `#[tokio::test] async fn f() { futures::executor::block_on(g()); }`,
    "an await": `async fn f() { g().await; }`,
    "a comment": `async fn f() { /* futures::executor::block_on(g()) */ g().await; }`,
  },
});

describe("block-on-inside-async", () => {
  it("awaits instead", () => {
    const source = "async fn f() { let x = smol::block_on(g(1)); }";
    const mended = applyFix(source, lint(rule, source)[0]);
    expect(mended).toBe("async fn f() { let x = g(1).await; }");
    expect(lint(rule, mended)).toEqual([]);
  });
});
