import { describe, expect, it } from "vitest";
import { unawaitedFuture as rule } from "#extension/lints/rules/unawaited-future";
import { applyFix, checkLint, lint } from "./check-lint";
import { describeRule } from "./describe-rule";

describeRule(rule, {
  prelude:
    "async fn send(x: u32) {}\nstruct S;\nimpl S { async fn go(&self) {} fn later(&self) -> impl Future<Output = ()> { async {} } }\n",
  found: {
    "an async fn": `
async fn f() { send(1); }
//             ^^^^^^^`,
    "let _": `
async fn f() { let _ = send(1); }
//                     ^^^^^^^`,
    "a method": `
async fn f(s: &S) { s.go(); }
//                  ^^^^^^`,
    "a method of self": `
impl S { async fn f(&self) { self.go(); } }
//                           ^^^^^^^^^`,
    "an associated function": `
impl S { async fn open() {} }
async fn f() { S::open(); }
//             ^^^^^^^^^`,
    "a function that returns impl Future": `
async fn f(s: S) { s.later(); }
//                 ^^^^^^^^^`,
    "Embassy's timer": `
use embassy_time::Timer;
async fn f() { Timer::after_millis(5); }
//             ^^^^^^^^^^^^^^^^^^^^^^`,
    "tokio's sleep": `
async fn f() { tokio::time::sleep(D); }
//             ^^^^^^^^^^^^^^^^^^^^^`,
    "a channel of Embassy": `
use embassy_sync::channel::Channel;
static C: Channel<Raw, u32, 4> = Channel::new();
async fn f() { C.send(1); }
//             ^^^^^^^^^`,
    "an async lock": `
async fn f(m: &tokio::sync::Mutex<u32>) { m.lock(); }
//                                        ^^^^^^^^`,
    "a block": `
fn f() { async { send(1).await }; }
//       ^^^^^^^^^^^^^^^^^^^^^^^`,
    "a function that is not async": `
fn f() { send(1); }
//       ^^^^^^^`,
    "a variable that nobody looks at": `
async fn f() { let job = send(1); rest().await; }
//                 ^^^`,
    "in a branch": `
async fn f(b: bool) { if b { send(1); } }
//                           ^^^^^^^`,
  },
  silent: {
    "an await": `async fn f() { send(1).await; }`,
    "a future that is passed on": `async fn f() { spawn(send(1)); }`,
    "a future that is returned": `fn f() -> impl Future<Output = ()> { send(1) }`,
    "a future that is awaited later": `async fn f() { let job = send(1); job.await; }`,
    "a future that is joined": `async fn f() { let a = send(1); let b = send(2); join(a, b).await; }`,
    "pin!": `async fn f() { let job = send(1); tokio::pin!(job); job.await; }`,
    "select!": `async fn f() { let job = send(1); tokio::select! { _ = job => {} _ = x() => {} } }`,
    "a name that says so": `async fn f() { let _job = send(1); }`,
    "a function that is not async is called": `fn go() {} async fn f() { go(); }`,
    "a function that is not known": `async fn f() { go(); x.go(); }`,
    drop: `async fn f() { drop(send(1)); }`,
    "tokio::main makes a function of it that is not async": `
#[tokio::main] async fn run() {}
fn f() { run(); }`,
    "a task of Embassy": `#[embassy_executor::task] async fn t() {} async fn f(s: Spawner) { s.spawn(t().unwrap()); }`,
    "the value of a block": `async fn f() { let job = { send(1) }; job.await; }`,
    "two of one name, of which one is there": `
async fn f() {
    #[cfg(feature = "a")]
    let job = send(1);
    #[cfg(not(feature = "a"))]
    let job = send(2);
    job.await;
}`,
    allowed: `#[allow(unused_must_use)] async fn f() { send(1); }`,
    "a method of several types": `struct T; impl T { fn go(&self) {} } async fn f(t: &T) { t.go(); }`,
  },
});

describe("unawaited-future", () => {
  it("awaits it", () => {
    const source = "async fn g() {}\nasync fn f() { g(); }";
    const mended = applyFix(source, lint(rule, source)[0]);
    expect(mended).toContain("{ g().await; }");
    expect(lint(rule, mended)).toEqual([]);
  });

  it("knows functions of other files", () => {
    const others = { "link.rs": "pub async fn open() {}" };
    const source = `mod link;
async fn f() { link::open(); }
//             ^^^^^^^^^^^^`;
    checkLint(rule, source, { others });
  });
});
