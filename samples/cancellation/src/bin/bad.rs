//! The mistake: a transaction in two steps, dropped between them.
//!
//! `select` drops the future that was slower. A dropped future does not go on,
//! does not fail and does not clean up: its code just ends at an await.

#![no_std]
#![no_main]

use cancellation::{AMOUNT, Bank, PATIENCE, TRANSFER_EVERY, audit_task, bank};
use embassy_executor::Spawner;
use embassy_futures::select::select;
use embassy_rp::gpio::{Level, Output};
use embassy_time::{Ticker, Timer};
use panic_halt as _;

async fn transfer(bank: &Bank) {
    let Some(rest) = bank.ours.get().checked_sub(AMOUNT) else {
        return;
    };
    bank.ours.set(rest);
    // Whoever drops this future here has taken money and given it to nobody.
    bank.write_page().await; // @suspend transfer-taken
    bank.theirs.set(bank.theirs.get() + AMOUNT);
    bank.write_page().await; // @suspend transfer-given
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
