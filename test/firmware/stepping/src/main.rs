//! Async functions that are hard to step through: each task is one difficulty.
//!
//! Statements stand on lines of their own, but where that is the difficulty.

#![no_std]
#![no_main]

use core::cell::RefCell;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::{Context, Poll, Waker};

use embassy_executor::Spawner;
use embassy_futures::join::{join, join3};
use embassy_futures::select::{Either, select};
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_time::Timer;
use panic_halt as _;

/// What all of this leaves behind, so that nothing is optimised away.
#[used]
static TOTAL: AtomicU32 = AtomicU32::new(0);

fn count(by: u32) {
    let total = TOTAL.load(Ordering::Relaxed);
    TOTAL.store(total.wrapping_add(by), Ordering::Relaxed);
}

static SLEEPER: Mutex<CriticalSectionRawMutex, RefCell<Option<Waker>>> = Mutex::new(RefCell::new(None));

/// Is polled many times at each await, and goes on at none of these polls.
#[embassy_executor::task]
async fn disturbed_task() {
    poll_fn(|context| {
        SLEEPER.lock(|sleeper| *sleeper.borrow_mut() = Some(context.waker().clone()));
        Poll::Ready(())
    })
    .await;
    count(1);
    Timer::after_millis(10).await;
    count(2);
    disturbed_nap(5).await;
    count(3);
}

async fn disturbed_nap(millis: u64) {
    Timer::after_millis(millis).await;
    count(4);
}

/// Wakes the other every millisecond, for no reason.
#[embassy_executor::task]
async fn noise_task() {
    for _ in 0..200 {
        Timer::after_millis(1).await;
        SLEEPER.lock(|sleeper| {
            if let Some(waker) = sleeper.borrow().as_ref() {
                waker.wake_by_ref();
            }
        });
    }
}

/// A select in a loop, one branch of which is a join of two futures of one async fn.
#[embassy_executor::task]
async fn nested_task() {
    let mut round = 0;
    while round < 3 {
        let both = join(tick(round, 2), tick(round, 3));
        match select(both, Timer::after_millis(5)).await {
            Either::First((a, b)) => {
                count(a + b);
            }
            Either::Second(()) => {
                count(100);
            }
        }
        round += 1;
    }
}

async fn tick(round: u32, millis: u64) -> u32 {
    count(round);
    Timer::after_millis(millis + u64::from(round)).await;
    count(millis as u32);
    round
}

/// One async fn with two types, and twice with one of them.
#[embassy_executor::task]
async fn generic_task() {
    let (a, b, c) = join3(scaled(3u8), scaled(500u32), scaled(7u8)).await;
    count(a);
    count(b);
    count(c);
}

async fn scaled<T: Into<u32>>(value: T) -> u32 {
    let wide = value.into();
    Timer::after_millis(u64::from(wide % 10)).await;
    let doubled = wide * 2;
    yield_now().await;
    doubled
}

/// Futures without names: async blocks and closures.
#[embassy_executor::task]
async fn nameless_task() {
    let base = 5;
    let block = async {
        Timer::after_millis(2).await;
        count(base);
        base + 1
    };
    let from_block = block.await;
    let add = async |by: u32| {
        Timer::after_millis(1).await;
        count(from_block + by);
    };
    add(1).await;
    add(2).await;
}

macro_rules! pause {
    ($millis:expr) => {
        Timer::after_millis($millis).await;
        count(7);
    };
}

/// Awaits that do not stand at the end of a line, or not on one.
#[embassy_executor::task]
async fn crooked_task() {
    Timer
        ::after_millis(
            2,
        )
        .await;
    let sum = one(1).await + one(2).await;
    count(sum);
    pause!(1);
    for _ in 0..2 { one(3).await; }
    let chosen = if sum > 2 {
        one(4).await
    } else {
        one(5).await
    };
    count(chosen);
    let kept = fallible(chosen).await.unwrap_or(0);
    count(kept);
}

async fn one(value: u32) -> u32 { Timer::after_millis(1).await; value }

async fn fallible(value: u32) -> Result<u32, ()> {
    let checked = check(value).await?;
    Timer::after_millis(1).await;
    Ok(checked)
}

async fn check(value: u32) -> Result<u32, ()> {
    Timer::after_millis(1).await;
    if value > 3 {
        return Err(());
    }
    Ok(value)
}

/// A future that is polled through a pointer to a trait object, and one that is polled by hand.
#[embassy_executor::task]
async fn indirect_task() {
    let mut first = pin!(tick(1, 1));
    let dynamic: Pin<&mut dyn Future<Output = u32>> = first.as_mut();
    let got = dynamic.await;
    count(got);
    let second = pin!(tick(2, 1));
    let again = Twice { inner: second, polls: 0 }.await;
    count(again);
}

/// Counts the polls of another future.
struct Twice<F> {
    inner: F,
    polls: u32,
}

impl<F: Future<Output = u32> + Unpin> Future for Twice<F> {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        self.polls += 1;
        let polls = self.polls;
        match Pin::new(&mut self.inner).poll(context) {
            Poll::Ready(value) => Poll::Ready(value + polls),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Three instances at once.
#[embassy_executor::task(pool_size = 3)]
async fn pooled_task(number: u32) {
    for round in 0..3 {
        count(number);
        Timer::after_millis(u64::from(number + round)).await;
        count(round);
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    spawner.spawn(disturbed_task().unwrap());
    spawner.spawn(noise_task().unwrap());
    spawner.spawn(nested_task().unwrap());
    spawner.spawn(generic_task().unwrap());
    spawner.spawn(nameless_task().unwrap());
    spawner.spawn(crooked_task().unwrap());
    spawner.spawn(indirect_task().unwrap());
    for number in 1..=3 {
        spawner.spawn(pooled_task(number).unwrap());
    }
}
