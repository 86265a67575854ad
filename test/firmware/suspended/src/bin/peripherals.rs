//! Tasks that wait for each of the chip's peripherals. One second after power-on, every task is suspended: some for
//! good, some in a transfer that takes longer.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_futures::join::join;
use embassy_rp::adc::{self, Adc};
use embassy_rp::gpio::{AnyPin, Input, Pull};
use embassy_rp::i2c::{self, I2c};
use embassy_rp::i2c_slave::{self, I2cSlave};
use embassy_rp::peripherals::{
    DMA_CH0, DMA_CH1, DMA_CH2, DMA_CH3, DMA_CH4, I2C0, I2C1, PIN_4, PIN_5, PIN_6, PIN_7, PIN_26,
    PIO0, RTC, SPI0, SPI1, UART0, UART1,
};
use embassy_rp::pio::{self, Pio};
use embassy_rp::rtc::{self, Rtc};
use embassy_rp::spi::{self, Spi};
use embassy_rp::uart::{self, BufferedUart, UartRx};
use embassy_rp::{Peri, bind_interrupts, dma};
use embedded_io_async::{Read, Write};
use panic_halt as _;

bind_interrupts!(struct Irqs {
    ADC_IRQ_FIFO => adc::InterruptHandler;
    DMA_IRQ_0 => dma::InterruptHandler<DMA_CH0>, dma::InterruptHandler<DMA_CH1>, dma::InterruptHandler<DMA_CH2>,
        dma::InterruptHandler<DMA_CH3>, dma::InterruptHandler<DMA_CH4>;
    I2C0_IRQ => i2c::InterruptHandler<I2C0>;
    I2C1_IRQ => i2c::InterruptHandler<I2C1>;
    PIO0_IRQ_0 => pio::InterruptHandler<PIO0>;
    RTC_IRQ => rtc::InterruptHandler;
    UART0_IRQ => uart::InterruptHandler<UART0>;
    UART1_IRQ => uart::BufferedInterruptHandler<UART1>;
});

#[derive(Clone, Copy)]
enum Edge {
    Low,
    High,
    Falling,
    Rising,
    Any,
}

#[embassy_executor::task(pool_size = 5)]
async fn pin_task(pin: Peri<'static, AnyPin>, edge: Edge) {
    let pull = if matches!(edge, Edge::High) {
        Pull::Down
    } else {
        Pull::Up
    };
    let mut input = Input::new(pin, pull);
    match edge {
        Edge::Low => input.wait_for_low().await,   // @suspend low
        Edge::High => input.wait_for_high().await, // @suspend high
        Edge::Falling => input.wait_for_falling_edge().await, // @suspend falling
        Edge::Rising => input.wait_for_rising_edge().await, // @suspend rising
        Edge::Any => input.wait_for_any_edge().await, // @suspend any
    }
}

/// Nothing pulls the clock line up, so it looks as if another device held it low.
#[embassy_executor::task]
async fn i2c_task(i2c: Peri<'static, I2C0>, scl: Peri<'static, PIN_5>, sda: Peri<'static, PIN_4>) {
    let mut config = i2c::Config::default();
    config.scl_pullup = false;
    let mut bus = I2c::new_async(i2c, scl, sda, Irqs, config);
    let mut answer = [0; 2];
    let _ = bus.write_read_async(0x48u16, [0], &mut answer).await; // @suspend i2c
}

#[embassy_executor::task]
async fn i2c_device_task(
    i2c: Peri<'static, I2C1>,
    scl: Peri<'static, PIN_7>,
    sda: Peri<'static, PIN_6>,
) {
    let mut device = I2cSlave::new(i2c, scl, sda, Irqs, i2c_slave::Config::default());
    let mut command = [0; 8];
    let _ = device.listen(&mut command).await; // @suspend i2c-device
}

/// A byte takes 4 ms, so that this takes 4 s.
#[embassy_executor::task]
async fn spi_task(mut spi: Spi<'static, SPI0, spi::Async>) {
    let data = [0x55u8; 1000];
    let _ = spi.write(&data).await; // @suspend spi
}

#[embassy_executor::task]
async fn spi_transfer_task(mut spi: Spi<'static, SPI1, spi::Async>) {
    let mut data = [0u8; 1000];
    let _ = spi.transfer_in_place(&mut data).await; // @suspend spi-transfer
}

#[embassy_executor::task]
async fn uart_read_task(mut uart: UartRx<'static, uart::Async>) {
    let mut line = [0; 64];
    let _ = uart.read(&mut line).await; // @suspend uart-read
}

#[embassy_executor::task]
async fn buffered_task(uart: BufferedUart) {
    let (mut transmitter, mut receiver) = uart.split();
    let mut line = [0; 16];
    // The buffer has room for 8 bytes, and at 300 baud a byte takes 33 ms.
    let sent = async { transmitter.write_all(&[b'u'; 200]).await }; // @suspend buffered-write
    let _ = join(receiver.read(&mut line), sent).await; // @suspend buffered
}

/// 733 samples a second, so that this takes 2.7 s.
#[embassy_executor::task]
async fn adc_task(
    mut adc: Adc<'static, adc::Async>,
    pin: Peri<'static, PIN_26>,
    channel: Peri<'static, DMA_CH3>,
) {
    let mut input = adc::Channel::new_pin(pin, Pull::None);
    let mut channel = dma::Channel::new(channel, Irqs);
    let mut samples = [0u16; 2000];
    let _ = adc
        .read_many(&mut input, &mut samples, 65535, &mut channel)
        .await; // @suspend adc
}

#[embassy_executor::task]
async fn pio_task(pio: Peri<'static, PIO0>) {
    let Pio {
        mut sm1, mut irq2, ..
    } = Pio::new(pio, Irqs);
    join(sm1.rx().wait_pull(), irq2.wait()).await; // @suspend pio
}

#[embassy_executor::task]
async fn alarm_task(rtc: Peri<'static, RTC>) {
    let mut clock = Rtc::new(rtc, Irqs);
    clock.wait_for_alarm().await; // @suspend alarm
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    spawner.spawn(pin_task(p.PIN_14.into(), Edge::Low).unwrap());
    spawner.spawn(pin_task(p.PIN_15.into(), Edge::High).unwrap());
    spawner.spawn(pin_task(p.PIN_16.into(), Edge::Falling).unwrap());
    spawner.spawn(pin_task(p.PIN_17.into(), Edge::Rising).unwrap());
    spawner.spawn(pin_task(p.PIN_18.into(), Edge::Any).unwrap());
    spawner.spawn(i2c_task(p.I2C0, p.PIN_5, p.PIN_4).unwrap());
    spawner.spawn(i2c_device_task(p.I2C1, p.PIN_7, p.PIN_6).unwrap());

    let mut slow = spi::Config::default();
    slow.frequency = 2000;
    let spi = Spi::new_txonly(p.SPI0, p.PIN_2, p.PIN_3, p.DMA_CH0, Irqs, slow.clone());
    spawner.spawn(spi_task(spi).unwrap());
    let spi = Spi::new(
        p.SPI1, p.PIN_10, p.PIN_11, p.PIN_12, p.DMA_CH1, p.DMA_CH2, Irqs, slow,
    );
    spawner.spawn(spi_transfer_task(spi).unwrap());

    let uart = UartRx::new(p.UART0, p.PIN_1, Irqs, p.DMA_CH4, uart::Config::default());
    spawner.spawn(uart_read_task(uart).unwrap());
    let mut slow = uart::Config::default();
    slow.baudrate = 300;
    static TRANSMIT: static_cell::StaticCell<[u8; 8]> = static_cell::StaticCell::new();
    static RECEIVE: static_cell::StaticCell<[u8; 8]> = static_cell::StaticCell::new();
    let (transmit, receive) = (TRANSMIT.init([0; 8]), RECEIVE.init([0; 8]));
    let uart = BufferedUart::new(p.UART1, p.PIN_8, p.PIN_9, Irqs, transmit, receive, slow);
    spawner.spawn(buffered_task(uart).unwrap());

    let adc: Adc<'static, adc::Async> = Adc::new(p.ADC, Irqs, adc::Config::default());
    spawner.spawn(adc_task(adc, p.PIN_26, p.DMA_CH3).unwrap());
    spawner.spawn(pio_task(p.PIO0).unwrap());
    spawner.spawn(alarm_task(p.RTC).unwrap());
}
