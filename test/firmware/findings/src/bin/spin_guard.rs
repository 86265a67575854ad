//! Guards of locks that spin, and of one that the program has written itself. The run knows the latter's guard only if
//! its type is listed.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};

use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use portable_atomic::{AtomicBool, Ordering};

static COUNT: spin::Mutex<u32> = spin::Mutex::new(0);
static TABLE: spin::RwLock<[u8; 4]> = spin::RwLock::new([0; 4]);
static FREE: spin::Mutex<u32> = spin::Mutex::new(0);
static OWN: Lock<u32> = Lock::new(0);
static OWN_FREE: Lock<u32> = Lock::new(0);

/// A lock as people write it.
struct Lock<T> {
    taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: whoever sees `taken` become true is the only one to use the value.
unsafe impl<T> Sync for Lock<T> {}

impl<T> Lock<T> {
    const fn new(value: T) -> Self {
        Self {
            taken: AtomicBool::new(false),
            value: UnsafeCell::new(value),
        }
    }

    fn lock(&self) -> LockGuard<'_, T> {
        while self.taken.swap(true, Ordering::Acquire) {}
        LockGuard { lock: self }
    }
}

struct LockGuard<'a, T> {
    lock: &'a Lock<T>,
}

impl<T> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the guard is the only one.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard is the only one.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for LockGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.taken.store(false, Ordering::Release);
    }
}

/// Longer than the run.
async fn rest() {
    Timer::after_secs(60).await; // @suspend rest
}

#[embassy_executor::task]
async fn mutex_task() {
    let mut count = COUNT.lock();
    rest().await; // @suspend spin-mutex
    *count += 1;
}

#[embassy_executor::task]
async fn read_task() {
    let table = TABLE.read();
    rest().await; // @suspend spin-read
    core::hint::black_box(table[0]);
}

#[embassy_executor::task]
async fn dropped_task() -> ! {
    loop {
        let mut count = FREE.lock();
        *count += 1;
        drop(count);
        Timer::after_millis(20).await; // @suspend spin-dropped
    }
}

#[embassy_executor::task]
async fn own_task() {
    let mut count = OWN.lock();
    rest().await; // @suspend own-lock
    *count += 1;
}

#[embassy_executor::task]
async fn own_dropped_task() -> ! {
    loop {
        let mut count = OWN_FREE.lock();
        *count += 1;
        drop(count);
        Timer::after_millis(20).await; // @suspend own-dropped
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    spawner.spawn(mutex_task().unwrap());
    spawner.spawn(read_task().unwrap());
    spawner.spawn(dropped_task().unwrap());
    spawner.spawn(own_task().unwrap());
    spawner.spawn(own_dropped_task().unwrap());
}
