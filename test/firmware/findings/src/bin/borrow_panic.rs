//! A cell is borrowed across an await, and another task borrows it meanwhile: the program panics at run time.

#![no_std]
#![no_main]

use core::cell::RefCell;

use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use static_cell::StaticCell;

#[embassy_executor::task]
async fn keeper_task(cell: &'static RefCell<u32>) -> ! {
    loop {
        Timer::after_millis(100).await; // @suspend keeper-pause
        let mut count = cell.borrow_mut();
        Timer::after_millis(50).await; // @suspend keeper-holds
        *count += 1;
    }
}

#[embassy_executor::task]
async fn reader_task(cell: &'static RefCell<u32>) -> ! {
    loop {
        Timer::after_millis(120).await; // @suspend reader-pause
        core::hint::black_box(*cell.borrow());
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static CELL: StaticCell<RefCell<u32>> = StaticCell::new();
    embassy_rp::init(Default::default());
    let cell = CELL.init(RefCell::new(0));
    spawner.spawn(keeper_task(cell).unwrap());
    spawner.spawn(reader_task(cell).unwrap());
}
