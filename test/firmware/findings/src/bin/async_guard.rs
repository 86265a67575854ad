//! Guards of locks that can be waited for. `transfer_task` keeps one across the very operation that it guards, which
//! is what such a lock is for; `sleepy_task` keeps one while it waits for something else, and others wait for it.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex as Raw;
use embassy_sync::mutex::Mutex;
use embassy_time::Timer;
use panic_halt as _;

struct Bus {
    transfers: u32,
}

impl Bus {
    async fn transfer(&mut self, byte: u8) -> u32 {
        Timer::after_millis(10).await; // @suspend bus-transfer
        self.transfers += u32::from(byte);
        self.transfers
    }
}

static BUS: Mutex<Raw, Bus> = Mutex::new(Bus { transfers: 0 });
static LOG: Mutex<Raw, u32> = Mutex::new(0);

#[embassy_executor::task(pool_size = 2)]
async fn transfer_task(byte: u8) -> ! {
    loop {
        let mut bus = BUS.lock().await; // @suspend transfer-lock
        bus.transfer(byte).await; // @suspend transfer
        drop(bus);
        Timer::after_millis(30).await; // @suspend transfer-pause
    }
}

#[embassy_executor::task]
async fn sleepy_task() -> ! {
    loop {
        let mut log = LOG.lock().await; // @suspend sleepy-lock
        *log += 1;
        Timer::after_millis(40).await; // @suspend sleepy-nap
        *log += 1;
        drop(log);
        Timer::after_millis(20).await; // @suspend sleepy-pause
    }
}

#[embassy_executor::task]
async fn writer_task() -> ! {
    loop {
        Timer::after_millis(25).await; // @suspend writer-pause
        *LOG.lock().await += 1; // @suspend writer-lock
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(transfer_task(1).unwrap());
    spawner.spawn(transfer_task(2).unwrap());
    spawner.spawn(sleepy_task().unwrap());
    spawner.spawn(writer_task().unwrap());
}
