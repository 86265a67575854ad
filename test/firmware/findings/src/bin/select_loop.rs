//! Futures that are made anew in each round of a loop, and dropped by `select` or a timeout. Those that only wait lose
//! nothing; those that have begun something do.

#![no_std]
#![no_main]

use core::cell::Cell;
use core::pin::pin;

use embassy_executor::Spawner;
use embassy_futures::join::join;
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex as Raw;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Ticker, Timer, with_timeout};
use panic_halt as _;

static ITEMS: Channel<Raw, u32, 4> = Channel::new();
static STOP: Signal<Raw, ()> = Signal::new();

/// What has left its place and has not arrived.
struct Shelf {
    here: Cell<u32>,
    there: Cell<u32>,
}

// SAFETY: all tasks run in the one executor in thread mode.
unsafe impl Sync for Shelf {}

static SHELF: Shelf = Shelf {
    here: Cell::new(1000),
    there: Cell::new(0),
};
static OTHER: Shelf = Shelf {
    here: Cell::new(1000),
    there: Cell::new(0),
};

/// Only waits: it may be dropped at any time.
async fn next_item() -> u32 {
    let item = ITEMS.receive().await; // @suspend next-item
    item + 1
}

/// Looks, and changes nothing, before it waits.
async fn pause(length: u64) -> u32 {
    let before = SHELF.here.get();
    Timer::after_millis(length).await; // @suspend pause
    before - SHELF.here.get()
}

/// Has a step behind it at its second await.
async fn two_steps() -> u32 {
    Timer::after_millis(10).await; // @suspend first-step
    let between = SHELF.here.get();
    Timer::after_millis(30).await; // @suspend second-step
    between
}

/// Takes before it waits, and gives after.
async fn carry(shelf: &Shelf, millis: u64) {
    shelf.here.set(shelf.here.get() - 1);
    Timer::after_millis(millis).await; // @suspend carry
    shelf.there.set(shelf.there.get() + 1);
}

/// Two idle branches, of which one is dropped in each round.
#[embassy_executor::task]
async fn idle_task() -> ! {
    let mut sum = 0u32;
    loop {
        match select(next_item(), pause(30)).await {
            // @suspend idle
            Either::First(item) => sum = sum.wrapping_add(item),
            Either::Second(gone) => sum = sum.wrapping_add(gone),
        }
        core::hint::black_box(sum);
    }
}

#[embassy_executor::task]
async fn item_task() -> ! {
    let mut ticker = Ticker::every(Duration::from_millis(70));
    for item in 0.. {
        ticker.next().await; // @suspend item-tick
        ITEMS.send(item).await; // @suspend item-send
    }
    loop {
        ticker.next().await;
    }
}

/// The round is over before the second step is.
#[embassy_executor::task]
async fn steps_task() -> ! {
    loop {
        select(two_steps(), Timer::after_millis(25)).await; // @suspend steps
    }
}

/// The same future, lent and then awaited to its end: nothing is dropped.
#[embassy_executor::task]
async fn lent_task() -> ! {
    loop {
        let mut steps = pin!(carry(&SHELF, 40));
        if let Either::Second(()) = select(steps.as_mut(), Timer::after_millis(15)).await {
            // @suspend lent
            Timer::after_millis(5).await; // @suspend lent-pause
            steps.await; // @suspend lent-rest
        }
    }
}

/// One of two branches of a join is dropped half done along with it, by a timeout. The other has ended.
#[embassy_executor::task]
async fn timeout_task() -> ! {
    loop {
        let both = join(carry(&OTHER, 60), carry(&SHELF, 5));
        let result = with_timeout(Duration::from_millis(20), both).await; // @suspend timeout
        core::hint::black_box(result.is_ok());
        Timer::after_millis(50).await; // @suspend timeout-pause
    }
}

/// A loop without an end, stopped from outside, where it waits for the next item.
#[embassy_executor::task]
async fn stopped_task() {
    async fn serve() {
        let mut sum = 0u32;
        loop {
            STOP.reset();
            sum = sum.wrapping_add(pause(40).await); // @suspend serve
        }
    }
    select(serve(), Timer::after_millis(500)).await; // @suspend stopped
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(idle_task().unwrap());
    spawner.spawn(item_task().unwrap());
    spawner.spawn(steps_task().unwrap());
    spawner.spawn(lent_task().unwrap());
    spawner.spawn(timeout_task().unwrap());
    spawner.spawn(stopped_task().unwrap());
}
