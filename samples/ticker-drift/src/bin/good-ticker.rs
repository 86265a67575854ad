//! The right form: a ticker counts from its own last tick.
//!
//! However long the measurement takes, the next one is due when it would have
//! been due anyway. A loop that takes longer than the period catches up.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::Ticker;
use panic_halt as _;
use ticker_drift::{PERIOD, Schedule, measure};

#[embassy_executor::task]
async fn measure_task(mut led: Output<'static>) -> ! {
    let mut schedule = Schedule::starting_now();
    let mut ticker = Ticker::every(PERIOD);
    loop {
        ticker.next().await; // @suspend measure-due
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
