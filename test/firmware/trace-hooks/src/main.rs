//! Tasks of every kind that an observer must tell apart, none of them useful.
//!
//! `recorder` writes down what the executor itself says about them.

#![no_std]
#![no_main]

mod recorder;

use embassy_executor::Spawner;
use embassy_futures::yield_now;
use embassy_rp::gpio::{Input, Level, Output, Pull};
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::mutex::Mutex;
use embassy_time::{Duration, Ticker, Timer};
use panic_halt as _;

static NUMBERS: Channel<ThreadModeRawMutex, u32, 2> = Channel::new();
static SHARED: Mutex<ThreadModeRawMutex, u32> = Mutex::new(0);

/// Sends three numbers at once through a channel with room for two: the third
/// send is pending until `sink_task` takes one out.
#[embassy_executor::task]
async fn source_task() -> ! {
    let mut ticker = Ticker::every(Duration::from_millis(10));
    let mut number: u32 = 0;
    loop {
        ticker.next().await; // @suspend source-tick
        for _ in 0..3 {
            number = number.wrapping_add(1);
            NUMBERS.send(number).await; // @suspend source-send
        }
    }
}

/// Is woken by `source_task`, never by an interrupt.
#[embassy_executor::task]
async fn sink_task(mut led: Output<'static>) -> ! {
    loop {
        let number = NUMBERS.receive().await; // @suspend sink-receive
        led.set_level((number % 2 == 1).into());
    }
}

/// Holds an async mutex while it waits for a timer.
#[embassy_executor::task]
async fn holder_task() -> ! {
    loop {
        {
            let mut shared = SHARED.lock().await; // @suspend holder-lock
            Timer::after_millis(4).await; // @suspend holder-hold
            *shared = shared.wrapping_add(1);
        }
        Timer::after_millis(3).await; // @suspend holder-pause
    }
}

/// Often finds the mutex locked and is woken by the unlock.
#[embassy_executor::task]
async fn waiter_task() -> ! {
    let mut ticker = Ticker::every(Duration::from_millis(9));
    loop {
        ticker.next().await; // @suspend waiter-tick
        *SHARED.lock().await += 1; // @suspend waiter-lock
    }
}

/// Wakes itself four times in a row, then sleeps.
#[embassy_executor::task]
async fn yield_task() -> ! {
    loop {
        for _ in 0..4 {
            yield_now().await; // @suspend yield-self
        }
        Timer::after_millis(17).await; // @suspend yield-pause
    }
}

/// Ends after three steps.
#[embassy_executor::task]
async fn short_task() {
    for _ in 0..3 {
        Timer::after_millis(5).await; // @suspend short-step
    }
}

/// Three instances of one task, two from the start and one from `nursery_task`.
#[embassy_executor::task(pool_size = 3)]
async fn worker_task(period_ms: u64) -> ! {
    loop {
        Timer::after_millis(period_ms).await; // @suspend worker-period
    }
}

/// Ends at once or after a while; its slots are used again and again.
#[embassy_executor::task(pool_size = 2)]
async fn child_task(age_ms: u64) {
    if age_ms > 0 {
        Timer::after_millis(age_ms).await; // @suspend child-age
    }
}

/// Spawns other tasks while everything runs.
#[embassy_executor::task]
async fn nursery_task(spawner: Spawner) -> ! {
    Timer::after_millis(33).await; // @suspend nursery-start
    spawner.spawn(worker_task(31).unwrap());
    let mut age_ms: u64 = 0;
    loop {
        Timer::after_millis(12).await; // @suspend nursery-pause
        // Fails when both slots are taken; then this round is skipped.
        if let Ok(child) = child_task(age_ms) {
            spawner.spawn(child);
        }
        age_ms = (age_ms + 10) % 40;
    }
}

/// Is woken by the interrupt of a pin. Somebody outside must press.
#[embassy_executor::task]
async fn button_task(mut button: Input<'static>) -> ! {
    loop {
        button.wait_for_falling_edge().await; // @suspend button-press
        Timer::after_millis(2).await; // @suspend button-settle
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(source_task().unwrap());
    spawner.spawn(sink_task(Output::new(p.PIN_25, Level::Low)).unwrap());
    spawner.spawn(holder_task().unwrap());
    spawner.spawn(waiter_task().unwrap());
    spawner.spawn(yield_task().unwrap());
    spawner.spawn(short_task().unwrap());
    spawner.spawn(worker_task(13).unwrap());
    spawner.spawn(worker_task(29).unwrap());
    spawner.spawn(nursery_task(spawner).unwrap());
    spawner.spawn(button_task(Input::new(p.PIN_15, Pull::Up)).unwrap());
    Timer::after_millis(1).await; // @suspend main-last
}
