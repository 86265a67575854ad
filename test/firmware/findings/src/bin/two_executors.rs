//! Two executors on one core, one of which breaks into the polls of the other. A guard is kept across an await in each:
//! for the one in the interrupt, while polls of the other are under way.

#![no_std]
#![no_main]

use core::cell::RefCell;

use cortex_m_rt::entry;
use embassy_executor::{Executor, InterruptExecutor};
use embassy_rp::interrupt;
use embassy_rp::interrupt::{InterruptExt, Priority};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Timer};
use panic_halt as _;
use static_cell::StaticCell;

static THREAD_EXECUTOR: StaticCell<Executor> = StaticCell::new();
static INTERRUPT_EXECUTOR: InterruptExecutor = InterruptExecutor::new();
static BELL: Signal<CriticalSectionRawMutex, u32> = Signal::new();

/// Of the interrupt's executor only: nobody else may touch it.
struct Own(RefCell<u32>);

// SAFETY: one task uses it.
unsafe impl Sync for Own {}

static URGENT: Own = Own(RefCell::new(0));

#[embassy_executor::task]
async fn urgent_task() -> ! {
    loop {
        let mut count = URGENT.0.borrow_mut();
        Timer::after_millis(7).await; // @suspend urgent-holds
        *count += 1;
        BELL.signal(*count);
        drop(count);
        Timer::after_millis(3).await; // @suspend urgent-pause
    }
}

/// Computes for 4 ms at a time.
#[embassy_executor::task]
async fn busy_task() -> ! {
    loop {
        Timer::after_millis(5).await; // @suspend busy-pause
        let until = Instant::now() + Duration::from_millis(4);
        while Instant::now() < until {}
    }
}

#[embassy_executor::task]
async fn bell_task(heard: &'static RefCell<u32>) -> ! {
    loop {
        let mut last = heard.borrow_mut();
        *last = BELL.wait().await; // @suspend bell
        drop(last);
        Timer::after_millis(1).await; // @suspend bell-pause
    }
}

#[interrupt]
unsafe fn SWI_IRQ_1() {
    // SAFETY: the executor was started with this interrupt.
    unsafe { INTERRUPT_EXECUTOR.on_interrupt() }
}

#[entry]
fn main() -> ! {
    static HEARD: StaticCell<RefCell<u32>> = StaticCell::new();
    embassy_rp::init(Default::default());
    // The timer's interrupt has priority 0; below it, above the thread.
    interrupt::SWI_IRQ_1.set_priority(Priority::P2);
    let urgent = INTERRUPT_EXECUTOR.start(interrupt::SWI_IRQ_1);
    urgent.spawn(urgent_task().unwrap());
    let heard = HEARD.init(RefCell::new(0));
    THREAD_EXECUTOR.init(Executor::new()).run(|spawner| {
        spawner.spawn(busy_task().unwrap());
        spawner.spawn(bell_task(heard).unwrap());
    })
}
