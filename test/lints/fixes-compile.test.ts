import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { RULES } from "#extension/lints/rules";
import { isCi } from "#test/helpers/tool";
import { applyFix, lint } from "./check-lint";
import { type Environment, missingForCompiling, rustCompiler } from "./rust-compiler";

interface FixedSource {
  readonly code: string;
  readonly environment: Environment;
  readonly source: string;
  /** What rustc says against it before the fix; undefined where it has nothing against it. */
  readonly refusal?: RegExp;
}

/** For each fix that a rule offers a whole source, in which nothing else is wrong. */
const SOURCES: Readonly<Record<string, FixedSource>> = {
  "a guard of std is dropped before the await": {
    code: "guard-across-await",
    environment: "std",
    source: `use std::sync::Mutex;
async fn rest() {}
pub async fn count(total: &Mutex<u32>) -> u32 {
    let mut guard = total.lock().unwrap();
    *guard += 1;
    let now = *guard;
    rest().await;
    now
}
`,
  },
  "a borrow of a RefCell is dropped before the await": {
    code: "guard-across-await",
    environment: "embassy",
    source: `#![no_std]
use core::cell::RefCell;
use embassy_time::Timer;
pub async fn push(list: &RefCell<[u8; 4]>) {
    let mut borrowed = list.borrow_mut();
    borrowed[0] = 1;
    Timer::after_millis(1).await;
}
`,
  },
  "what is looked at is taken out before": {
    code: "guard-across-await",
    environment: "std",
    source: `use std::{collections::VecDeque, sync::Mutex};
async fn send(_: u8) {}
pub async fn next(queue: &Mutex<VecDeque<u8>>) {
    match queue.lock().unwrap().pop_front() {
        Some(byte) => send(byte).await,
        None => {}
    }
}
pub async fn first(queue: &Mutex<VecDeque<u8>>) {
    if let Some(value) = queue.lock().unwrap().pop_front() {
        send(value).await;
    }
}
`,
  },
  "an async guard is dropped before an await that does not need it": {
    code: "async-guard-over-unrelated-await",
    environment: "embassy",
    source: `#![no_std]
use embassy_sync::{blocking_mutex::raw::NoopRawMutex, mutex::Mutex};
use embassy_time::Timer;
pub async fn count(total: &Mutex<NoopRawMutex, u32>) {
    let mut guard = total.lock().await;
    *guard += 1;
    Timer::after_millis(10).await;
}
`,
  },
  "block_on becomes an await": {
    code: "block-on-inside-async",
    environment: "embassy",
    source: `#![no_std]
use embassy_futures::block_on;
use embassy_time::Timer;
async fn measure() -> u32 { 1 }
pub async fn run() -> u32 {
    block_on(Timer::after_millis(1));
    block_on(async { 1 }) + block_on(measure())
}
`,
  },
  "a timer in a loop becomes a Ticker": {
    code: "timer-loop-drift",
    environment: "embassy",
    source: `#![no_std]
use embassy_time::{Duration, Timer};
fn sample(n: u32) -> u32 { n }
pub async fn poll(mut sum: u32) {
    loop {
        for i in 0..8 {
            sum += sample(i);
        }
        Timer::after(Duration::from_millis(50)).await;
    }
}
pub async fn other(mut sum: u32) {
    loop {
        for i in 0..8 {
            sum += sample(i);
        }
        Timer::after_millis(50).await;
    }
}
`,
  },
  "a forgotten future is awaited": {
    code: "unawaited-future",
    environment: "std",
    source: `async fn save(_: u8) {}
pub async fn run() {
    save(1);
    let later = save(2);
    save(3).await;
}
`,
  },
  "tasks are spawned as since embassy-executor 0.10": {
    code: "spawn-api",
    environment: "embassy",
    refusal: /no method named `must_spawn`[^]*no method named `unwrap`[^]*no method named `expect`/,
    source: `#![no_std]
use embassy_executor::Spawner;
#[embassy_executor::task]
async fn blink() {}
#[embassy_executor::task(pool_size = 2)]
async fn work(n: u8) {
    let _ = n;
}
pub fn start(spawner: Spawner) {
    spawner.must_spawn(blink());
    spawner.spawn(work(1)).unwrap();
    spawner.spawn(work(2)).expect("room");
}
pub fn start_it(spawner: Spawner) -> Result<(), embassy_executor::SpawnError> {
    spawner.spawn(work(3))?;
    Ok(())
}
`,
  },
};

const title = "quick fixes, compiled";
const missing = missingForCompiling();
const options = { crate: { edition: 2024, dependencies: new Map([["embassy-executor", "0.10.0"]]) } };

if (missing === undefined) {
  describe(title, () => {
    const compile = rustCompiler();

    it.each(Object.entries(SOURCES))("%s", (_, { code, environment, source, refusal }) => {
      const rule = RULES.find((each) => each.code === code)!;
      expect(compile(source, environment)).toMatch(refusal ?? /^$/);
      let text = source;
      const found = lint(rule, text, options).length;
      expect(found).toBeGreaterThan(0);
      for (let left = found; left > 0; left--) {
        text = applyFix(text, lint(rule, text, options)[0]);
        expect(lint(rule, text, options)).toHaveLength(left - 1);
      }
      expect(compile(text, environment), text).toBe("");
    });

    it("has a source for every rule that offers a fix", () => {
      const folder = join(import.meta.dirname, "../../extension/src/lints/rules");
      const offering = RULES.map(({ code }) => code).filter((code) =>
        /\bfixes\b/.test(readFileSync(join(folder, `${code}.ts`), "utf8")),
      );
      const fixing = new Set(Object.values(SOURCES).map(({ code }) => code));
      expect([...fixing].sort()).toEqual([...offering].sort());
    });
  });
} else if (isCi()) {
  test(`${title}: ${missing}`, () => {
    throw new Error(`${missing}: CI must run every comparison`);
  });
} else {
  console.warn(`SKIPPED: ${title}: ${missing}`);
  test.skip(`${title}: ${missing}`, () => undefined);
}
