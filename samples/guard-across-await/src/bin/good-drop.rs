//! The second good form: the guard is dropped by hand before the await.
//!
//! The variable is still in scope at the await, and the compiler keeps a place
//! for it in the future, with the old bytes in it. Whoever judges by that alone
//! is wrong: at run time nothing is borrowed.

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
        let mut guard = station.borrow_mut();
        guard.measurements += 1;
        let measurements = guard.measurements;
        drop(guard);
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
