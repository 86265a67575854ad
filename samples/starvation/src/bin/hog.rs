//! A checksum over the flash in one go. The LED stands still meanwhile.
//!
//! The task is correct, and `async`, and it has an await. But between two awaits
//! it computes for far longer than the LED's period, and no other task runs
//! until it is done: nothing interrupts a poll in favour of another task.

#![no_std]
#![no_main]

use core::sync::atomic::Ordering;

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::Timer;
use panic_halt as _;
use starvation::{CHECK_PAUSE, CHECKSUM, blink_task, crc32, flash};

#[embassy_executor::task]
async fn check_task() -> ! {
    loop {
        let crc = crc32(!0, flash());
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
