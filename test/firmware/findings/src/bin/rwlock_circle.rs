//! A circle of waits over a lock of each kind: one task reads and wants the mutex, the other holds the mutex and wants
//! to write.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex as Raw;
use embassy_sync::mutex::Mutex;
use embassy_sync::rwlock::RwLock;
use embassy_time::Timer;
use panic_halt as _;

static TABLE: RwLock<Raw, u32> = RwLock::new(0);
static BUS: Mutex<Raw, u32> = Mutex::new(0);

#[embassy_executor::task]
async fn reader_task() {
    Timer::after_millis(100).await; // @suspend reader-late
    let table = TABLE.read().await; // @suspend reader-table
    Timer::after_millis(50).await; // @suspend reader-work
    *BUS.lock().await += *table; // @suspend reader-bus
}

#[embassy_executor::task]
async fn writer_task() {
    Timer::after_millis(120).await; // @suspend writer-late
    let bus = BUS.lock().await; // @suspend writer-bus
    Timer::after_millis(100).await; // @suspend writer-work
    *TABLE.write().await += *bus; // @suspend writer-table
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(reader_task().unwrap());
    spawner.spawn(writer_task().unwrap());
}
