//! The first good form: everything that waits comes first, and the changes come
//! last, together, with no await between them.
//!
//! Such a future may be dropped at any of its awaits: either nothing has
//! happened yet, or everything has.

#![no_std]
#![no_main]

use cancellation::{AMOUNT, Bank, PATIENCE, TRANSFER_EVERY, audit_task, bank};
use embassy_executor::Spawner;
use embassy_futures::select::select;
use embassy_rp::gpio::{Level, Output};
use embassy_time::{Ticker, Timer};
use panic_halt as _;

async fn transfer(bank: &Bank) {
    // Both accounts go to fresh pages. The old ones are valid meanwhile.
    bank.write_page().await; // @suspend transfer-first-page
    bank.write_page().await; // @suspend transfer-second-page
    let Some(rest) = bank.ours.get().checked_sub(AMOUNT) else {
        return;
    };
    bank.ours.set(rest);
    bank.theirs.set(bank.theirs.get() + AMOUNT);
}

#[embassy_executor::task]
async fn teller_task(bank: &'static Bank) -> ! {
    let mut ticker = Ticker::every(TRANSFER_EVERY);
    loop {
        ticker.next().await; // @suspend teller-tick
        let _ = select(transfer(bank), Timer::after(PATIENCE)).await; // @suspend transfer-or-timeout
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    let bank = bank();
    spawner.spawn(teller_task(bank).unwrap());
    spawner.spawn(audit_task(bank, Output::new(p.PIN_25, Level::Low)).unwrap());
}
