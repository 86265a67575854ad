//! The second good form, for an array that is really needed on both sides: it
//! lies in a static of its own, once, and the futures hold a reference to it.
//!
//! It takes its 4 KiB as before. But it has a name, it is there once, and no
//! future has to move it.

#![no_std]
#![no_main]

use big_future::{LENGTH, Microphone, PAUSE, Recording, loudness, radio_on, send};
use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use static_cell::StaticCell;

static RECORDING: StaticCell<Recording> = StaticCell::new();

#[embassy_executor::task]
async fn record_task(mut microphone: Microphone, recording: &'static mut Recording) -> ! {
    loop {
        microphone.record(recording);
        radio_on().await; // @suspend record-radio
        transmit(recording).await; // @suspend record-transmit
        Timer::after(PAUSE).await; // @suspend record-pause
    }
}

async fn transmit(recording: &Recording) {
    Timer::after_millis(5).await; // @suspend transmit-silence
    send(loudness(recording));
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    let recording = RECORDING.init([0; LENGTH]);
    spawner.spawn(record_task(Microphone::new(), recording).unwrap());
}
