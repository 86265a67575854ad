//! The mistake: a future says that it is pending, and keeps no waker.
//!
//! While a conversion is done before its result is asked for, all is well: the
//! first poll is enough. The first one that takes longer is never asked about
//! again. Nothing fails; one task is silent from then on.

#![no_std]
#![no_main]

use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::Ordering;
use core::task::{Context, Poll};

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::Timer;
use lost_wake::{OTHER_WORK, READINGS, START, converter_task, heartbeat_task, take_result};
use panic_halt as _;

/// The result of the conversion under way.
struct Conversion;

impl Future for Conversion {
    type Output = u16;

    // The underscore silences the compiler, which had noticed something.
    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u16> {
        match take_result() {
            Some(result) => Poll::Ready(result),
            None => Poll::Pending,
        }
    }
}

#[embassy_executor::task]
async fn reader_task(mut pin: Output<'static>) -> ! {
    let mut readings: u32 = 0;
    loop {
        START.signal(());
        Timer::after(OTHER_WORK).await; // @suspend reader-other-work
        let result = Conversion.await; // @suspend reader-result
        readings = readings.wrapping_add(1);
        READINGS.store(readings, Ordering::Relaxed);
        pin.set_level(Level::from(result % 2 == 1));
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(converter_task().unwrap());
    spawner.spawn(reader_task(Output::new(p.PIN_16, Level::High)).unwrap());
    spawner.spawn(heartbeat_task(Output::new(p.PIN_25, Level::Low)).unwrap());
}
