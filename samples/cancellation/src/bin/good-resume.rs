//! The second good form: `select` only borrows the transaction. When the timer
//! is first, the transaction is still there, and is awaited to its end.
//!
//! The transaction itself is the one that loses money when it is dropped.

#![no_std]
#![no_main]

use core::pin::pin;

use cancellation::{AMOUNT, Bank, PATIENCE, TRANSFER_EVERY, audit_task, bank};
use embassy_executor::Spawner;
use embassy_futures::select::{Either, select};
use embassy_rp::gpio::{Level, Output};
use embassy_time::{Ticker, Timer};
use panic_halt as _;

async fn transfer(bank: &Bank) {
    let Some(rest) = bank.ours.get().checked_sub(AMOUNT) else {
        return;
    };
    bank.ours.set(rest);
    bank.write_page().await; // @suspend transfer-taken
    bank.theirs.set(bank.theirs.get() + AMOUNT);
    bank.write_page().await; // @suspend transfer-given
}

#[embassy_executor::task]
async fn teller_task(bank: &'static Bank, mut late: Output<'static>) -> ! {
    let mut ticker = Ticker::every(TRANSFER_EVERY);
    loop {
        ticker.next().await; // @suspend teller-tick
        let mut transfer = pin!(transfer(bank));
        let first = select(transfer.as_mut(), Timer::after(PATIENCE)).await; // @suspend transfer-or-timeout
        if let Either::Second(()) = first {
            // Tell the customer, and then finish what was begun.
            late.set_high();
            transfer.await; // @suspend transfer-finish
            late.set_low();
        }
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    let bank = bank();
    let late = Output::new(p.PIN_16, Level::Low);
    spawner.spawn(teller_task(bank, late).unwrap());
    spawner.spawn(audit_task(bank, Output::new(p.PIN_25, Level::Low)).unwrap());
}
