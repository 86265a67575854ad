//! Two tasks share one core: one blinks the Pico's LED, the other counts heartbeats.
//!
//! Nothing here runs "in the background". Each task runs until it reaches an
//! `.await` that is not ready, and hands the core back there. While both wait,
//! the executor puts the core to sleep; a timer interrupt wakes it.

#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::{Duration, Ticker, Timer};
use panic_halt as _;

/// How often the LED changes: on for one period, off for the next.
const LED_PERIOD: Duration = Duration::from_millis(250);

/// Heartbeats so far, for a debugger to watch. Nothing in the program reads it,
/// so it must be marked as used, or an optimised build would leave it out.
#[used]
static BEATS: AtomicU32 = AtomicU32::new(0);

#[embassy_executor::task]
async fn blink_task(mut led: Output<'static>) -> ! {
    // A ticker counts from its own last tick, not from the moment it is awaited.
    // However long the code in the loop takes, the LED stays in step.
    let mut ticker = Ticker::every(LED_PERIOD);
    loop {
        ticker.next().await; // @suspend blink-tick
        led.toggle();
    }
}

#[embassy_executor::task]
async fn heartbeat_task() -> ! {
    // Let the LED go first, so that the two tasks rarely want the core at once.
    nap(Duration::from_millis(30)).await; // @suspend heartbeat-offset
    let mut beats: u32 = 0;
    loop {
        // `beats` is used again after both awaits, so it cannot live on the
        // stack: the compiler keeps it inside this task's future.
        beats = beats.wrapping_add(1);
        BEATS.store(beats, Ordering::Relaxed);
        nap(Duration::from_millis(100)).await; // @suspend heartbeat-contract
        nap(Duration::from_millis(900)).await; // @suspend heartbeat-rest
    }
}

/// An async function of our own. Its future lies inside the future of whoever
/// awaits it; no task is made and nothing is allocated.
async fn nap(length: Duration) {
    // Unlike a ticker, this timer starts when it is awaited. In a loop, the time
    // the loop itself takes adds up: the heartbeat slowly falls behind.
    Timer::after(length).await; // @suspend nap-timer
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    let led = Output::new(p.PIN_25, Level::Low);

    // Each task has one static slot, so starting it fails only if it runs already.
    spawner.spawn(blink_task(led).unwrap());
    spawner.spawn(heartbeat_task().unwrap());
    // `main` is a task too. It ends here; the executor goes on without it.
}
