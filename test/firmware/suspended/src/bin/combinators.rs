//! Futures that are made of futures. One second after power-on, every task is suspended for good.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::boxed::Box;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll};

use embassy_executor::Spawner;
use embassy_futures::join::{join, join_array, join3, join4, join5};
use embassy_futures::select::{select, select_array, select_slice, select3, select4};
use embassy_futures::yield_now;
use embassy_time::{Duration, Ticker, Timer, with_timeout};
use panic_halt as _;
use suspended::BumpAllocator;

#[global_allocator]
static HEAP: BumpAllocator = BumpAllocator::new();

/// A leaf with an `async fn` around it.
async fn nap(seconds: u64) -> u64 {
    Timer::after_secs(seconds).await; // @suspend nap
    seconds
}

/// Ends after a millisecond.
async fn soon(value: u8) -> u8 {
    Timer::after_millis(1).await; // @suspend soon
    value
}

#[embassy_executor::task]
async fn select_task() {
    select(nap(60), Timer::after_secs(61)).await; // @suspend select
}

#[embassy_executor::task]
async fn select3_task() {
    select3(nap(60), async { nap(61).await }, Timer::after_secs(62)).await; // @suspend select3
}

#[embassy_executor::task]
async fn select4_task() {
    select4(
        nap(60),
        select(nap(61), nap(62)),
        join(nap(63), nap(64)),
        nap(65),
    )
    .await; // @suspend select4
}

#[embassy_executor::task]
async fn select_array_task() {
    select_array([nap(60), nap(61), nap(62)]).await; // @suspend select-array
}

#[embassy_executor::task]
async fn select_slice_task() {
    let mut naps = pin!([nap(60), nap(61)]);
    select_slice(naps.as_mut()).await; // @suspend select-slice
}

#[embassy_executor::task]
async fn join_task() {
    join(soon(7), nap(60)).await; // @suspend join
}

#[embassy_executor::task]
async fn join3_task() {
    join3(nap(60), soon(7), Timer::after_secs(62)).await; // @suspend join3
}

#[embassy_executor::task]
async fn join4_task() {
    join4(soon(1), soon(2), soon(3), nap(60)).await; // @suspend join4
}

#[embassy_executor::task]
async fn join5_task() {
    join5(nap(60), nap(61), nap(62), nap(63), async { 5u8 }).await; // @suspend join5
}

#[embassy_executor::task]
async fn join_array_task() {
    join_array([nap(60), nap(0), nap(62)]).await; // @suspend join-array
}

#[embassy_executor::task]
async fn timeout_task() {
    let result = with_timeout(Duration::from_secs(60), nap(70)).await; // @suspend timeout
    core::hint::black_box(result.is_ok());
}

#[embassy_executor::task]
async fn ticker_task() {
    let mut ticker = Ticker::every(Duration::from_secs(60));
    loop {
        ticker.next().await; // @suspend ticker
    }
}

#[embassy_executor::task]
async fn boxed_task() {
    let boxed: Pin<Box<dyn Future<Output = u64>>> = Box::pin(nap(60));
    boxed.await; // @suspend boxed
}

#[embassy_executor::task]
async fn boxed_array_task() {
    let first: Pin<Box<dyn Future<Output = u64>>> = Box::pin(nap(60));
    let second: Pin<Box<dyn Future<Output = u64>>> = Box::pin(async {
        Timer::after_secs(61).await; // @suspend boxed-block
        61
    });
    select_array([first, second]).await; // @suspend boxed-array
}

#[embassy_executor::task]
async fn dyn_task() {
    let mut kept = pin!(nap(60));
    let erased: Pin<&mut dyn Future<Output = u64>> = kept.as_mut();
    erased.await; // @suspend dyn
}

/// Calls itself, which a future can only do in a box.
fn descend(levels: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move {
        if levels == 0 {
            nap(60).await; // @suspend descend-end
            return 0;
        }
        descend(levels - 1).await + 1 // @suspend descend
    })
}

#[embassy_executor::task]
async fn recursive_task() {
    descend(2).await; // @suspend recursive
}

/// A future that a user wrote: it polls two, one of which may be gone.
struct Race<A, B> {
    polls: u32,
    first: A,
    second: Option<B>,
}

impl<A: Future + Unpin, B: Future + Unpin> Future for Race<A, B> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.polls += 1;
        if Pin::new(&mut self.first).poll(context).is_ready() {
            return Poll::Ready(());
        }
        if let Some(second) = &mut self.second
            && Pin::new(second).poll(context).is_ready()
        {
            self.second = None;
        }
        Poll::Pending
    }
}

#[embassy_executor::task]
async fn race_task() {
    let slow = pin!(nap(60));
    Race {
        polls: 0,
        first: slow,
        second: Some(Timer::after_secs(61)),
    }
    .await; // @suspend race
}

/// The second one ends, and is taken out of its option.
#[embassy_executor::task]
async fn race_won_task() {
    let slow = pin!(nap(60));
    Race {
        polls: 0,
        first: slow,
        second: Some(Timer::after_millis(1)),
    }
    .await; // @suspend race-won
}

#[embassy_executor::task]
async fn poll_fn_task() {
    let mut timer = pin!(nap(60));
    poll_fn(|context| timer.as_mut().poll(context)).await; // @suspend poll-fn
}

#[embassy_executor::task]
async fn closure_task() {
    let mut calls = 0u8;
    let mut rest = async |seconds: u64| {
        calls += 1;
        nap(seconds).await; // @suspend closure-inside
    };
    rest(60).await; // @suspend closure
    core::hint::black_box(calls);
}

/// Awaits what it is given, whatever that is.
async fn after<F: Future>(pause: Duration, then: F) -> F::Output {
    Timer::after(pause).await; // @suspend after-pause
    then.await // @suspend after-then
}

#[embassy_executor::task]
async fn generic_task() {
    let inside = after(Duration::from_millis(1), nap(60));
    after(Duration::from_millis(2), inside).await; // @suspend generic
}

#[embassy_executor::task]
async fn block_task() {
    let level = 3u8;
    let block = async {
        let deeper = async {
            nap(60).await; // @suspend block-deeper
            level
        };
        deeper.await + 1 // @suspend block-inside
    };
    block.await; // @suspend block
}

/// An async method of a trait, called through a type parameter.
trait Sensor {
    async fn measure(&mut self) -> u16;
}

struct Thermometer {
    tenths: u16,
}

impl Sensor for Thermometer {
    async fn measure(&mut self) -> u16 {
        nap(60).await; // @suspend measure
        self.tenths
    }
}

async fn sample<S: Sensor>(mut sensor: S) -> u16 {
    sensor.measure().await // @suspend sample
}

#[embassy_executor::task]
async fn trait_task() {
    sample(Thermometer { tenths: 231 }).await; // @suspend trait
}

/// A pinned local that is polled once by hand, left alone while another is awaited.
#[embassy_executor::task]
async fn pinned_task() {
    let mut later = pin!(nap(70));
    select(later.as_mut(), soon(1)).await;
    yield_now().await;
    nap(60).await; // @suspend pinned
    later.await;
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(select_task().unwrap());
    spawner.spawn(select3_task().unwrap());
    spawner.spawn(select4_task().unwrap());
    spawner.spawn(select_array_task().unwrap());
    spawner.spawn(select_slice_task().unwrap());
    spawner.spawn(join_task().unwrap());
    spawner.spawn(join3_task().unwrap());
    spawner.spawn(join4_task().unwrap());
    spawner.spawn(join5_task().unwrap());
    spawner.spawn(join_array_task().unwrap());
    spawner.spawn(timeout_task().unwrap());
    spawner.spawn(ticker_task().unwrap());
    spawner.spawn(boxed_task().unwrap());
    spawner.spawn(boxed_array_task().unwrap());
    spawner.spawn(dyn_task().unwrap());
    spawner.spawn(recursive_task().unwrap());
    spawner.spawn(race_task().unwrap());
    spawner.spawn(race_won_task().unwrap());
    spawner.spawn(poll_fn_task().unwrap());
    spawner.spawn(closure_task().unwrap());
    spawner.spawn(generic_task().unwrap());
    spawner.spawn(block_task().unwrap());
    spawner.spawn(trait_task().unwrap());
    spawner.spawn(pinned_task().unwrap());
}
