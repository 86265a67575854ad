import { describe, expect, it } from "vitest";
import { blockingCallInAsync as rule } from "#extension/lints/rules/blocking-call-in-async";
import { Linter } from "#extension/lints/linter";
import { NO_CRATE } from "#extension/lints/semantics/workspace";
import { checkLint, lint } from "./check-lint";
import { describeRule } from "./describe-rule";
import { testParser } from "./rust-parser";

describeRule(rule, {
  found: {
    "thread::sleep by its module": `
use std::{thread, time::Duration};
async fn f() { thread::sleep(Duration::from_secs(1)); }
//             ^^^^^^^^^^^^^`,
    "std::thread::sleep by its path": `
async fn f() { std::thread::sleep(d); }
//             ^^^^^^^^^^^^^^^^^^`,
    "sleep by its name": `
use std::thread::sleep;
async fn f() { sleep(d); }
//             ^^^^^`,
    "reading a file": `
use std::fs;
async fn f() -> String { fs::read_to_string("a").unwrap() }
//                       ^^^^^^^^^^^^^^^^^^`,
    "opening a file": `
use std::fs::File;
async fn f() { let _f = File::open("a"); }
//                      ^^^^^^^^^^`,
    connecting: `
use std::net::TcpStream;
async fn f() { let _s = TcpStream::connect("h:1"); }
//                      ^^^^^^^^^^^^^^^^^^`,
    "a function of the workspace that sleeps": `
fn rest() { std::thread::sleep(D); }
async fn f() { rest(); }
//             ^^^^`,
    "a method of the workspace that sleeps, two calls deep": `
struct S;
impl S {
    fn slow(&self) { std::thread::sleep(D); }
    fn step(&self) { self.slow(); }
    async fn f(&self) { self.step(); }
    //                       ^^^^
}`,
    "an async block": `
fn f() { spawn(async { std::thread::sleep(D) }); }
//                     ^^^^^^^^^^^^^^^^^^`,
    "counting many cycles": `
async fn f() { cortex_m::asm::delay(12_000_000); }
//             ^^^^^^^^^^^^^^^^^^^^`,
    block_for: `
use embassy_time::{block_for, Duration};
async fn f() { block_for(Duration::from_millis(20)); }
//             ^^^^^^^^^`,
    "the Delay that spins": `
use embassy_time::Delay;
async fn f() { let mut d = Delay; d.delay_ms(20u32); }
//                                  ^^^^^^^^`,
    "tokio's lock, taken by blocking": `
async fn f(m: &tokio::sync::Mutex<u32>) { *m.blocking_lock() += 1; }
//                                           ^^^^^^^^^^^^^`,
    "a channel of threads": `
use std::sync::mpsc::Receiver;
async fn f(r: Receiver<u32>) { r.recv().unwrap(); }
//                               ^^^^`,
    "a driver that could await": `
use embassy_rp::uart::{Async, Uart};
async fn f(mut uart: Uart<'static, Async>) { uart.blocking_write(b"x").unwrap(); }
//                                                ^^^^^^^^^^^^^^`,
    "behind the first await of main": `
#[tokio::main]
async fn main() { start().await; std::thread::sleep(D); }
//                               ^^^^^^^^^^^^^^^^^^`,
  },
  silent: {
    "a function that is not async": `fn f() { std::thread::sleep(D); }`,
    "tokio's sleep": `use tokio::time::sleep; async fn f() { sleep(D).await; }`,
    "a thread of its own": `async fn f() { std::thread::spawn(|| std::thread::sleep(D)); }`,
    spawn_blocking: `async fn f() { tokio::task::spawn_blocking(move || std::fs::read("a")).await; }`,
    block_in_place: `async fn f() { tokio::task::block_in_place(|| std::thread::sleep(D)); }`,
    "the beginning of main": `
#[tokio::main]
async fn main() { let config = std::fs::read_to_string("c").unwrap(); run(config).await; }`,
    "a test": `#[tokio::test] async fn f() { std::thread::sleep(D); }`,
    "a few cycles": `async fn f() { cortex_m::asm::delay(100); }`,
    "a length that is not known": `async fn f(n: u32) { cortex_m::asm::delay(n); }`,
    "block_for of some microseconds": `
use embassy_time::{block_for, Duration};
async fn f() { block_for(Duration::from_micros(20)); }`,
    "a function of one's own that is called sleep": `fn sleep(_: u32) {} async fn f() { sleep(1); }`,
    "tokio's files": `use tokio::fs; async fn f() { fs::read("a").await; }`,
    "an async Delay": `use embassy_time::Delay; async fn f() { Delay.delay_ms(5).await; }`,
    "a function of the workspace that does not block": `fn g() -> u32 { 1 } async fn f() { g(); }`,
    "what another function does in a closure": `fn g() { spawn(|| std::thread::sleep(D)); } async fn f() { g(); }`,
    "firmware whose main starts no task": `
#[embassy_executor::main]
async fn main(_spawner: Spawner) { init().await; loop { cortex_m::asm::delay(8_000_000); } }`,
    "a driver that can only block": `
use embassy_rp::uart::{Blocking, Uart};
async fn f(mut uart: Uart<'static, Blocking>) { uart.blocking_write(b"x").unwrap(); }`,
    "functions that call each other": `fn a() { b(); } fn b() { a(); } async fn f() { a(); }`,
  },
});

describe("blocking-call-in-async", () => {
  it("knows functions that the settings list", () => {
    const source = `async fn f() { my_hal::delay_busy(1); }
//             ^^^^^^^^^^^^^^^^^^`;
    checkLint(rule, source, { settings: { blockingFunctions: ["my_hal::delay_busy"] } });
    expect(lint(rule, source)).toEqual([]);
  });

  it("follows calls into other files, and shows where the blocking call stands", () => {
    const others = { "helper.rs": "// first line\npub fn rest() { std::thread::sleep(D); }\n" };
    const [found] = lint(rule, "use crate::helper::rest;\nasync fn f() { rest(); }", { others });
    expect(found!.message).toContain("since it calls `std::thread::sleep`");
    const [place] = found!.related;
    expect(place!.file).toBe("helper.rs");
    expect(others["helper.rs"].slice(place!.start, place!.end)).toBe("std::thread::sleep(D)");
  });

  it("looks again at who calls a function when its body is edited, in whichever file", async () => {
    const linter = new Linter(await testParser(), [rule]);
    const crate = { ...NO_CRATE, root: "/crate" };
    const caller = "use crate::helper::rest;\nasync fn f() { rest(); }";
    const blocking = (body: string) => `pub fn rest() { ${body} }\nfn other() { a(); }\n`;
    linter.put("main.rs", caller, crate);
    linter.put("helper.rs", blocking("std::thread::sleep(D);"), crate);
    expect(linter.findings("main.rs")).toHaveLength(1);
    expect(linter.put("helper.rs", blocking("let x = 1; std::thread::sleep(D);"), crate)).toBe(true);
    const [place] = linter.findings("main.rs")[0]!.related;
    expect(blocking("let x = 1; std::thread::sleep(D);").slice(place!.start, place!.end)).toBe(
      "std::thread::sleep(D)",
    );
    expect(linter.put("helper.rs", blocking("").replace("a()", "b()"), crate)).toBe(true);
    expect(linter.findings("main.rs")).toEqual([]);
    // Nobody has asked what `other` calls.
    expect(linter.put("helper.rs", blocking("").replace("a()", "c()"), crate)).toBe(false);
  });
});
