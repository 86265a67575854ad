//! What the three programs of this sample share: a weather station in a
//! `RefCell`, and the task that wants to read it.

#![no_std]

use core::cell::RefCell;
use core::sync::atomic::{AtomicU32, Ordering};

use embassy_rp::Peri;
use embassy_rp::gpio::{Level, OutputOpenDrain};
use embassy_rp::peripherals::{PIN_2, PIN_3};
use embassy_time::{Delay, Duration, Ticker, Timer};
use static_cell::StaticCell;
use tm1637::Tm1637;

/// How long the sensor takes for one conversion.
pub const CONVERSION: Duration = Duration::from_millis(60);

/// The time between two measurements.
pub const PAUSE: Duration = Duration::from_millis(140);

const SHOW_EVERY: Duration = Duration::from_millis(45);

/// How often the display found the station borrowed, for a debugger to watch.
#[used]
pub static CONFLICTS: AtomicU32 = AtomicU32::new(0);

pub type Display = Tm1637<OutputOpenDrain<'static>, OutputOpenDrain<'static>, Delay>;

pub struct Station {
    pub measurements: u16,
    /// In tenths of a degree.
    pub temperature: u16,
}

/// The one station. Both tasks run in one executor, so a `RefCell` is enough:
/// a poll is never interrupted by another task. Across an await it is.
pub fn station() -> &'static RefCell<Station> {
    static STATION: StaticCell<RefCell<Station>> = StaticCell::new();
    STATION.init(RefCell::new(Station {
        measurements: 0,
        temperature: 0,
    }))
}

/// A made-up thermometer: asked how many measurements there were, it answers
/// with a temperature between 20.0 and 24.9 degrees.
pub fn thermometer(measurements: u16) -> u16 {
    200 + measurements % 50
}

/// Shows the temperature, or `E` and a count when the station is borrowed.
///
/// `borrow` would panic then. `try_borrow` makes the conflict something to see.
#[embassy_executor::task]
pub async fn display_task(station: &'static RefCell<Station>, mut display: Display) -> ! {
    // Start late, so that the two tasks do not always meet at the same moment.
    Timer::after(Duration::from_millis(10)).await; // @suspend display-offset
    let mut ticker = Ticker::every(SHOW_EVERY);
    let mut conflicts: u32 = 0;
    loop {
        let digits = match station.try_borrow() {
            Ok(station) => tm1637::from_number(station.temperature),
            Err(_) => {
                conflicts += 1;
                CONFLICTS.store(conflicts, Ordering::Relaxed);
                let mut digits = tm1637::from_number((conflicts % 1000) as u16);
                digits[0] = tm1637::glyph(b'E');
                digits
            }
        };
        // A display that is not plugged in is no reason to stop.
        let _ = display.show(digits);
        ticker.next().await; // @suspend display-tick
    }
}

pub fn display(clk: Peri<'static, PIN_2>, dio: Peri<'static, PIN_3>) -> Display {
    let clk = OutputOpenDrain::new(clk, Level::High);
    let dio = OutputOpenDrain::new(dio, Level::High);
    Tm1637::new(clk, dio, Delay)
}
