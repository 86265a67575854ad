//! What the three programs of this sample share: a future written by hand, and
//! a line of text at the end that says what it took to run it.
//!
//! No executor of Embassy's is in these programs, and no `async` runtime at all.
//! A future is a value with one method, a waker is a pointer with four functions,
//! and an executor is whoever calls the method.

#![no_std]

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use embassy_rp::Peri;
use embassy_rp::peripherals::{PIN_0, UART0};
use embassy_rp::uart::{Blocking, Config, UartTx};

/// A future that is pending as often as it was told to be, and then ready.
///
/// It waits for nothing but the next poll, so it asks for that at once. With a
/// count of one, it is a way to let others run first.
pub struct CountdownFuture {
    left: u32,
}

impl CountdownFuture {
    pub fn new(left: u32) -> Self {
        Self { left }
    }
}

impl Future for CountdownFuture {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.left == 0 {
            return Poll::Ready(());
        }
        self.left -= 1;
        // "Pending" is a promise: somebody will wake this task when it is worth
        // another poll. Here nobody else could, so the future does it itself.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// UART0, sending on pin 0.
pub fn console(uart: Peri<'static, UART0>, tx: Peri<'static, PIN_0>) -> UartTx<'static, Blocking> {
    UartTx::new_blocking(uart, tx, Config::default())
}

/// Sends `polls NN, wakes NN`.
pub fn report(console: &mut UartTx<'static, Blocking>, polls: u32, wakes: u32) {
    let mut line = *b"polls 00, wakes 00\r\n";
    line[6..8].copy_from_slice(&two_digits(polls));
    line[16..18].copy_from_slice(&two_digits(wakes));
    // Sending fails on no UART of the RP2040: there is nobody to report to.
    let _ = console.blocking_write(&line);
}

fn two_digits(number: u32) -> [u8; 2] {
    [number / 10 % 10, number % 10].map(|digit| b'0' + digit as u8)
}
