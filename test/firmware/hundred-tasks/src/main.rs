//! A hundred tasks in one pool, each suspended three futures deep with values
//! of its own: what a debugger has to decode at every stop of a large program.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Timer};
use panic_halt as _;
use portable_atomic as _;

const WORKERS: usize = 100;

/// Every fourth worker waits for the one before it; the others wait for time.
const GROUP: usize = 4;

static READINGS: [Signal<ThreadModeRawMutex, Reading>; WORKERS / GROUP] =
    [const { Signal::new() }; WORKERS / GROUP];

#[derive(Clone, Copy)]
enum Quality {
    Fresh,
    Stale { rounds: u16 },
}

#[derive(Clone, Copy)]
struct Reading {
    worker: u8,
    tenths: i32,
    quality: Quality,
}

#[embassy_executor::task(pool_size = 100)]
async fn worker_task(number: usize) -> ! {
    let mut latest: Option<Reading> = None;
    let mut rounds: u32 = 0;
    loop {
        let reading = work(number, rounds, latest).await; // @suspend worker-work
        latest = Some(reading);
        rounds = rounds.wrapping_add(1);
    }
}

async fn work(number: usize, rounds: u32, latest: Option<Reading>) -> Reading {
    let history = [rounds, rounds / 2, latest.map_or(0, |each| each.tenths as u32)];
    if number % GROUP == GROUP - 1 {
        READINGS[number / GROUP].wait().await // @suspend work-wait
    } else {
        let tenths = measure(number, &history).await; // @suspend work-measure
        let quality = if rounds % 3 == 0 {
            Quality::Fresh
        } else {
            Quality::Stale { rounds: rounds as u16 }
        };
        let reading = Reading { worker: number as u8, tenths, quality };
        if number % GROUP == GROUP - 2 {
            READINGS[number / GROUP].signal(reading);
        }
        reading
    }
}

async fn measure(number: usize, history: &[u32; 3]) -> i32 {
    let begun = Instant::now();
    let length = Duration::from_millis(20 + 3 * number as u64);
    Timer::after(length).await; // @suspend measure-nap
    let late = begun.elapsed() - length;
    (late.as_micros() as i32).wrapping_add(history[1] as i32)
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    for number in 0..WORKERS {
        spawner.spawn(worker_task(number).unwrap());
    }
}
