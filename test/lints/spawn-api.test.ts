import { describe, expect, it } from "vitest";
import { spawnApi as rule } from "#extension/lints/rules/spawn-api";
import { applyFix, lint } from "./check-lint";
import { describeRule } from "./describe-rule";

const crate = { dependencies: new Map([["embassy-executor", "0.10.0"]]) };

describeRule(rule, {
  prelude: "use embassy_executor::{SendSpawner, Spawner};\n",
  options: { crate },
  found: {
    unwrap: `
async fn f(s: Spawner) { s.spawn(t()).unwrap(); }
//                                    ^^^^^^`,
    expect: `
async fn f(s: Spawner) { s.spawn(t()).expect("busy"); }
//                                    ^^^^^^`,
    "a question mark": `
async fn f(s: Spawner) -> Result<(), SpawnError> { s.spawn(t())?; Ok(()) }
//                                                             ^`,
    must_spawn: `
async fn f(s: Spawner) { s.must_spawn(t()); }
//                         ^^^^^^^^^^`,
    "a reference": `
fn f(s: &Spawner) { s.spawn(t(1, 2)).unwrap(); }
//                                   ^^^^^^`,
    "a spawner for other threads": `
fn f(s: SendSpawner) { s.spawn(t()).unwrap(); }
//                                  ^^^^^^`,
    "by its path": `
fn f(s: embassy_executor::Spawner) { s.spawn(t()).unwrap(); }
//                                                ^^^^^^`,
    main: `
#[embassy_executor::main]
async fn main(spawner: Spawner) { spawner.spawn(blink(p.PIN_25)).unwrap(); }
//                                                               ^^^^^^`,
    "a field": `
struct S { spawner: Spawner }
impl S { fn f(&self) { self.spawner.spawn(t()).unwrap(); } }
//                                             ^^^^^^`,
    "a loop": `
fn f(s: Spawner) { for i in 0..3 { s.spawn(t(i)).unwrap(); } }
//                                               ^^^^^^`,
    "a closure": `
fn f(s: Spawner) { run(|| s.spawn(t()).unwrap()); }
//                                     ^^^^^^`,
    "a path to the task": `
fn f(s: Spawner) { s.must_spawn(tasks::blink()); }
//                   ^^^^^^^^^^`,
    two: `
fn f(s: Spawner) { s.spawn(a()).unwrap(); s.must_spawn(b()); }
//                              ^^^^^^      ^^^^^^^^^^`,
  },
  silent: {
    "as it is written now": `fn f(s: Spawner) { s.spawn(t().unwrap()); }`,
    "as it is written now, with expect": `fn f(s: Spawner) { s.spawn(t().expect("busy")); }`,
    "a token that is made before": `fn f(s: Spawner) { let token = t().unwrap(); s.spawn(token); }`,
    threads: `fn f() { std::thread::Builder::new().spawn(run).unwrap(); }`,
    tokio: `async fn f() { tokio::spawn(run()).await.unwrap(); }`,
    "a set of tasks": `fn f(s: &mut JoinSet<u32>) { s.spawn(run()); }`,
    "a Spawner of one's own": `mod m { struct Spawner; fn f(s: Spawner) { s.spawn(t()).unwrap(); } }`,
    "a type that is not known": `fn f(s: &Thing) { s.spawn(t()).unwrap(); }`,
    "another method": `fn f(s: Spawner) { s.make_send(); }`,
    "a map over the token": `fn f(s: Spawner) { if let Ok(token) = t() { s.spawn(token); } }`,
    "unwrap of something else": `fn f(s: Spawner) { s.spawn(t().unwrap()); x().unwrap(); }`,
    "a comment": `fn f() { /* s.spawn(t()).unwrap() */ }`,
  },
});

describe("spawn-api", () => {
  const source = `use embassy_executor::Spawner;
fn f(s: Spawner) { s.spawn(t(1)).unwrap(); s.must_spawn(u()); }`;

  it("writes it anew", () => {
    const once = applyFix(source, lint(rule, source, { crate })[0]);
    const mended = applyFix(once, lint(rule, once, { crate })[0]);
    expect(mended).toContain("{ s.spawn(t(1).unwrap()); s.spawn(u().unwrap()); }");
    expect(lint(rule, mended, { crate })).toEqual([]);
  });

  it("is silent for older versions, and where the version is not known", () => {
    const older = { dependencies: new Map([["embassy-executor", "0.9.1"]]) };
    expect(lint(rule, source, { crate: older })).toEqual([]);
    expect(lint(rule, source)).toEqual([]);
  });
});
