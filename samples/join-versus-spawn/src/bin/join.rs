//! Eight futures in one task. Whatever wakes the task, all eight are polled: a
//! waker says which task is to run, not which part of it.
//!
//! In return there is one task to start, the futures may borrow from it, and it
//! knows when all of them are done.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_futures::join::join_array;
use join_versus_spawn::{DRUMMERS, drum};
use panic_halt as _;

#[embassy_executor::task]
async fn band_task() {
    let drummers: [_; DRUMMERS] = core::array::from_fn(|number| drum(number as u32));
    join_array(drummers).await; // @suspend band-all
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    spawner.spawn(band_task().unwrap());
}
