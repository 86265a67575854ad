//! Reads a temperature sensor twice a second, and sends what it reads over UART0.
//!
//! The I2C block moves the bytes by itself. The task is woken by its interrupt
//! when the transfer is over, or has failed: a sensor that is not plugged in
//! does not acknowledge its address.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_rp::bind_interrupts;
use embassy_rp::i2c::{self, I2c};
use embassy_rp::peripherals::{I2C0, UART0};
use embassy_rp::uart::{self, BufferedInterruptHandler, BufferedUartTx};
use embassy_time::{Duration, Ticker};
use embedded_io_async::Write;
use panic_halt as _;
use static_cell::StaticCell;

bind_interrupts!(struct Irqs {
    I2C0_IRQ => i2c::InterruptHandler<I2C0>;
    UART0_IRQ => BufferedInterruptHandler<UART0>;
});

const MEASURE_EVERY: Duration = Duration::from_millis(500);

/// A TMP102 whose ADD0 pin is at ground. An LM75 reads alike, to half a degree.
const SENSOR: u16 = 0x48;
/// The register that the sensor answers with when it is read: its temperature.
const TEMPERATURE: u8 = 0x00;

type Bus = I2c<'static, I2C0, i2c::Async>;

#[embassy_executor::task]
async fn thermometer_task(mut bus: Bus, mut uart: BufferedUartTx) -> ! {
    let mut ticker = Ticker::every(MEASURE_EVERY);
    loop {
        ticker.next().await; // @suspend thermometer-tick
        let reading = read_sensor(&mut bus).await; // @suspend thermometer-reading
        // Writing fails on no UART of the RP2040: there is nobody to report to.
        let _ = match reading {
            Ok(sixteenths) => uart.write_all(&line(sixteenths)).await, // @suspend thermometer-line
            Err(_) => uart.write_all(b"No sensor at 0x48\r\n").await, // @suspend thermometer-no-sensor
        };
    }
}

/// The temperature in sixteenths of a degree Celsius.
async fn read_sensor(bus: &mut Bus) -> Result<i16, i2c::Error> {
    let mut word = [0; 2];
    bus.write_read_async(SENSOR, [TEMPERATURE], &mut word)
        .await?; // @suspend sensor-transfer
    // Twelve bits at the top of the word.
    Ok(i16::from_be_bytes(word) >> 4)
}

/// A temperature as text, to a tenth of a degree: ` 21.5 C`, `-12.5 C`.
fn line(sixteenths: i16) -> [u8; 9] {
    let tenths = (sixteenths.unsigned_abs() * 10 + 8) / 16;
    let digit = |value: u16| b'0' + (value % 10) as u8;
    let sign = if sixteenths < 0 { b'-' } else { b' ' };
    let tens = if tenths < 100 { b' ' } else { digit(tenths / 100) };
    let hundreds = if tenths < 1000 { sign } else { b'1' };
    [
        hundreds,
        tens,
        digit(tenths / 10),
        b'.',
        digit(tenths),
        b' ',
        b'C',
        b'\r',
        b'\n',
    ]
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static TX_BUFFER: StaticCell<[u8; 64]> = StaticCell::new();

    let p = embassy_rp::init(Default::default());
    let bus = I2c::new_async(
        p.I2C0,
        p.PIN_5, // SCL
        p.PIN_4, // SDA
        Irqs,
        i2c::Config::default(), // 100 kHz
    );
    let uart = BufferedUartTx::new(
        p.UART0,
        Irqs,
        p.PIN_0, // TX
        TX_BUFFER.init([0; 64]),
        uart::Config::default(), // 115200 baud, 8 data bits, no parity, 1 stop bit
    );
    spawner.spawn(thermometer_task(bus, uart).unwrap());
}
