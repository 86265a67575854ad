//! The right form: whoever needs both takes the bus first.
//!
//! When they meet, one of them has to wait for the bus. It holds nothing yet, so
//! nobody waits for it.

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
        let mut bus = BUS.lock().await; // @suspend upload-bus
        let mut log = LOG.lock().await; // @suspend upload-log
        Timer::after(WORK).await; // @suspend upload-compress
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
