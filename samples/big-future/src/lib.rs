//! What the three programs of this sample share: a microphone, made up, and what
//! is done with its samples.

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_time::{Duration, Timer};

/// How many samples make a recording: 4 KiB of them.
pub const LENGTH: usize = 2048;

pub type Recording = [u16; LENGTH];

/// The time between two recordings.
pub const PAUSE: Duration = Duration::from_millis(200);

/// The loudness that was sent last, for a debugger to watch. Nothing in the
/// program reads it, so it must be marked as used.
#[used]
pub static SENT: AtomicU32 = AtomicU32::new(0);

pub struct Microphone {
    state: u32,
}

impl Microphone {
    pub fn new() -> Self {
        Self { state: 1 }
    }

    /// Noise of twelve bits.
    pub fn record(&mut self, recording: &mut Recording) {
        for sample in recording {
            self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1);
            *sample = (self.state >> 20) as u16;
        }
    }
}

impl Default for Microphone {
    fn default() -> Self {
        Self::new()
    }
}

/// The mean distance from the middle.
pub fn loudness(recording: &Recording) -> u32 {
    let sum: u32 = recording
        .iter()
        .map(|&sample| u32::from(sample.abs_diff(2048)))
        .sum();
    sum / LENGTH as u32
}

/// Waits until the radio is on.
pub async fn radio_on() {
    Timer::after(Duration::from_millis(20)).await; // @suspend radio-start
}

pub fn send(loudness: u32) {
    SENT.store(loudness, Ordering::Relaxed);
}
