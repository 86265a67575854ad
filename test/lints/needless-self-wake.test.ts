import { needlessSelfWake as rule } from "#extension/lints/rules/needless-self-wake";
import { describeRule } from "./describe-rule";

describeRule(rule, {
  prelude: "use embassy_futures::yield_now;\n",
  found: {
    "a loop that works and yields": `
async fn f() { loop { work(); yield_now().await; } }
//                            ^^^^^^^^^^^^^^^^^`,
    "a task": `
#[embassy_executor::task]
async fn t() { loop { compute(); yield_now().await; } }
//                               ^^^^^^^^^^^^^^^^^`,
    "by its path": `
async fn f() { loop { embassy_futures::yield_now().await; } }
//                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
    "tokio's": `
async fn f() { loop { tokio::task::yield_now().await; } }
//                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
    "tokio's by its module": `
use tokio::task;
async fn f() { loop { task::yield_now().await; } }
//                    ^^^^^^^^^^^^^^^^^^^^^^^`,
    "while true": `
async fn f() { while true { work(); yield_now().await; } }
//                                  ^^^^^^^^^^^^^^^^^`,
    "a flag": `
async fn f() { while !READY.load(Ordering::Relaxed) { yield_now().await; } }
//                                                    ^^^^^^^^^^^^^^^^^`,
    "in a branch": `
async fn f() { loop { if busy() { yield_now().await; } } }
//                                ^^^^^^^^^^^^^^^^^`,
    "two of them": `
async fn f() { loop { a(); yield_now().await; b(); yield_now().await; } }
//                         ^^^^^^^^^^^^^^^^^       ^^^^^^^^^^^^^^^^^`,
    "a loop around that ends": `
async fn f() { for _ in 0..3 { loop { yield_now().await; } } }
//                                    ^^^^^^^^^^^^^^^^^`,
    "an async block": `
fn f() { spawn(async { loop { work(); yield_now().await; } }); }
//                                    ^^^^^^^^^^^^^^^^^`,
    "another name": `
use embassy_futures::yield_now as pass;
async fn f() { loop { pass().await; } }
//                    ^^^^^^^^^^^^`,
  },
  silent: {
    "a loop that ends": `async fn f() { for x in list { work(x); yield_now().await; } }`,
    "a loop with a break": `async fn f() { loop { if done() { break; } yield_now().await; } }`,
    "a loop that returns": `async fn f() -> u8 { loop { if done() { return 1; } yield_now().await; } }`,
    "another await in the loop": `async fn f() { loop { rx.receive().await; yield_now().await; } }`,
    "a timer": `async fn f() { loop { work(); Timer::after_millis(1).await; } }`,
    "no loop": `async fn f() { yield_now().await; }`,
    "a yield of one's own": `mod m { async fn yield_now() {} async fn f() { loop { yield_now().await; } } }`,
    "a question mark": `async fn f() -> R { loop { step()?; yield_now().await; } }`,
    "select!": `async fn f() { loop { tokio::select! { _ = a() => {} _ = b() => {} } yield_now().await; } }`,
    "a condition that is not an atomic": `async fn f() { while work_left() { yield_now().await; } }`,
    "an await in a macro": `async fn f() { loop { println!("{}", rx.recv().await); yield_now().await; } }`,
    "a test": `#[tokio::test] async fn f() { loop { yield_now().await; } }`,
    "a loop in the loop ends": `async fn f() { loop { for x in l { yield_now().await; } rest().await; } }`,
  },
});
