//! The mistake: an array of 4 KiB that is used on both sides of an await.
//!
//! It looks like a variable on the stack, gone when it is not needed. But what
//! lives across an await is part of the future, and the future of a task is a
//! static: those bytes are taken from the first instruction to the last. And
//! they are taken three times: once here, once as the argument that `transmit`
//! was called with, and once as the variable that it has moved it to.

#![no_std]
#![no_main]

use big_future::{LENGTH, Microphone, PAUSE, Recording, loudness, radio_on, send};
use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;

#[embassy_executor::task]
async fn record_task(mut microphone: Microphone) -> ! {
    loop {
        let mut recording = [0; LENGTH];
        microphone.record(&mut recording);
        radio_on().await; // @suspend record-radio
        transmit(recording).await; // @suspend record-transmit
        Timer::after(PAUSE).await; // @suspend record-pause
    }
}

async fn transmit(recording: Recording) {
    // The radio needs a moment of silence first, and the array waits with it.
    Timer::after_millis(5).await; // @suspend transmit-silence
    send(loudness(&recording));
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    spawner.spawn(record_task(Microphone::new()).unwrap());
}
