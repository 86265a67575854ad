//! What both programs of this sample share: a sensor that takes its time, and a
//! record of how late the program is.

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_time::{Duration, Instant, Timer};

/// How often there is to be a measurement.
pub const PERIOD: Duration = Duration::from_millis(100);

/// How long one takes.
const CONVERSION: Duration = Duration::from_millis(7);

/// By how many microseconds the last measurement began too late, for a debugger
/// to watch. Nothing in the program reads it, so it must be marked as used.
#[used]
pub static LATE_US: AtomicU32 = AtomicU32::new(0);

/// When the measurements are due: the first a period after the start, and each
/// of the others a period after the one before.
pub struct Schedule {
    due: Instant,
}

impl Schedule {
    pub fn starting_now() -> Self {
        Self {
            due: Instant::now(),
        }
    }

    /// Records that the next measurement begins.
    pub fn begin(&mut self) {
        self.due += PERIOD;
        let late = Instant::now().saturating_duration_since(self.due);
        LATE_US.store(late.as_micros() as u32, Ordering::Relaxed);
    }
}

/// Lets the sensor measure.
pub async fn measure() {
    Timer::after(CONVERSION).await; // @suspend measure-conversion
}
