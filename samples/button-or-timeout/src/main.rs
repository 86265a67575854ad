//! Waits for a button and for a clock at once, and shows which came first.
//!
//! `select` polls both futures until one is ready. The other one is dropped
//! where it stands; a dropped future is how async Rust cancels.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_futures::select::{Either, select};
use embassy_rp::gpio::{Input, Level, OutputOpenDrain, Pull};
use embassy_time::{Delay, Duration, Timer};
use panic_halt as _;
use tm1637::Tm1637;

/// How long to wait for a press.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the contacts of a button may bounce.
const BOUNCE: Duration = Duration::from_millis(20);

type Display = Tm1637<OutputOpenDrain<'static>, OutputOpenDrain<'static>, Delay>;

#[embassy_executor::task]
async fn watch_task(mut button: Input<'static>, mut display: Display) -> ! {
    // A display that is not plugged in is no reason to stop.
    let _ = display.show_text("----");
    loop {
        let press = button.wait_for_falling_edge();
        let first = select(press, Timer::after(PATIENCE)).await; // @suspend press-or-timeout
        match first {
            Either::First(()) => {
                let _ = display.show_text("btn ");
                released(&mut button).await; // @suspend watch-release
            }
            Either::Second(()) => {
                let _ = display.show_text("time");
            }
        }
    }
}

/// Waits until the button is up again and its contacts are at rest.
async fn released(button: &mut Input<'static>) {
    Timer::after(BOUNCE).await; // @suspend released-press-bounce
    button.wait_for_high().await; // @suspend released-up
    Timer::after(BOUNCE).await; // @suspend released-up-bounce
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    // The button connects the pin to ground; until then the pull-up keeps it high.
    let button = Input::new(p.PIN_15, Pull::Up);
    let clk = OutputOpenDrain::new(p.PIN_2, Level::High);
    let dio = OutputOpenDrain::new(p.PIN_3, Level::High);

    spawner.spawn(watch_task(button, Tm1637::new(clk, dio, Delay)).unwrap());
}
