import { loopWithoutAwait as rule } from "#extension/lints/rules/loop-without-await";
import { describeRule } from "./describe-rule";

describeRule(rule, {
  found: {
    "a loop that only works": `
async fn f() { loop { work(); } }
//             ^^^^`,
    "a task": `
#[embassy_executor::task]
async fn f(mut led: Output<'static>) { loop { led.toggle(); } }
//                                     ^^^^`,
    "while true": `
async fn f() { while true { work(); } }
//             ^^^^^`,
    "a loop that logs": `
async fn f() { loop { info!("tick {}", n()); } }
//             ^^^^`,
    "a loop with branches": `
async fn f() { loop { if ready() { work(); } else { rest(); } } }
//             ^^^^`,
    "a loop with a loop that ends": `
async fn f() { loop { for i in 0..3 { if i == 2 { break; } } } }
//             ^^^^`,
    "behind an await": `
async fn f() { start().await; loop { work(); } }
//                            ^^^^`,
    "an async block": `
fn f() { spawn(async { loop { work(); } }); }
//                     ^^^^`,
    "an await that is in another block": `
async fn f() { loop { spawn(async { rest().await }); } }
//             ^^^^`,
    "a flag that is waited for": `
async fn f() { while !READY.load(Ordering::Acquire) {} }
//             ^^^^^`,
    "a flag that is waited for with a hint": `
async fn f() { while !READY.load(Ordering::Acquire) { core::hint::spin_loop(); } }
//             ^^^^^`,
    "a counter that is waited for": `
async fn f() { while COUNT.load(Ordering::Relaxed) < 10 { cortex_m::asm::nop(); } }
//             ^^^^^`,
    "an entry that has started tasks": `
#[embassy_executor::main]
async fn main(spawner: Spawner) { spawner.spawn(a().unwrap()); loop { poll_pins(); } }
//                                                             ^^^^`,
    "a return in a closure": `
async fn f() { loop { run(|| { return 1; }); } }
//             ^^^^`,
  },
  silent: {
    "a loop that awaits": `async fn f() { loop { rest().await; } }`,
    "an await in a branch": `async fn f() { loop { if a() { rest().await; } } }`,
    "a loop that breaks": `async fn f() { loop { if a() { break; } } }`,
    "a loop that returns": `async fn f() { loop { if a() { return; } } }`,
    "a question mark": `async fn f() -> Result<(), E> { loop { step()?; } }`,
    "a labelled break from within": `async fn f() { 'a: loop { loop { break 'a; } } }`,
    "select!": `async fn f() { loop { tokio::select! { _ = a() => {} _ = b() => {} } } }`,
    "an await in a macro": `async fn f() { loop { println!("{}", a().await); } }`,
    "a macro that is not known": `async fn f() { loop { step!(); } }`,
    "panic!": `async fn f() { loop { panic!("no"); } }`,
    "the end of the program": `async fn f() { work().await; loop {} }`,
    "the end of the program, asleep": `async fn f() { work().await; loop { cortex_m::asm::wfi(); } }`,
    "a function that is not async": `fn f() { loop { work(); } }`,
    "a function that never returns": `fn stop() -> ! { reset() } async fn f() { loop { stop(); } }`,
    "a reset": `async fn f() { loop { cortex_m::peripheral::SCB::sys_reset(); } }`,
    "a loop that counts": `async fn f() { for i in 0..10 { work(i); } while n < 3 { n += 1; } }`,
    "an entry that starts no task": `
#[embassy_executor::main]
async fn main(_s: Spawner) { loop { work(); } }`,
    "an iterator that is gone through": `async fn f() { while let Some(x) = queue.pop() { work(x); } }`,
  },
});
