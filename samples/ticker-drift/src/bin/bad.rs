//! The mistake: "every 100 ms", written as "100 ms after the last time was over".
//!
//! `Timer::after` counts from the moment it is called. The measurement takes
//! 7 ms, so the loop takes 107, and a few microseconds more for the code itself.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::Timer;
use panic_halt as _;
use ticker_drift::{PERIOD, Schedule, measure};

#[embassy_executor::task]
async fn measure_task(mut led: Output<'static>) -> ! {
    let mut schedule = Schedule::starting_now();
    loop {
        Timer::after(PERIOD).await; // @suspend measure-due
        schedule.begin();
        led.toggle();
        measure().await; // @suspend measure-sensor
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(measure_task(Output::new(p.PIN_25, Level::Low)).unwrap());
}
