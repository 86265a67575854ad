//! The right form: whoever returns `Pending` has left a waker behind.

#![no_std]
#![no_main]

use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::Ordering;
use core::task::{Context, Poll};

use embassy_executor::Spawner;
use embassy_rp::gpio::{Level, Output};
use embassy_time::Timer;
use lost_wake::{OTHER_WORK, READINGS, START, WAKER, converter_task, heartbeat_task, take_result};
use panic_halt as _;

/// The result of the conversion under way.
struct Conversion;

impl Future for Conversion {
    type Output = u16;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u16> {
        // Before the look at the result: a result that comes between the two
        // finds the waker in its place.
        WAKER.register(cx.waker());
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
