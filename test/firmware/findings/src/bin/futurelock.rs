//! A task awaits a lock that a future of its own holds, and that future is not polled any more.

#![no_std]
#![no_main]

use core::pin::pin;

use embassy_executor::Spawner;
use embassy_futures::select::select;
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex as Raw;
use embassy_sync::mutex::Mutex;
use embassy_time::Timer;
use panic_halt as _;

static BUS: Mutex<Raw, u32> = Mutex::new(0);
static LOG: Mutex<Raw, u32> = Mutex::new(0);

async fn work(lock: &'static Mutex<Raw, u32>) {
    let mut value = lock.lock().await; // @suspend work-lock
    Timer::after_millis(50).await; // @suspend work
    *value += 1;
}

/// The work holds the bus, and has to wait until the task comes back to it.
#[embassy_executor::task]
async fn stuck_task() {
    let mut work = pin!(work(&BUS));
    select(work.as_mut(), Timer::after_millis(20)).await; // @suspend stuck-select
    *BUS.lock().await += 1; // @suspend stuck-lock
    work.await; // @suspend stuck-rest
}

/// The same in the right order.
#[embassy_executor::task]
async fn patient_task() {
    let mut work = pin!(work(&LOG));
    select(work.as_mut(), Timer::after_millis(20)).await; // @suspend patient-select
    work.await; // @suspend patient-rest
    *LOG.lock().await += 1; // @suspend patient-lock
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(stuck_task().unwrap());
    spawner.spawn(patient_task().unwrap());
}
