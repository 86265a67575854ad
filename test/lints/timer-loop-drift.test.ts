import { describe, expect, it } from "vitest";
import { timerLoopDrift as rule } from "#extension/lints/rules/timer-loop-drift";
import { applyFix, lint } from "./check-lint";
import { describeRule } from "./describe-rule";

const prelude = `use embassy_time::{Duration, Ticker, Timer};
const PERIOD: u64 = 250;
fn measure() -> u32 { sample() }
fn nothing() {}
struct S;
impl S { fn step(&mut self) { advance(); } }
`;

/** A loop with this before the timer and this timer. */
function loop_(work: string, timer: string): string {
  return `
async fn f(s: &mut S) { loop {
    ${work}
    ${timer}.await;
  //${"^".repeat(timer.length)}
} }`;
}

describeRule(rule, {
  prelude,
  found: {
    "a function of the workspace": loop_("measure();", "Timer::after_millis(100)"),
    "a method of the workspace": loop_("s.step();", "Timer::after_millis(100)"),
    "a loop": loop_("for i in 0..100 { add(i); }", "Timer::after_secs(1)"),
    "a loop with a condition": loop_("while more() { add(1); }", "Timer::after_secs(1)"),
    "a Duration": loop_("measure();", "Timer::after(Duration::from_millis(10))"),
    "a constant": loop_("measure();", "Timer::after_millis(PERIOD)"),
    microseconds: loop_("measure();", "Timer::after_micros(900)"),
    "a whole path": loop_("measure();", "embassy_time::Timer::after_secs(1)"),
    "tokio's sleep": loop_("measure();", "tokio::time::sleep(std::time::Duration::from_secs(1))"),
    "in a branch": loop_("if s.is_on() { measure(); }", "Timer::after_millis(100)"),
    "with more around": loop_("let x = measure() + 1; show(x);", "Timer::after_millis(100)"),
    "while true": `
async fn f() { while true { measure(); Timer::after_millis(5).await; } }
//                                     ^^^^^^^^^^^^^^^^^^^^^^`,
    "an async block": `
fn f() { spawn(async { loop { measure(); Timer::after_millis(5).await; } }); }
//                                       ^^^^^^^^^^^^^^^^^^^^^^`,
  },
  silent: {
    "a blinking lamp": `async fn f() { loop { led.toggle(); Timer::after_millis(500).await; } }`,
    "two timers": `async fn f() { loop { measure(); Timer::after_millis(1).await; nothing(); Timer::after_millis(1).await; } }`,
    "a button that is waited for": `async fn f() { loop { button.wait_for_low().await; measure(); Timer::after_millis(20).await; } }`,
    "a Ticker": `async fn f() { let mut t = Ticker::every(Duration::from_millis(1)); loop { measure(); t.next().await; } }`,
    "a length that is not known": `async fn f(d: Duration) { loop { measure(); Timer::after(d).await; } }`,
    "a loop that ends": `async fn f() { for _ in 0..3 { measure(); Timer::after_millis(5).await; } }`,
    "only now and then": `async fn f() { loop { measure(); if rest() { Timer::after_millis(5).await; } } }`,
    "a pause at the beginning": `async fn f() { loop { Timer::after_millis(5).await; measure(); } }`,
    "a function that does nothing": `async fn f() { loop { nothing(); Timer::after_millis(5).await; } }`,
    "nothing but the timer": `async fn f() { loop { Timer::after_millis(5).await; } }`,
    "an absolute instant": `async fn f() { loop { measure(); next += PERIOD; Timer::at(next).await; } }`,
    "no loop": `async fn f() { measure(); Timer::after_millis(5).await; }`,
    "select!": `async fn f() { loop { measure(); tokio::select! { _ = a() => {} _ = b() => {} } Timer::after_millis(5).await; } }`,
  },
});

describe("timer-loop-drift", () => {
  it("keeps the period with a Ticker", () => {
    const source = `${prelude}async fn f() {
    loop {
        measure();
        Timer::after_millis(100).await;
    }
}
`;
    const mended = applyFix(source, lint(rule, source)[0]);
    expect(mended).toContain("    let mut ticker = Ticker::every(Duration::from_millis(100));\n    loop {");
    expect(mended).toContain("        ticker.next().await;\n");
    expect(lint(rule, mended)).toEqual([]);
  });
});
