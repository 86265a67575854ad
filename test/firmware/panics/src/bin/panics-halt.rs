//! The same panics in a firmware that does not look at them: an optimised build
//! drops most of what a panic would say.

#![no_std]
#![no_main]

#[path = "../cases.rs"]
mod cases;

use embassy_executor::Spawner;
use panic_halt as _;

#[embassy_executor::task]
async fn failing_task(case: u32) {
    embassy_time::Timer::after_millis(1).await;
    cases::run(case);
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    spawner.spawn(failing_task(cases::chosen()).unwrap());
}
