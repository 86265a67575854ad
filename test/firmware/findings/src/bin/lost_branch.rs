//! A join in a join: one branch loses its waker. As long as another branch wakes the task, the lost one is polled along
//! with it, and nothing shows; when the others have ended, nobody is left to wake it.

#![no_std]
#![no_main]

use core::future::poll_fn;
use core::task::Poll;

use embassy_executor::Spawner;
use embassy_futures::join::join;
use embassy_time::Timer;
use panic_halt as _;
use portable_atomic::{AtomicU32, Ordering};

static TICKS: AtomicU32 = AtomicU32::new(0);

async fn tick(times: u32) {
    for _ in 0..times {
        Timer::after_millis(100).await; // @suspend tick
        TICKS.add(1, Ordering::Relaxed);
    }
}

/// Waits until there were so many ticks, and leaves no waker behind.
async fn reached(ticks: u32) {
    poll_fn(|context| {
        let waker = context.waker().clone();
        drop(waker);
        if TICKS.load(Ordering::Relaxed) >= ticks {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await // @suspend reached
}

/// Counts on after the last tick of `rescued_task`, which nobody hears.
async fn late_tick() {
    Timer::after_millis(800).await; // @suspend late-tick
    TICKS.add(1, Ordering::Relaxed);
}

/// Its last branch is lost, and all the others end.
#[embassy_executor::task]
async fn lost_task() {
    join(join(tick(5), async { 1u8 }), join(tick(3), reached(1000))).await; // @suspend lost
}

/// Its second branch is lost, too, and is saved by the first.
#[embassy_executor::task]
async fn rescued_task() {
    join(tick(6), reached(3)).await; // @suspend rescued
}

#[embassy_executor::task]
async fn late_task() {
    late_tick().await; // @suspend late
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(lost_task().unwrap());
    spawner.spawn(rescued_task().unwrap());
    spawner.spawn(late_task().unwrap());
}
