import { describe, expect, it } from "vitest";
import { guardAcrossAwait } from "#extension/lints/rules/guard-across-await";
import { applyFix, checkLint, lint } from "./check-lint";

const found: Readonly<Record<string, string>> = {
  "a guard that is dropped at the end of the block": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let mut guard = m.lock().unwrap();
    //      ^^^^^
    *guard += 1;
    sleep().await;
}`,
  "a lock in a static, behind LazyLock": `
use std::sync::{LazyLock, Mutex};
static COUNT: LazyLock<Mutex<u32>> = LazyLock::new(|| Mutex::new(0));
async fn f() {
    let guard = COUNT.lock().expect("poisoned");
    //  ^^^^^
    sleep().await;
    drop(guard);
}`,
  "a field of self behind Arc, read lock": `
struct Shared { state: std::sync::Arc<std::sync::RwLock<Vec<u8>>> }
impl Shared {
    async fn f(&self) -> usize {
        let state = self.state.read().unwrap();
        //  ^^^^^
        sleep().await;
        state.len()
    }
}`,
  "parking_lot, whose lock gives the guard itself": `
use parking_lot::{Mutex as Lock};
async fn f(m: std::sync::Arc<Lock<u32>>) {
    let g = m.lock();
    //  ^
    sleep().await;
    println!("{g}");
}`,
  spin: `
async fn f(m: &spin::Mutex<u32>) { let g = m.lock(); sleep().await; drop(g); }
    //                                 ^`,
  "a RefCell's borrow": `
use core::cell::RefCell;
async fn f(c: &RefCell<Vec<u8>>) {
    let v = c.borrow_mut();
    //  ^
    sleep().await;
    drop(v);
}`,
  "a guard in an Option": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let g = m.lock().ok();
    //  ^
    sleep().await;
    drop(g);
}`,
  "a Result that is not unwrapped": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let g = m.lock();
    //  ^
    sleep().await;
    drop(g);
}`,
  "a guard in a tuple": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let pair = (1, m.lock().unwrap());
    //  ^^^^
    sleep().await;
    drop(pair);
}`,
  "a guard in a struct of the workspace": `
use std::sync::{Mutex, MutexGuard};
struct Session<'a> { id: u32, data: MutexGuard<'a, u32> }
async fn f(m: &Mutex<u32>) {
    let session = Session { id: 1, data: m.lock().unwrap() };
    //  ^^^^^^^
    sleep().await;
    println!("{}", session.id);
}`,
  "a guard that a function returns": `
use std::sync::{Mutex, MutexGuard};
fn locked(m: &Mutex<u32>) -> MutexGuard<'_, u32> { m.lock().unwrap() }
async fn f(m: &Mutex<u32>) {
    let g = locked(m);
    //  ^
    sleep().await;
    drop(g);
}`,
  "a guard that a method returns": `
use std::sync::{Mutex, MutexGuard};
struct Cache(Mutex<u32>);
impl Cache {
    fn inner(&self) -> MutexGuard<'_, u32> { self.0.lock().unwrap() }
    async fn f(&self) {
        let g = self.inner();
        //  ^
        sleep().await;
        drop(g);
    }
}`,
  "a match scrutinee": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    match m.lock().unwrap().pop() {
    //    ^^^^^^^^^^^^^^^^^
        Some(x) => send(x).await,
        None => {}
    }
}`,
  "if let": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    if let Some(x) = m.lock().unwrap().pop() {
    //               ^^^^^^^^^^^^^^^^^
        send(x).await;
    }
}`,
  "while let, the body of which awaits": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    while let Some(x) = m.lock().unwrap().pop() {
    //                  ^^^^^^^^^^^^^^^^^
        send(x).await;
    }
}`,
  "a for loop over what a guard lends": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    for x in m.lock().unwrap().iter() {
    //       ^^^^^^^^^^^^^^^^^
        send(*x).await;
    }
}`,
  "an argument of what is awaited": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    send(m.lock().unwrap().len()).await;
    //   ^^^^^^^^^^^^^^^^^
}`,
  "else of if let, in Rust 2021": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    if let Some(x) = m.lock().unwrap().pop() { use_it(x); } else { sleep().await; }
    //               ^^^^^^^^^^^^^^^^^
}`,
  "one branch drops, the other awaits": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>, b: bool) {
    let g = m.lock().unwrap();
    //  ^
    if b { drop(g); } else { sleep().await; }
}`,
  "the next turn of a loop": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let mut g = m.lock().unwrap();
    //      ^
    loop {
        *g += 1;
        sleep().await;
    }
}`,
  "a guard that is taken again after drop": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let mut g = m.lock().unwrap();
    //      ^
    drop(g);
    g = m.lock().unwrap();
    sleep().await;
    *g = 1;
}`,
  "select!": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let g = m.lock().unwrap();
    //  ^
    tokio::select! {
        _ = a() => {}
        _ = b() => {}
    }
    drop(g);
}`,
  "await in a macro": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let g = m.lock().unwrap();
    //  ^
    println!("{}", sleep().await);
    drop(g);
}`,
  "a handler of select!": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    tokio::select! {
        x = a() => {
            let g = m.lock().unwrap();
            //  ^
            send(x).await;
            drop(g);
        }
        _ = b() => {}
    }
}`,
  "an async block": `
use std::sync::{Arc, Mutex};
fn f(m: Arc<Mutex<u32>>) {
    spawn(async move {
        let g = m.lock().unwrap();
        //  ^
        sleep().await;
        drop(g);
    });
}`,
  "a temporary that let extends": `
use std::cell::RefCell;
async fn f(c: &RefCell<Vec<u8>>) {
    let v = &*c.borrow();
    //        ^^^^^^^^^^
    sleep().await;
    println!("{}", v.len());
}`,
  "a critical section that is held by hand": `
async fn f() {
    let state = unsafe { critical_section::acquire() };
    //  ^^^^^
    sleep().await;
    unsafe { critical_section::release(state) };
}`,
  "critical_section::Mutex": `
use critical_section::{CriticalSection, Mutex};
use core::cell::RefCell;
static SHARED: Mutex<RefCell<u32>> = Mutex::new(RefCell::new(0));
async fn f(cs: CriticalSection<'_>) {
    let shared = SHARED.borrow(cs).borrow_mut();
    //  ^^^^^^
    sleep().await;
    drop(shared);
}`,
  "an alias of the type": `
use std::sync::{Arc, Mutex};
type Db = Arc<Mutex<u32>>;
async fn f(db: Db) { let g = db.lock().unwrap(); sleep().await; drop(g); }
//                       ^`,
};

const silent: Readonly<Record<string, string>> = {
  "drop before the await, for which clippy raises a false alarm": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let mut g = m.lock().unwrap();
    *g += 1;
    drop(g);
    sleep().await;
}`,
  "std::mem::drop": `
use std::{mem, sync::Mutex};
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); mem::drop(g); sleep().await; }`,
  "a block around it": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    { let mut g = m.lock().unwrap(); *g += 1; }
    sleep().await;
}`,
  "a value that is copied out": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let n = *m.lock().unwrap();
    let k = m.lock().unwrap().clone();
    send(n + k).await;
}`,
  "a statement's temporary": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    m.lock().unwrap().push(1);
    sleep().await;
}`,
  "let _ drops at once": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) { let _ = m.lock().unwrap(); sleep().await; }`,
  "the guard is moved into a function": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); finish(g); sleep().await; }`,
  "an async mutex": `
use tokio::sync::Mutex;
async fn f(m: &Mutex<u32>) { let mut g = m.lock().await; sleep().await; *g += 1; }`,
  "an Embassy mutex": `
use embassy_sync::{blocking_mutex::raw::NoopRawMutex, mutex::Mutex};
async fn f(m: &Mutex<NoopRawMutex, u32>) { let mut g = m.lock().await; sleep().await; *g += 1; }`,
  "a type of one's own that is called Mutex": `
struct Mutex<T>(T);
impl<T> Mutex<T> { fn lock(&self) -> Option<&T> { Some(&self.0) } }
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); sleep().await; println!("{g}"); }`,
  "a lock of unknown type": `
async fn f(m: &Thing) { let g = m.lock().unwrap(); sleep().await; drop(g); }`,
  "a condition's temporary": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    if m.lock().unwrap().is_empty() { sleep().await; }
    while m.lock().unwrap().len() > 1 { sleep().await; }
}`,
  "else of if let, in Rust 2024": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    if let Some(x) = m.lock().unwrap().pop() { use_it(x); } else { sleep().await; }
}`,
  "try_lock that did not get it": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    loop {
        match m.try_lock() {
            Ok(mut g) => { *g += 1; return; }
            Err(_) => sleep().await,
        }
    }
}`,
  "let else that did not get it": `
use parking_lot::Mutex;
async fn f(m: &Mutex<u32>) {
    let Some(mut g) = m.try_lock() else { sleep().await; return; };
    *g += 1;
}`,
  "an Option that is empty in this branch": `
use parking_lot::Mutex;
async fn f(m: &Mutex<u32>) {
    let g = m.try_lock();
    if g.is_none() { sleep().await; return; }
    drop(g);
}`,
  "take() empties the Option": `
use parking_lot::Mutex;
async fn f(m: &Mutex<u32>) {
    let mut g = Some(m.lock());
    drop(g.take());
    sleep().await;
}`,
  "a function that is not async": `
use std::sync::Mutex;
fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); block_on(sleep()); drop(g); }`,
  "the closure of a critical section": `
async fn f(m: &Shared) {
    critical_section::with(|cs| { let mut g = m.0.borrow(cs).borrow_mut(); *g += 1; });
    sleep().await;
}`,
  "a block that returns a value": `
use std::sync::Mutex;
async fn f(m: &Mutex<Vec<u32>>) {
    let n = { let g = m.lock().unwrap(); g.len() };
    send(n).await;
}`,
  "an await in another async block": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    let g = m.lock().unwrap();
    spawn(async { sleep().await });
    drop(g);
}`,
  "the function returns before the await": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>, b: bool) {
    if b { let g = m.lock().unwrap(); return use_it(g); }
    sleep().await;
}`,
  "each turn of the loop drops it": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    loop {
        let mut g = m.lock().unwrap();
        *g += 1;
        if *g > 3 { break; }
        drop(g);
        sleep().await;
    }
    sleep().await;
}`,
  "allowed by clippy's attribute": `
use std::sync::Mutex;
#[allow(clippy::await_holding_lock)]
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); sleep().await; drop(g); }`,
  "allowed by a comment": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) {
    // pollscope: allow(guard-across-await)
    let g = m.lock().unwrap();
    sleep().await;
    drop(g);
}`,
  "a future that is ready at once": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); std::future::ready(()).await; drop(g); }`,
  "half-typed code": `
use std::sync::Mutex;
async fn f(m: &Mutex<u32>) { let g = m.lock().unwrap(); drop(g sleep().await; }`,
};

describe("guard-across-await", () => {
  for (const [name, source] of Object.entries(found)) {
    it(`finds ${name}`, () => void checkLint(guardAcrossAwait, source, { crate: { edition: 2021 } }));
  }
  for (const [name, source] of Object.entries(silent)) {
    it(`is silent: ${name}`, () => void checkLint(guardAcrossAwait, source, { crate: { edition: 2024 } }));
  }

  it("drops the guard before the await where nothing needs it any more", () => {
    const source = found["a guard that is dropped at the end of the block"]!;
    const mended = applyFix(source, lint(guardAcrossAwait, source)[0]);
    expect(mended).toContain("    drop(guard);\n    sleep().await;");
    expect(lint(guardAcrossAwait, mended)).toEqual([]);
  });

  it("takes a value out before a match", () => {
    const source = found["a match scrutinee"]!;
    const mended = applyFix(source, lint(guardAcrossAwait, source)[0]);
    expect(mended).toContain("    let value = m.lock().unwrap().pop();\n    match value {");
    expect(lint(guardAcrossAwait, mended)).toEqual([]);
  });

  it("offers no drop where the guard is needed later", () => {
    const source = found["parking_lot, whose lock gives the guard itself"]!;
    expect(lint(guardAcrossAwait, source)[0]!.fixes).toEqual([]);
  });
});
