//! Futures that are not treated as `Future::poll` demands: moved between two polls, never polled at all.

#![no_std]
#![no_main]

use core::future::{Future, poll_fn};
use core::mem::MaybeUninit;
use core::pin::Pin;
use core::task::{Context, Poll};

use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use portable_atomic::{AtomicU32, Ordering};

static DONE: AtomicU32 = AtomicU32::new(0);

async fn work() {
    Timer::after_millis(30).await; // @suspend work
    DONE.add(1, Ordering::Relaxed);
}

/// Nobody ever polls it.
async fn cleanup() {
    Timer::after_millis(5).await; // @suspend cleanup
    DONE.add(100, Ordering::Relaxed);
}

/// A future that can be taken out of its place and put into another, which no future may be after its first poll.
struct Movable<F> {
    inner: MaybeUninit<F>,
}

impl<F> Movable<F> {
    fn new(future: F) -> Self {
        Self {
            inner: MaybeUninit::new(future),
        }
    }
}

impl<F> Unpin for Movable<F> {}

impl<F: Future> Future for Movable<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: none: it can be moved, and that is what the program shows.
        unsafe { Pin::new_unchecked(self.inner.assume_init_mut()) }.poll(context)
    }
}

#[embassy_executor::task]
async fn move_task() {
    Timer::after_millis(50).await; // @suspend move-late
    let mut here = Movable::new(work());
    poll_fn(|context| Poll::Ready(Pin::new(&mut here).poll(context).is_ready())).await;
    Timer::after_millis(10).await; // @suspend move-between
    let mut there = here;
    Timer::after_millis(1).await; // @suspend move-behind
    (&mut there).await; // @suspend moved
}

#[embassy_executor::task]
async fn forget_task() {
    let later = cleanup();
    Timer::after_millis(40).await; // @suspend forget
    drop(later);
    Timer::after_millis(10).await; // @suspend forgotten
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(move_task().unwrap());
    spawner.spawn(forget_task().unwrap());
}
