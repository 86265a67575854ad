//! The first good form: the array's scope ends before the first await.
//!
//! Only what is needed later lives across it: four bytes. The array is on the
//! stack, which all tasks share, for as long as it is computed with.

#![no_std]
#![no_main]

use big_future::{LENGTH, Microphone, PAUSE, loudness, radio_on, send};
use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;

#[embassy_executor::task]
async fn record_task(mut microphone: Microphone) -> ! {
    loop {
        let loudness = {
            let mut recording = [0; LENGTH];
            microphone.record(&mut recording);
            loudness(&recording)
        };
        radio_on().await; // @suspend record-radio
        transmit(loudness).await; // @suspend record-transmit
        Timer::after(PAUSE).await; // @suspend record-pause
    }
}

async fn transmit(loudness: u32) {
    Timer::after_millis(5).await; // @suspend transmit-silence
    send(loudness);
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    spawner.spawn(record_task(Microphone::new()).unwrap());
}
