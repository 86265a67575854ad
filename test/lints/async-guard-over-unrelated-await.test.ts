import { describe, expect, it } from "vitest";
import { asyncGuardOverUnrelatedAwait as rule } from "#extension/lints/rules/async-guard-over-unrelated-await";
import { applyFix, lint } from "./check-lint";
import { describeRule } from "./describe-rule";

const prelude = `
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::mutex::Mutex;
use embassy_time::Timer;
static D: Mutex<Raw, Display> = Mutex::new(Display);
static N: Mutex<Raw, u32> = Mutex::new(0);
`;

describeRule(rule, {
  prelude,
  found: {
    "a pause at the end of a loop": `
async fn f() { loop {
    let mut display = D.lock().await;
    //      ^^^^^^^
    display.show(1);
    Timer::after_secs(1).await;
} }`,
    "tokio's mutex": `
async fn f(m: &tokio::sync::Mutex<u32>) {
    let mut g = m.lock().await;
    //      ^
    *g += 1;
    rest().await;
}`,
    "tokio's lock for readers": `
async fn f(m: &tokio::sync::RwLock<Vec<u8>>) {
    let g = m.read().await;
    //  ^
    println!("{}", g.len());
    rest().await;
}`,
    "futures' mutex": `
async fn f(m: &futures::lock::Mutex<u32>) {
    let mut g = m.lock().await;
    //      ^
    *g = 2;
    rest().await;
}`,
    "a number that was copied out": `
async fn f() {
    let g = N.lock().await;
    //  ^
    let n: u32 = *g;
    send(n).await;
}`,
    "drop behind the await": `
async fn f() {
    let mut g = N.lock().await;
    //      ^
    *g += 1;
    rest().await;
    drop(g);
}`,
    "two awaits": `
async fn f() {
    let mut g = N.lock().await;
    //      ^
    *g += 1;
    a().await;
    b().await;
}`,
    "a lock behind Arc, in self": `
struct S { n: std::sync::Arc<tokio::sync::Mutex<u32>> }
impl S { async fn f(&self) {
    let mut n = self.n.lock().await;
    //      ^
    *n += 1;
    rest().await;
} }`,
    try_lock: `
async fn f() {
    let mut g = N.try_lock().unwrap();
    //      ^
    *g += 1;
    rest().await;
}`,
    "an await in a branch": `
async fn f(b: bool) {
    let mut g = N.lock().await;
    //      ^
    *g += 1;
    if b { rest().await; }
}`,
    "an async block": `
fn f() { spawn(async {
    let mut g = N.lock().await;
    //      ^
    *g += 1;
    rest().await;
}); }`,
    "a loop that waits, behind the last use": `
async fn f() {
    let mut g = N.lock().await;
    //      ^
    *g += 1;
    for _ in 0..3 { rest().await; }
}`,
  },
  silent: {
    "the await uses what is locked": `async fn f() { let mut d = D.lock().await; d.write(1).await; }`,
    "it is used afterwards": `async fn f() { let mut n = N.lock().await; *n += 1; rest().await; *n += 1; }`,
    "it is dropped before": `async fn f() { let mut n = N.lock().await; *n += 1; drop(n); rest().await; }`,
    "a scope ends before": `async fn f() { { let mut n = N.lock().await; *n += 1; } rest().await; }`,
    "it keeps others out, which is all it does": `async fn f() { let guard = N.lock().await; rest().await; }`,
    "its name says that it is only held": `async fn f() { let _n = N.lock().await; println!("{}", _n); rest().await; }`,
    "a mutex around nothing": `
static L: Mutex<Raw, ()> = Mutex::new(());
async fn f() { let l = L.lock().await; use_it(&l); rest().await; }`,
    "what borrows from it is used": `async fn f() { let mut d = D.lock().await; let pin = &mut d.pin; rest().await; pin.set_low(); }`,
    "what may borrow from it is awaited": `async fn f() { let mut d = D.lock().await; let job = d.draw(); job.await; }`,
    "the next turn of the loop uses it": `async fn f() { let mut n = N.lock().await; loop { *n += 1; rest().await; } }`,
    "it is moved": `async fn f() { let n = N.lock().await; println!("{}", *n); keep(n); rest().await; }`,
    "a temporary": `async fn f() { *N.lock().await += 1; rest().await; }`,
    "a blocking guard is another rule's": `
async fn f(m: &std::sync::Mutex<u32>) { let mut g = m.lock().unwrap(); *g += 1; rest().await; }`,
    "a lock that is not known": `async fn f(m: &Thing) { let mut g = m.lock().await; g.set(1); rest().await; }`,
  },
});

describe("async-guard-over-unrelated-await", () => {
  it("drops the guard before", () => {
    const source = `${prelude}
async fn f() {
    let mut g = N.lock().await;
    *g += 1;
    rest().await;
}`;
    const mended = applyFix(source, lint(rule, source)[0]);
    expect(mended).toContain("*g += 1;\n    drop(g);\n    rest().await;");
    expect(lint(rule, mended)).toEqual([]);
  });
});
