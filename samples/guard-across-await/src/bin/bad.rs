//! The mistake: a `RefMut` is alive while its task is suspended.
//!
//! The compiler is content: borrowing is checked at run time. It works for as
//! long as no other task comes by during the 60 ms. One does.

#![no_std]
#![no_main]

use core::cell::RefCell;

use embassy_executor::Spawner;
use embassy_time::Timer;
use guard_across_await::{CONVERSION, PAUSE, Station, display, display_task, station, thermometer};
use panic_halt as _;

#[embassy_executor::task]
// Clippy knows this mistake by name; here it is made on purpose.
#[allow(clippy::await_holding_refcell_ref)]
async fn measure_task(station: &'static RefCell<Station>) -> ! {
    loop {
        {
            let mut guard = station.borrow_mut();
            guard.measurements += 1;
            Timer::after(CONVERSION).await; // @suspend measure-conversion
            guard.temperature = thermometer(guard.measurements);
        }
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
