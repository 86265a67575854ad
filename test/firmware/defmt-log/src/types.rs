//! Types that say how they are formatted.

use defmt::{Format, Formatter, info, write};

#[derive(Format)]
struct Unit;

#[derive(Format)]
struct Reading {
    tenths: i16,
    valid: bool,
    name: &'static str,
}

#[derive(Format)]
struct Pair(u8, Option<u16>);

#[derive(Format)]
enum Event {
    Idle,
    Pressed { pin: u8 },
    Received(u8, Reading),
}

#[derive(Format)]
enum Only {
    One(u8),
}

#[derive(Format)]
struct Generic<T> {
    inner: T,
}

#[derive(Format)]
struct Hints {
    #[defmt(Debug2Format)]
    debug: core::time::Duration,
    #[defmt(Display2Format)]
    display: core::net::Ipv4Addr,
}

struct Celsius(i16);

impl Format for Celsius {
    fn format(&self, f: Formatter) {
        write!(f, "{=i16}.{=i16} °C", self.0 / 10, self.0 % 10);
    }
}

/// A value that is written piece by piece.
struct List<'a>(&'a [u8]);

impl Format for List<'_> {
    fn format(&self, f: Formatter) {
        write!(f, "<");
        for each in self.0 {
            write!(f, "{=u8:x};", *each);
        }
        write!(f, ">");
    }
}

defmt::bitflags! {
    struct Flags: u8 {
        const READY = 1;
        const BUSY = 1 << 1;
        const BOTH = Self::READY.bits | Self::BUSY.bits;
        const FAULT = 1 << 7;
    }
}

fn reading(tenths: i16) -> Reading {
    Reading { tenths, valid: tenths > 0, name: "sensor \"a\"" }
}

pub fn log_types() {
    info!("{} {}", Unit, reading(215));
    info!("{=?} {:?}", reading(-5), Pair(1, Some(2)));
    info!("{} {} {}", Event::Idle, Event::Pressed { pin: 15 }, Event::Received(7, reading(1)));
    info!("{} {}", Only::One(3), Pair(0, None));
    info!("{} {}", Generic { inner: 5u8 }, Generic { inner: Event::Pressed { pin: 1 } });
    info!("{}", Hints { debug: core::time::Duration::from_millis(1500), display: core::net::Ipv4Addr::LOCALHOST });
    info!("{} {:#x}", Celsius(231), Pair(255, Some(4096)));
    info!("list {} {}", List(&[1, 2, 255]), List(&[]));
    info!("flags {} {} {}", Flags::READY | Flags::FAULT, Flags::BOTH, Flags::empty());
    info!("results {} {}", Ok::<u8, Unit>(1), Err::<u8, Unit>(Unit));
    info!("tuples {} {}", (1u8, "two", 3.0f32), ((), Some(Unit)));
    info!("slices {} {}", [Event::Idle, Event::Pressed { pin: 2 }], [[1u8, 2], [3, 4]]);
    info!("references {} {}", &&reading(3), Some(&Celsius(-5)));
    info!("hint for all inside {:#x} {=?:b}", [Some(10u32), None], Some(5u8));
    info!("range {} {}", 1u8..4, 0u16..=9);
}
