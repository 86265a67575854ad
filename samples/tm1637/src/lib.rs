//! A driver for the TM1637, the chip behind most four-digit LED displays.
//!
//! The chip has two wires, a clock and a data line, both pulled up. It looks
//! like I2C and is not: there are no addresses and the lowest bit goes first.
//!
//! ```text
//!       start   bit 0   bit 1   ...   bit 7   ack     stop
//! CLK  ‾‾‾‾‾\___/‾‾‾\___/‾‾‾\__     __/‾‾‾\___/‾‾‾\___/‾‾‾‾‾
//! DIO  ‾‾\______X======X=======     X=====\___________/‾‾
//! ```
//!
//! The chip takes a bit when the clock rises. While the clock is high, the
//! data line may only move to say start (it falls) or stop (it rises). After
//! each byte the chip itself pulls the data line low for a ninth clock.
//!
//! **This driver blocks.** A whole update takes 0.3 ms, or 2.7 ms in a build
//! without optimisation; to suspend at each of its 150 or so steps would cost
//! more. A task that must react faster should not share an executor with it.

#![no_std]

use core::convert::Infallible;

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{InputPin, OutputPin};

mod segments;

pub use segments::{from_number, from_text, glyph};

/// How many digits the display has.
pub const DIGITS: usize = 4;

/// Write display memory, and move to the next digit after each byte.
const COMMAND_WRITE: u8 = 0x40;
/// Start at this digit (added to the command).
const COMMAND_ADDRESS: u8 = 0xC0;
/// Display on; the lowest three bits say how bright.
const COMMAND_ON: u8 = 0x88;

/// How long the clock stays at each level at least. The chip takes up to
/// 500 kHz; this is half of that, for the sake of long wires.
const HALF_CLOCK_US: u32 = 2;

/// The chip did not acknowledge a byte: most likely there is no display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDisplay;

/// A display on two open-drain pins: a pin set high is let go, and a pull-up
/// (every module has them) makes it high.
pub struct Tm1637<Clk, Dio, Delay> {
    clk: Clk,
    dio: Dio,
    delay: Delay,
    brightness: u8,
}

impl<Clk, Dio, Delay> Tm1637<Clk, Dio, Delay>
where
    Clk: OutputPin<Error = Infallible>,
    Dio: OutputPin<Error = Infallible> + InputPin,
    Delay: DelayNs,
{
    /// A display at medium brightness. Nothing is sent yet.
    pub fn new(clk: Clk, dio: Dio, delay: Delay) -> Self {
        Self {
            clk,
            dio,
            delay,
            brightness: 3,
        }
    }

    /// From 0, dim, to 7. It shows with the next update.
    pub fn set_brightness(&mut self, brightness: u8) {
        self.brightness = brightness.min(7);
    }

    /// Shows up to four characters, from the left.
    pub fn show_text(&mut self, text: &str) -> Result<(), NoDisplay> {
        self.show(from_text(text))
    }

    /// Shows a number at the right, without leading zeros.
    pub fn show_number(&mut self, number: u16) -> Result<(), NoDisplay> {
        self.show(from_number(number))
    }

    /// Shows four digits, each a set of lit segments: bit 0 is segment A at the
    /// top, then clockwise, bit 6 the middle, bit 7 the colon.
    pub fn show(&mut self, digits: [u8; DIGITS]) -> Result<(), NoDisplay> {
        self.transfer(&[COMMAND_WRITE])?;
        let [a, b, c, d] = digits;
        self.transfer(&[COMMAND_ADDRESS, a, b, c, d])?;
        self.transfer(&[COMMAND_ON | self.brightness])
    }

    fn transfer(&mut self, bytes: &[u8]) -> Result<(), NoDisplay> {
        self.start();
        let sent = bytes.iter().try_for_each(|&byte| self.write(byte));
        self.stop(); // also when the chip did not answer: leave the bus idle
        sent
    }

    fn start(&mut self) {
        self.set_dio(true);
        self.set_clk(true);
        self.wait();
        self.set_dio(false);
        self.wait();
    }

    fn stop(&mut self) {
        self.set_clk(false);
        self.set_dio(false);
        self.wait();
        self.set_clk(true);
        self.wait();
        self.set_dio(true);
        self.wait();
    }

    fn write(&mut self, byte: u8) -> Result<(), NoDisplay> {
        for bit in 0..8 {
            self.set_clk(false);
            self.set_dio(byte >> bit & 1 == 1);
            self.wait();
            self.set_clk(true);
            self.wait();
        }

        self.set_clk(false);
        self.set_dio(true); // let go: the chip answers on this line
        self.wait();
        let Ok(acknowledged) = self.dio.is_low();
        self.set_clk(true);
        self.wait();
        // The chip lets go when the clock falls again: at the next bit, or at stop.
        if acknowledged { Ok(()) } else { Err(NoDisplay) }
    }

    fn set_clk(&mut self, high: bool) {
        let Ok(()) = self.clk.set_state(high.into());
    }

    fn set_dio(&mut self, high: bool) {
        let Ok(()) = self.dio.set_state(high.into());
    }

    fn wait(&mut self) {
        self.delay.delay_us(HALF_CLOCK_US);
    }
}
