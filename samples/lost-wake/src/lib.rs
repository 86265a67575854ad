//! What both programs of this sample share: a converter that takes a little
//! longer each time, and an LED that shows that the rest of the program lives.

#![no_std]

use core::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use embassy_rp::gpio::Output;
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::signal::Signal;
use embassy_sync::waitqueue::AtomicWaker;
use embassy_time::{Duration, Ticker, Timer};

/// What the reader does between the start of a conversion and its result.
pub const OTHER_WORK: Duration = Duration::from_millis(100);

/// The first conversion takes this long, and each one after it 3 ms more than
/// the one before: the converter gets warm.
const FIRST_CONVERSION: Duration = Duration::from_millis(93);
const LONGEST_CONVERSION: Duration = Duration::from_millis(150);

/// How many results the reader has got, for a debugger to watch. Nothing in the
/// program reads it, so it must be marked as used.
#[used]
pub static READINGS: AtomicU32 = AtomicU32::new(0);

/// Starts a conversion.
pub static START: Signal<ThreadModeRawMutex, ()> = Signal::new();

/// Whom to wake when there is a result.
pub static WAKER: AtomicWaker = AtomicWaker::new();

/// The result, or [`NONE`].
static RESULT: AtomicU16 = AtomicU16::new(NONE);

/// A converter of twelve bits never gives this.
const NONE: u16 = u16::MAX;

/// Takes the result, if there is one.
pub fn take_result() -> Option<u16> {
    let result = RESULT.load(Ordering::Acquire);
    RESULT.store(NONE, Ordering::Release);
    (result != NONE).then_some(result)
}

/// Stands for the hardware and its interrupt.
#[embassy_executor::task]
pub async fn converter_task() -> ! {
    let mut duration = FIRST_CONVERSION;
    let mut value = 2048;
    loop {
        START.wait().await; // @suspend converter-start
        Timer::after(duration).await; // @suspend converter-busy
        RESULT.store(value, Ordering::Release);
        WAKER.wake();
        duration = LONGEST_CONVERSION.min(duration + Duration::from_millis(3));
        value = (value + 1) % 4096;
    }
}

#[embassy_executor::task]
pub async fn heartbeat_task(mut led: Output<'static>) -> ! {
    let mut ticker = Ticker::every(Duration::from_millis(250));
    loop {
        ticker.next().await; // @suspend heartbeat-tick
        led.toggle();
    }
}
