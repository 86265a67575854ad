//! What both programs of this sample share: the work, which does not know
//! whether it is a task or a part of one.

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_time::{Duration, Ticker, Timer};

/// How many do it side by side.
pub const DRUMMERS: usize = 8;

/// Each beats every 200 ms, and 25 ms after the one before it.
const PERIOD: Duration = Duration::from_millis(200);
const OFFSET: Duration = Duration::from_millis(25);

/// The beats of each, for a debugger to watch. Nothing in the program reads
/// them, so they must be marked as used.
#[used]
pub static BEATS: [AtomicU32; DRUMMERS] = [const { AtomicU32::new(0) }; DRUMMERS];

pub async fn drum(number: u32) {
    Timer::after(OFFSET * number).await; // @suspend drum-offset
    let mut ticker = Ticker::every(PERIOD);
    // The number is one of ours. A drummer without a drum has nothing to do.
    while let Some(beats) = BEATS.get(number as usize) {
        // A Cortex-M0+ has no atomic addition, and between two awaits needs none.
        let counted = beats.load(Ordering::Relaxed);
        beats.store(counted.wrapping_add(1), Ordering::Relaxed);
        ticker.next().await; // @suspend drum-tick
    }
}
