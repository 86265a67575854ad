//! One task measures ten times a second, another shows the latest value twice a second.
//!
//! They share the value through an async mutex. `lock()` is awaited: a task that
//! finds the mutex taken is suspended, and the core is free for whoever holds it.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, OutputOpenDrain};
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::{Delay, Duration, Ticker};
use panic_halt as _;
use tm1637::Tm1637;

const MEASURE_EVERY: Duration = Duration::from_millis(100);
const SHOW_EVERY: Duration = Duration::from_millis(500);

type Display = Tm1637<OutputOpenDrain<'static>, OutputOpenDrain<'static>, Delay>;

#[derive(Clone, Copy)]
struct Reading {
    value: u16,
    samples: u32,
}

/// The latest reading. Only tasks of one executor use it, none an interrupt, so
/// the cheapest kind of lock is enough.
static LATEST: Mutex<ThreadModeRawMutex, Reading> = Mutex::new(Reading {
    value: 0,
    samples: 0,
});

#[embassy_executor::task]
async fn producer_task(mut sensor: Sensor) -> ! {
    let mut ticker = Ticker::every(MEASURE_EVERY);
    loop {
        ticker.next().await; // @suspend producer-tick
        // Measure first, lock then: nobody waits for the mutex meanwhile.
        let value = sensor.measure();
        let mut latest = LATEST.lock().await; // @suspend producer-lock
        latest.value = value;
        latest.samples += 1;
        // `latest` is dropped here and unlocks the mutex, before the next tick
        // is awaited.
    }
}

#[embassy_executor::task]
async fn consumer_task(mut display: Display) -> ! {
    let mut ticker = Ticker::every(SHOW_EVERY);
    loop {
        ticker.next().await; // @suspend consumer-tick
        // Copy the reading out: the guard lives no longer than this statement,
        // and the producer need not wait for the display.
        let reading = *LATEST.lock().await; // @suspend consumer-lock
        if reading.samples > 0 {
            // A display that is not plugged in is no reason to stop.
            let _ = display.show_number(reading.value);
        }
    }
}

/// A light sensor, made up so that the sample needs no parts: its value climbs
/// from 100 to 900 and falls again, a step with each measurement.
struct Sensor {
    value: u16,
    rising: bool,
}

impl Sensor {
    fn new() -> Self {
        Self {
            value: 100,
            rising: true,
        }
    }

    fn measure(&mut self) -> u16 {
        match self.value {
            ..=100 => self.rising = true,
            900.. => self.rising = false,
            _ => {}
        }
        if self.rising {
            self.value += 4;
        } else {
            self.value -= 4;
        }
        self.value
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    let clk = OutputOpenDrain::new(p.PIN_2, Level::High);
    let dio = OutputOpenDrain::new(p.PIN_3, Level::High);

    spawner.spawn(producer_task(Sensor::new()).unwrap());
    spawner.spawn(consumer_task(Tm1637::new(clk, dio, Delay)).unwrap());
}
