//! What both programs of this sample share: the victim, and the work.

#![no_std]

use core::sync::atomic::AtomicU32;

use embassy_rp::gpio::Output;
use embassy_time::{Duration, Ticker};

/// How often the LED is meant to change.
pub const LED_PERIOD: Duration = Duration::from_millis(50);

/// The time between two checks of the flash.
pub const CHECK_PAUSE: Duration = Duration::from_millis(300);

/// The checksum of the last complete check, for a debugger to watch. Nothing in
/// the program reads it, so it must be marked as used, or an optimised build
/// would leave it out, and the whole computation with it.
#[used]
pub static CHECKSUM: AtomicU32 = AtomicU32::new(0);

/// Needs the core for a few microseconds every 50 ms. It shows at once when
/// somebody else keeps it for longer.
#[embassy_executor::task]
pub async fn blink_task(mut led: Output<'static>) -> ! {
    let mut ticker = Ticker::every(LED_PERIOD);
    loop {
        ticker.next().await; // @suspend blink-tick
        led.toggle();
    }
}

/// How many bytes a polite check computes before it lets others run.
pub const CHUNK: usize = 256;

/// The first 128 KiB of the flash, where the program itself is.
pub fn flash() -> &'static [u8] {
    const FLASH: *const u8 = 0x1000_0000 as *const u8;
    // SAFETY: the Pico has 2 MiB of flash mapped here, and nothing writes to it
    // while this program runs.
    unsafe { core::slice::from_raw_parts(FLASH, 128 * 1024) }
}

/// A CRC-32, bit by bit: small, correct and slow. Start with `!0`, feed it
/// piece by piece, and invert the end.
pub fn crc32(mut crc: u32, bytes: &[u8]) -> u32 {
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
    }
    crc
}
