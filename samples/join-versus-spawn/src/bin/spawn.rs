//! Eight tasks. Each has a waker of its own, so only the one whose time has come
//! is polled.
//!
//! In return each needs a header for the executor, and all of them live for
//! ever or until they end by themselves.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use join_versus_spawn::{DRUMMERS, drum};
use panic_halt as _;

// The pool has room for all of them. With fewer, spawning the last ones fails.
#[embassy_executor::task(pool_size = DRUMMERS)]
async fn drummer_task(number: u32) {
    drum(number).await; // @suspend drummer-drum
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    for number in 0..DRUMMERS {
        spawner.spawn(drummer_task(number as u32).unwrap());
    }
}
