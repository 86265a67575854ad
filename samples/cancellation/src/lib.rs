//! What the three programs of this sample share: two accounts, a slow flash chip
//! that keeps them, and an auditor who counts the money.

#![no_std]

use core::cell::Cell;
use core::sync::atomic::{AtomicU32, Ordering};

use embassy_rp::gpio::{Level, Output};
use embassy_time::{Duration, Ticker, Timer};
use static_cell::StaticCell;

/// How often money is moved.
pub const TRANSFER_EVERY: Duration = Duration::from_millis(100);

/// How much of it.
pub const AMOUNT: u32 = 10;

/// How long a transfer may take before the machine has to serve the next customer.
pub const PATIENCE: Duration = Duration::from_millis(50);

/// A page of flash is written in 20 ms. Now and then the chip has to erase first.
const WRITE: Duration = Duration::from_millis(20);
const WRITE_WITH_ERASE: Duration = Duration::from_millis(60);
const WRITES_PER_ERASE: u32 = 5;

const TOTAL: u32 = 2_000_000;

/// What the last audit found missing, for a debugger to watch. Nothing in the
/// program reads it, so it must be marked as used.
#[used]
pub static MISSING: AtomicU32 = AtomicU32::new(0);

pub struct Bank {
    pub ours: Cell<u32>,
    pub theirs: Cell<u32>,
    writes: Cell<u32>,
}

/// The one bank. All tasks run in one executor, so cells are enough.
pub fn bank() -> &'static Bank {
    static BANK: StaticCell<Bank> = StaticCell::new();
    BANK.init(Bank {
        ours: Cell::new(TOTAL / 2),
        theirs: Cell::new(TOTAL / 2),
        writes: Cell::new(0),
    })
}

impl Bank {
    /// Writes a page of the flash chip.
    pub async fn write_page(&self) {
        let writes = self.writes.get().wrapping_add(1);
        self.writes.set(writes);
        let duration = if writes.is_multiple_of(WRITES_PER_ERASE) {
            WRITE_WITH_ERASE
        } else {
            WRITE
        };
        Timer::after(duration).await; // @suspend write-page
    }
}

/// Counts the money shortly before each transfer, when none is under way. The
/// LED is on while some is missing.
#[embassy_executor::task]
pub async fn audit_task(bank: &'static Bank, mut led: Output<'static>) -> ! {
    Timer::after(TRANSFER_EVERY - Duration::from_millis(5)).await; // @suspend audit-offset
    let mut ticker = Ticker::every(TRANSFER_EVERY);
    loop {
        let missing = TOTAL - bank.ours.get() - bank.theirs.get();
        MISSING.store(missing, Ordering::Relaxed);
        led.set_level(Level::from(missing > 0));
        ticker.next().await; // @suspend audit-tick
    }
}
