import { stdMutexInEmbassy as rule } from "#extension/lints/rules/std-mutex-in-embassy";
import { describeRule } from "./describe-rule";

const firmware = "#![no_std]\nuse embassy_executor::Spawner;\n";

describeRule(rule, {
  found: {
    "an import": `${firmware}
use std::sync::Mutex;
//  ^^^^^^^^^^^^^^^^`,
    "a list of imports": `${firmware}
use std::sync::{Arc, Mutex};
//                   ^^^^^`,
    "a static": `${firmware}
static M: std::sync::Mutex<u32> = make();
//        ^^^^^^^^^^^^^^^^`,
    "a field": `${firmware}
struct S { m: std::sync::RwLock<u32> }
//            ^^^^^^^^^^^^^^^^^`,
    "a parameter": `${firmware}
fn f(m: &std::sync::Mutex<u32>) {}
//       ^^^^^^^^^^^^^^^^`,
    Condvar: `${firmware}
use std::sync::Condvar;
//  ^^^^^^^^^^^^^^^^^^`,
    "a channel": `${firmware}
use std::sync::mpsc;
//  ^^^^^^^^^^^^^^^`,
    "a channel's end": `${firmware}
use std::sync::mpsc::Receiver;
//  ^^^^^^^^^^^^^^^^^^^^^^^^^`,
    LazyLock: `${firmware}
static L: std::sync::LazyLock<u8> = make();
//        ^^^^^^^^^^^^^^^^^^^`,
    OnceLock: `${firmware}
use std::sync::OnceLock;
//  ^^^^^^^^^^^^^^^^^^^`,
    "a call": `${firmware}
fn f() { let m = std::sync::Mutex::new(1); }
//               ^^^^^^^^^^^^^^^^^^^^^`,
    "a path from the root": `${firmware}
fn f(m: ::std::sync::Mutex<u32>) {}
//      ^^^^^^^^^^^^^^^^^^`,
  },
  silent: {
    "a host program": "use std::sync::Mutex;",
    "Embassy on a host": "use embassy_executor::Spawner;\nuse std::sync::Mutex;",
    core: `${firmware}use core::sync::atomic::AtomicBool;`,
    "Embassy's mutex": `${firmware}use embassy_sync::mutex::Mutex;`,
    "Embassy's blocking mutex": `${firmware}use embassy_sync::blocking_mutex::Mutex;`,
    "Arc alone": `${firmware}use std::sync::Arc;`,
    "std is brought back": `${firmware}extern crate std;\nuse std::sync::Mutex;`,
    "only with a feature": `${firmware}#[cfg(feature = "std")]\nuse std::sync::Mutex;`,
    "only in tests": `${firmware}#[cfg(test)]\nmod tests { use std::sync::Mutex; }`,
    "no_std only sometimes":
      "#![cfg_attr(not(test), no_std)]\nuse embassy_executor::Spawner;\nuse std::sync::Mutex;",
    "a module of one's own": `${firmware}use crate::sync::Mutex;`,
    "a comment": `${firmware}// use std::sync::Mutex;\nfn f() {}`,
    "critical-section": `${firmware}use critical_section::Mutex;`,
  },
});
