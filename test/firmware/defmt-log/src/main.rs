//! Logs with everything that defmt's format strings can say, from two tasks.

#![no_std]
#![no_main]

mod formats;
mod types;

use defmt::{debug, error, info, println, trace, warn};
use defmt_rtt as _;
use embassy_executor::Spawner;
use embassy_time::{Duration, Instant, Ticker, Timer};
use panic_probe as _;

defmt::timestamp!("{=u64:us}", Instant::now().as_micros());

#[embassy_executor::task]
async fn count_task() {
    let mut ticker = Ticker::every(Duration::from_millis(20));
    for count in 0..10u32 {
        ticker.next().await;
        match count % 5 {
            0 => trace!("count {=u32}", count),
            1 => debug!("count {}", count),
            2 => info!("count {=u32:#x}", count), // @log count-info
            3 => warn!("count {=u32:03}", count),
            _ => error!("count {0=u32}, twice {0=u32}", count),
        }
    }
    println!("counted");
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _p = embassy_rp::init(Default::default());
    info!("started"); // @log started
    spawner.spawn(count_task().unwrap());
    formats::log_numbers();
    Timer::after_millis(5).await;
    formats::log_text();
    Timer::after_millis(5).await;
    formats::log_bytes();
    Timer::after_millis(5).await;
    formats::log_hints();
    Timer::after_millis(5).await;
    types::log_types();
    Timer::after_millis(500).await;
    defmt::panic!("the end, after {=u8} steps", 5); // @log panic
}
