//! What both programs of this sample share: a bus, a log, and an LED that goes
//! on blinking whatever happens to those who use them.

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_rp::gpio::Output;
use embassy_sync::blocking_mutex::raw::ThreadModeRawMutex;
use embassy_sync::mutex::Mutex;
use embassy_time::{Duration, Ticker};

/// How often the sensor is read, and how often the log is uploaded. At 0.77 s
/// both are due at once.
pub const READ_EVERY: Duration = Duration::from_millis(70);
pub const UPLOAD_EVERY: Duration = Duration::from_millis(110);

/// How long each of them works with what it has taken first.
pub const WORK: Duration = Duration::from_millis(4);

pub struct Bus {
    pub transfers: u32,
}

pub struct Log {
    pub entries: u32,
}

/// All users are tasks of one executor, so the cheapest kind of lock is enough.
pub static BUS: Mutex<ThreadModeRawMutex, Bus> = Mutex::new(Bus { transfers: 0 });
pub static LOG: Mutex<ThreadModeRawMutex, Log> = Mutex::new(Log { entries: 0 });

/// How often each has come to its end, for a debugger to watch. Nothing in the
/// program reads them, so they must be marked as used.
#[used]
pub static READS: AtomicU32 = AtomicU32::new(0);
#[used]
pub static UPLOADS: AtomicU32 = AtomicU32::new(0);

/// Counts where only one task counts: a Cortex-M0+ has no atomic addition.
pub fn count(counter: &AtomicU32) {
    let counted = counter.load(Ordering::Relaxed);
    counter.store(counted.wrapping_add(1), Ordering::Relaxed);
}

#[embassy_executor::task]
pub async fn blink_task(mut led: Output<'static>) -> ! {
    let mut ticker = Ticker::every(Duration::from_millis(250));
    loop {
        ticker.next().await; // @suspend blink-tick
        led.toggle();
    }
}
