//! A waker is cloned, kept in a static, and pushed out by the next one: the task that came first is forgotten.

#![no_std]
#![no_main]

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::{Poll, Waker};

use critical_section::Mutex;
use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use portable_atomic::{AtomicBool, Ordering};

/// Has room for one.
static WAITING: Mutex<RefCell<Option<Waker>>> = Mutex::new(RefCell::new(None));
static IS_OPEN: AtomicBool = AtomicBool::new(false);

async fn gate() {
    poll_fn(|context| {
        if IS_OPEN.load(Ordering::Relaxed) {
            return Poll::Ready(());
        }
        critical_section::with(|cs| WAITING.borrow_ref_mut(cs).replace(context.waker().clone()));
        Poll::Pending
    })
    .await // @suspend gate
}

#[embassy_executor::task]
async fn first_task() {
    gate().await; // @suspend first
}

#[embassy_executor::task]
async fn second_task() {
    Timer::after_millis(300).await; // @suspend second-late
    gate().await; // @suspend second
}

#[embassy_executor::task]
async fn open_task() {
    Timer::after_millis(1500).await; // @suspend open-late
    IS_OPEN.store(true, Ordering::Relaxed);
    let waker = critical_section::with(|cs| WAITING.borrow_ref_mut(cs).take());
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(first_task().unwrap());
    spawner.spawn(second_task().unwrap());
    spawner.spawn(open_task().unwrap());
}
