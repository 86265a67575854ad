//! A producer that is five times as fast as its consumer, and what a channel
//! makes of it: the producer is held back, and no reading is lost.
//!
//! A third task only wants the newest reading. For it there is a signal, which
//! holds one value, overwrites it, and never makes anybody wait to send.

#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Timer};
use panic_halt as _;

/// How long the sensor takes for one reading.
const MEASURE: Duration = Duration::from_millis(10);

/// How long it takes to store one.
const STORE: Duration = Duration::from_millis(50);

/// How often the newest reading is shown.
const SHOW_EVERY: Duration = Duration::from_millis(200);

#[derive(Clone, Copy)]
struct Reading {
    number: u32,
    value: u16,
}

/// Readings that are to be stored, every one of them. With more room, it takes
/// longer until the producer has to wait; it does not wait less.
static READINGS: Channel<ThreadModeRawMutex, Reading, 4> = Channel::new();

/// The newest reading.
static NEWEST: Signal<ThreadModeRawMutex, Reading> = Signal::new();

/// The numbers of the readings last stored and last shown, for a debugger to
/// watch. Nothing in the program reads them, so they must be marked as used.
#[used]
static STORED: AtomicU32 = AtomicU32::new(0);
#[used]
static SHOWN: AtomicU32 = AtomicU32::new(0);

#[embassy_executor::task]
async fn producer_task() -> ! {
    let mut number = 0;
    loop {
        Timer::after(MEASURE).await; // @suspend producer-measure
        number += 1;
        let value = 500 + (number % 100) as u16;
        let reading = Reading { number, value };
        NEWEST.signal(reading);
        // Ready at once while there is room. When the channel is full, the task
        // is suspended until the consumer has taken a reading out.
        READINGS.send(reading).await; // @suspend producer-send
    }
}

#[embassy_executor::task]
async fn consumer_task() -> ! {
    loop {
        let reading = READINGS.receive().await; // @suspend consumer-receive
        Timer::after(STORE).await; // @suspend consumer-store
        STORED.store(reading.number, Ordering::Relaxed);
    }
}

#[embassy_executor::task]
async fn show_task(mut led: Output<'static>) -> ! {
    loop {
        let reading = NEWEST.wait().await; // @suspend show-wait
        SHOWN.store(reading.number, Ordering::Relaxed);
        led.set_level(Level::from(reading.value % 2 == 1));
        Timer::after(SHOW_EVERY).await; // @suspend show-pause
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(producer_task().unwrap());
    spawner.spawn(consumer_task().unwrap());
    spawner.spawn(show_task(Output::new(p.PIN_25, Level::Low)).unwrap());
}
