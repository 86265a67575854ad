//! Guards inside of other values, kept across an await: in an option, a tuple, a struct, a result, an array.

#![no_std]
#![no_main]

use core::cell::{BorrowMutError, Ref, RefCell, RefMut};

use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;
use static_cell::StaticCell;

type Cell = RefCell<u32>;

/// Longer than the run: each guard is kept to its end.
async fn rest() {
    Timer::after_secs(60).await; // @suspend rest
}

struct Journal<'a> {
    line: u16,
    page: RefMut<'a, u32>,
}

#[embassy_executor::task]
async fn option_task(cell: &'static Cell) {
    let mut kept = Some(cell.borrow_mut());
    rest().await; // @suspend in-option
    if let Some(count) = kept.as_mut() {
        **count += 1;
    }
}

#[embassy_executor::task]
async fn tuple_task(cell: &'static Cell) {
    let mut pair = (7u8, cell.borrow_mut());
    rest().await; // @suspend in-tuple
    *pair.1 += u32::from(pair.0);
}

#[embassy_executor::task]
async fn struct_task(cell: &'static Cell) {
    let mut journal = Journal {
        line: 3,
        page: cell.borrow_mut(),
    };
    rest().await; // @suspend in-struct
    *journal.page += u32::from(journal.line);
}

#[embassy_executor::task]
async fn result_task(cell: &'static Cell) {
    let attempt: Result<RefMut<'static, u32>, BorrowMutError> = cell.try_borrow_mut();
    rest().await; // @suspend in-result
    if let Ok(mut count) = attempt {
        *count += 1;
    }
}

#[embassy_executor::task]
async fn array_task(cell: &'static Cell) {
    let readers: [Ref<'static, u32>; 2] = [cell.borrow(), cell.borrow()];
    rest().await; // @suspend in-array
    core::hint::black_box(*readers[0] + *readers[1]);
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static CELLS: StaticCell<[Cell; 5]> = StaticCell::new();
    embassy_rp::init(Default::default());
    let [option, tuple, structure, result, array] = CELLS.init([const { RefCell::new(0) }; 5]);
    spawner.spawn(option_task(option).unwrap());
    spawner.spawn(tuple_task(tuple).unwrap());
    spawner.spawn(struct_task(structure).unwrap());
    spawner.spawn(result_task(result).unwrap());
    spawner.spawn(array_task(array).unwrap());
}
