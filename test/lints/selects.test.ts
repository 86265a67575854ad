import { cancelUnsafeSelect } from "#extension/lints/rules/cancel-unsafe-select";
import { selectInLoopRecreatesFuture } from "#extension/lints/rules/select-in-loop-recreates-future";
import { describeRule } from "./describe-rule";

const marks = (text: string) => "^".repeat(text.length);

/** A `select!` in a loop with this arm beside one that goes on. */
function withTick(arm: string): string {
  return `
async fn f() { loop { tokio::select! {
    r = ${arm} => use_it(r),
    //  ${marks(arm)}
    _ = tick.tick() => { count += 1; }
} } }`;
}

describeRule(cancelUnsafeSelect, {
  prelude: "use embassy_futures::select::{select, select3, Either, Either3};\n",
  found: {
    read_exact: withTick("stream.read_exact(&mut buf)"),
    read_to_end: withTick("stream.read_to_end(&mut all)"),
    read_to_string: withTick("stream.read_to_string(&mut text)"),
    read_line: withTick("reader.read_line(&mut line)"),
    write_all: withTick("stream.write_all(&data)"),
    write_all_buf: withTick("stream.write_all_buf(&mut data)"),
    "a field of self": withTick('self.stream.write_all(b"x")'),
    "futures' macro": `
async fn f() { loop { futures::select! {
    r = stream.read_exact(&mut buf) => use_it(r),
    //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    x = other.next() => count(x),
} } }`,
    while: `
async fn f() { while running { tokio::select! {
    _ = s.write_all(&d) => {}
    //  ^^^^^^^^^^^^^^^
    _ = tick() => {}
} } }`,
    "an arm with a condition": `
async fn f() { loop { tokio::select! {
    biased;
    _ = s.write_all(&d), if ready => {}
    //  ^^^^^^^^^^^^^^^
    _ = tick() => {}
} } }`,
    "Embassy's select": `
async fn f() { loop { match select(uart.read_exact(&mut buf), tick.next()).await {
    //                             ^^^^^^^^^^^^^^^^^^^^^^^^^
    Either::First(r) => use_it(r),
    Either::Second(_) => count += 1,
} } }`,
    "Embassy's select of three": `
async fn f() { loop { match select3(a.next(), uart.write_all(&d), b.next()).await {
    //                                        ^^^^^^^^^^^^^^^^^^
    Either3::First(_) => x(),
    Either3::Second(_) => y(),
    Either3::Third(_) => return,
} } }`,
  },
  silent: {
    "read, which is safe": `async fn f() { loop { tokio::select! { r = s.read(&mut b) => u(r), _ = t.tick() => {} } } }`,
    "recv, which is safe": `async fn f() { loop { tokio::select! { r = rx.recv() => u(r), _ = t.tick() => {} } } }`,
    "no loop": `async fn f() { tokio::select! { r = s.read_exact(&mut b) => u(r), _ = t.tick() => {} } }`,
    "the other ends the loop": `async fn f() { loop { tokio::select! { r = s.read_exact(&mut b) => u(r), _ = stop.recv() => break } } }`,
    "the other returns": `async fn f() { loop { tokio::select! { r = s.write_all(&b) => u(r), _ = stop.recv() => { return; } } } }`,
    "a future that lives on": `async fn f() { let w = s.write_all(&b); pin!(w); loop { tokio::select! { _ = &mut w => break, _ = t.tick() => {} } } }`,
    "an await of its own": `async fn f() { loop { s.read_exact(&mut b).await; } }`,
    "in the handler": `async fn f() { loop { tokio::select! { r = rx.recv() => { s.write_all(&r).await; } _ = t.tick() => {} } } }`,
    "Embassy: the other ends the loop": `
async fn f() { loop { match select(u.read_exact(&mut b), stop.wait()).await { Either::First(r) => x(r), Either::Second(_) => break } } }`,
    "Embassy: what is done is not seen": `async fn f() { loop { let r = select(u.read_exact(&mut b), t.next()).await; x(r); } }`,
    "a function with the same name": `async fn f() { loop { tokio::select! { r = read_exact(&mut b) => u(r), _ = t.tick() => {} } } }`,
    join: `async fn f() { loop { tokio::join!(s.read_exact(&mut b), t.tick()); } }`,
    "a question mark ends it": `async fn f() -> R { loop { tokio::select! { r = s.read_exact(&mut b) => u(r), x = t.tick() => { x?; } } } }`,
  },
});

const short = "Timer::after_millis(100)";

function timers(long: string, other = short): string {
  return `
async fn f() { loop { match select(${long}, ${other}).await {
    //                             ${marks(long)}
    Either::First(_) => report(),
    Either::Second(_) => blink(),
} } }`;
}

describeRule(selectInLoopRecreatesFuture, {
  prelude: `use embassy_futures::select::{select, select3, Either, Either3};
use embassy_time::{Duration, Timer};
const LONG: u64 = 5_000;
`,
  found: {
    "seconds and milliseconds": timers("Timer::after_secs(1)"),
    "two of one unit": timers("Timer::after_millis(500)"),
    "a Duration": timers("Timer::after(Duration::from_secs(2))"),
    "a constant": timers("Timer::after_millis(LONG)"),
    "a Duration of a constant": timers("Timer::after(Duration::from_millis(LONG))"),
    microseconds: timers("Timer::after_millis(1)", "Timer::after_micros(900)"),
    "a path": timers("embassy_time::Timer::after_secs(3)"),
    "the longer one second": `
async fn f() { loop { match select(Timer::after_millis(1), Timer::after_millis(2)).await {
    //                                                     ^^^^^^^^^^^^^^^^^^^^^^
    Either::First(_) => a(),
    Either::Second(_) => b(),
} } }`,
    three: `
async fn f() { loop { match select3(rx.receive(), Timer::after_secs(9), Timer::after_secs(1)).await {
    //                                            ^^^^^^^^^^^^^^^^^^^^
    Either3::First(_) => a(),
    Either3::Second(_) => b(),
    Either3::Third(_) => c(),
} } }`,
    "tokio's macro": `
async fn f() { loop { tokio::select! {
    _ = tokio::time::sleep(std::time::Duration::from_secs(60)) => flush(),
    //  ${marks("tokio::time::sleep(std::time::Duration::from_secs(60))")}
    _ = tokio::time::sleep(std::time::Duration::from_secs(1)) => poll(),
} } }`,
    "tokio's sleep by its name": `
use tokio::time::sleep;
async fn f() { loop { tokio::select! {
    _ = sleep(std::time::Duration::from_secs(60)) => flush(),
    //  ${marks("sleep(std::time::Duration::from_secs(60))")}
    _ = sleep(std::time::Duration::from_millis(10)) => poll(),
    x = rx.recv() => handle(x),
} } }`,
    while: `
async fn f() { while on() { match select(Timer::after_secs(3), Timer::after_secs(2)).await {
    //                                   ^^^^^^^^^^^^^^^^^^^^
    Either::First(_) => a(),
    Either::Second(_) => b(),
} } }`,
  },
  silent: {
    "a timeout for a message": `async fn f() { loop { match select(rx.receive(), Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => b() } } }`,
    "no loop": `async fn f() { match select(Timer::after_secs(2), Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => b() } }`,
    "the same length": `async fn f() { loop { match select(Timer::after_secs(1), Timer::after_millis(1000)).await { Either::First(_) => a(), Either::Second(_) => b() } } }`,
    "the shorter one ends the loop": `async fn f() { loop { match select(Timer::after_secs(2), Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => break } } }`,
    "a length that is not known": `async fn f(n: u64) { loop { match select(Timer::after_secs(n), Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => b() } } }`,
    tickers: `async fn f() { loop { match select(slow.next(), fast.next()).await { Either::First(_) => a(), Either::Second(_) => b() } } }`,
    "a timer that lives on": `async fn f() { let mut slow = Timer::after_secs(2); loop { match select(&mut slow, Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => b() } } }`,
    "an instant": `async fn f() { loop { match select(Timer::at(t), Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => b() } } }`,
    "a Timer of one's own": `mod m { struct Timer; async fn f() { loop { match select(Timer::after_secs(2), Timer::after_secs(1)).await { Either::First(_) => a(), Either::Second(_) => b() } } } }`,
    "what is done is not seen": `async fn f() { loop { let x = select(Timer::after_secs(2), Timer::after_secs(1)).await; a(x); } }`,
    join: `async fn f() { loop { join(Timer::after_secs(2), Timer::after_secs(1)).await; } }`,
    "tokio: the shorter one returns": `async fn f() { loop { tokio::select! { _ = tokio::time::sleep(Duration::from_secs(2)) => a(), _ = tokio::time::sleep(Duration::from_secs(1)) => return } } }`,
  },
});
