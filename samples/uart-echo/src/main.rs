//! Sends every line that comes in on UART0 back again.
//!
//! The UART's interrupt moves bytes between the hardware and two buffers, also
//! while no task runs. The task is woken when there is something to read, or
//! room to write.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::bind_interrupts;
use embassy_rp::peripherals::UART0;
use embassy_rp::uart::{BufferedInterruptHandler, BufferedUart, Config};
use embedded_io_async::{Read, Write};
use panic_halt as _;
use static_cell::StaticCell;

bind_interrupts!(struct Irqs {
    UART0_IRQ => BufferedInterruptHandler<UART0>;
});

/// Longer lines come back in pieces.
const LINE_LENGTH: usize = 64;

#[embassy_executor::task]
async fn echo_task(mut uart: BufferedUart) -> ! {
    // Writing fails on no UART of the RP2040: there is nobody to report to.
    let _ = uart.write_all(b"Ready. Type a line.\r\n").await; // @suspend echo-greeting
    let mut line = [0; LINE_LENGTH];
    loop {
        let length = read_line(&mut uart, &mut line).await; // @suspend echo-read-line
        let _ = uart.write_all(&line[..length]).await; // @suspend echo-text
        let _ = uart.write_all(b"\r\n").await; // @suspend echo-line-end
    }
}

/// Reads up to the end of a line, which is not part of it, or until `line` is
/// full. Returns how many bytes there are.
async fn read_line(uart: &mut BufferedUart, line: &mut [u8; LINE_LENGTH]) -> usize {
    let mut length = 0;
    while length < LINE_LENGTH {
        let mut byte = [0];
        let read = uart.read(&mut byte).await; // @suspend read-byte
        if read != Ok(1) {
            continue; // a byte was garbled or lost: go on with the next
        }
        match byte[0] {
            b'\n' => break,
            b'\r' => {} // terminals send it before or instead of the line feed
            text => {
                line[length] = text;
                length += 1;
            }
        }
    }
    length
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static TX_BUFFER: StaticCell<[u8; 64]> = StaticCell::new();
    static RX_BUFFER: StaticCell<[u8; 64]> = StaticCell::new();

    let p = embassy_rp::init(Default::default());
    let uart = BufferedUart::new(
        p.UART0,
        p.PIN_0, // TX
        p.PIN_1, // RX
        Irqs,
        TX_BUFFER.init([0; 64]),
        RX_BUFFER.init([0; 64]),
        Config::default(), // 115200 baud, 8 data bits, no parity, 1 stop bit
    );
    spawner.spawn(echo_task(uart).unwrap());
}
