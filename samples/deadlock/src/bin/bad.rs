//! The mistake: one task takes the bus and then the log, the other the log and
//! then the bus.
//!
//! It works for as long as they do not meet. At the seventh upload they do: each
//! has what the other one waits for, and neither will let go. The core is idle,
//! the LED blinks, and two tasks are gone.

#![no_std]
#![no_main]

use deadlock::{BUS, LOG, READ_EVERY, READS, UPLOAD_EVERY, UPLOADS, WORK, blink_task, count};
use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::{Ticker, Timer};
use panic_halt as _;

#[embassy_executor::task]
async fn sensor_task() -> ! {
    let mut ticker = Ticker::every(READ_EVERY);
    loop {
        ticker.next().await; // @suspend sensor-tick
        let mut bus = BUS.lock().await; // @suspend sensor-bus
        Timer::after(WORK).await; // @suspend sensor-transfer
        bus.transfers += 1;
        let mut log = LOG.lock().await; // @suspend sensor-log
        log.entries += 1;
        count(&READS);
    }
}

#[embassy_executor::task]
async fn upload_task() -> ! {
    let mut ticker = Ticker::every(UPLOAD_EVERY);
    loop {
        ticker.next().await; // @suspend upload-tick
        let mut log = LOG.lock().await; // @suspend upload-log
        Timer::after(WORK).await; // @suspend upload-compress
        let mut bus = BUS.lock().await; // @suspend upload-bus
        bus.transfers += log.entries;
        log.entries = 0;
        count(&UPLOADS);
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(sensor_task().unwrap());
    spawner.spawn(upload_task().unwrap());
    spawner.spawn(blink_task(Output::new(p.PIN_25, Level::Low)).unwrap());
}
