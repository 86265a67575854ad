//! Guards that are over before the await: dropped by hand, given away, in a scope that has ended, or never taken.
//! Nothing is wrong here.

#![no_std]
#![no_main]

use core::cell::{RefCell, RefMut};

use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use static_cell::StaticCell;

type Cell = RefCell<u32>;

async fn rest() {
    Timer::after_millis(20).await; // @suspend rest
}

#[embassy_executor::task]
async fn dropped_task(cell: &'static Cell) -> ! {
    loop {
        let mut count = cell.borrow_mut();
        *count += 1;
        drop(count);
        rest().await; // @suspend dropped
    }
}

#[embassy_executor::task]
async fn scope_task(cell: &'static Cell) -> ! {
    loop {
        {
            let mut count = cell.borrow_mut();
            *count += 1;
        }
        rest().await; // @suspend scope
    }
}

/// Dropped in one branch only, and needed in none.
#[embassy_executor::task]
async fn branch_task(cell: &'static Cell) -> ! {
    for round in 0u32.. {
        let count = cell.borrow();
        if round % 2 == *count % 2 {
            drop(count);
            rest().await; // @suspend branch-even
        } else {
            drop(count);
            rest().await; // @suspend branch-odd
        }
    }
    loop {
        rest().await;
    }
}

/// Taken out of its option before the await.
#[embassy_executor::task]
async fn option_task(cell: &'static Cell) -> ! {
    loop {
        let mut kept: Option<RefMut<'static, u32>> = Some(cell.borrow_mut());
        if let Some(mut count) = kept.take() {
            *count += 1;
        }
        rest().await; // @suspend option
        core::hint::black_box(kept.is_some());
    }
}

/// Moved into a function that ends its life.
#[embassy_executor::task]
async fn moved_task(cell: &'static Cell) -> ! {
    fn add(mut count: RefMut<'_, u32>) {
        *count += 1;
    }
    loop {
        let count = cell.borrow_mut();
        add(count);
        rest().await; // @suspend moved
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static CELLS: StaticCell<[Cell; 5]> = StaticCell::new();
    embassy_rp::init(Default::default());
    let [dropped, scope, branch, option, moved] = CELLS.init([const { RefCell::new(0) }; 5]);
    spawner.spawn(dropped_task(dropped).unwrap());
    spawner.spawn(scope_task(scope).unwrap());
    spawner.spawn(branch_task(branch).unwrap());
    spawner.spawn(option_task(option).unwrap());
    spawner.spawn(moved_task(moved).unwrap());
}
