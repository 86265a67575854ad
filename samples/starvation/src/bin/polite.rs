//! The same checksum in pieces. The LED blinks as if it were alone.
//!
//! `yield_now` is pending once and wakes its own task at once: the task goes to
//! the back of the queue, and whoever else is ready runs first.

#![no_std]
#![no_main]

use core::sync::atomic::Ordering;

use embassy_executor::Spawner;
use embassy_futures::yield_now;
use embassy_rp::gpio::{Level, Output};
use embassy_time::Timer;
use panic_halt as _;
use starvation::{CHECK_PAUSE, CHECKSUM, CHUNK, blink_task, crc32, flash};

#[embassy_executor::task]
async fn check_task() -> ! {
    loop {
        let mut crc = !0;
        for chunk in flash().chunks(CHUNK) {
            crc = crc32(crc, chunk);
            yield_now().await; // @suspend check-yield
        }
        CHECKSUM.store(!crc, Ordering::Relaxed);
        Timer::after(CHECK_PAUSE).await; // @suspend check-pause
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(blink_task(Output::new(p.PIN_25, Level::Low)).unwrap());
    spawner.spawn(check_task().unwrap());
}
