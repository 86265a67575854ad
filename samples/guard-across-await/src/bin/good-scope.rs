//! The first good form: the guard's scope ends before the await.
//!
//! What is needed later is copied out of the block. The compiler has nothing to
//! keep: in the future of this task there is no place for a guard at all.

#![no_std]
#![no_main]

use core::cell::RefCell;

use embassy_executor::Spawner;
use embassy_time::Timer;
use guard_across_await::{CONVERSION, PAUSE, Station, display, display_task, station, thermometer};
use panic_halt as _;

#[embassy_executor::task]
async fn measure_task(station: &'static RefCell<Station>) -> ! {
    loop {
        let measurements = {
            let mut guard = station.borrow_mut();
            guard.measurements += 1;
            guard.measurements
        };
        Timer::after(CONVERSION).await; // @suspend measure-conversion
        station.borrow_mut().temperature = thermometer(measurements);
        Timer::after(PAUSE).await; // @suspend measure-pause
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    let station = station();
    spawner.spawn(measure_task(station).unwrap());
    spawner.spawn(display_task(station, display(p.PIN_2, p.PIN_3)).unwrap());
}
