//! Two executors on one core: one in thread mode, one in an interrupt, which
//! preempts the other in the middle of a poll.
//!
//! `recorder` writes down what the executors themselves say about their tasks.

#![no_std]
#![no_main]

#[path = "../recorder.rs"]
mod recorder;

use cortex_m_rt::entry;
use embassy_executor::{Executor, InterruptExecutor};
use embassy_rp::interrupt;
use embassy_rp::interrupt::{InterruptExt, Priority};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Ticker, Timer};
use panic_halt as _;
use static_cell::StaticCell;

static THREAD_EXECUTOR: StaticCell<Executor> = StaticCell::new();
static INTERRUPT_EXECUTOR: InterruptExecutor = InterruptExecutor::new();

/// From the interrupt's executor to the thread's.
static ALARM: Signal<CriticalSectionRawMutex, u32> = Signal::new();
/// From the thread's executor to the interrupt's.
static ORDERS: Channel<CriticalSectionRawMutex, u32, 4> = Channel::new();

/// Runs in the interrupt, every 3 ms, whatever the thread does.
#[embassy_executor::task]
async fn urgent_task() -> ! {
    let mut ticker = Ticker::every(Duration::from_millis(3));
    let mut count: u32 = 0;
    loop {
        ticker.next().await; // @suspend urgent-tick
        count = count.wrapping_add(1);
        if count % 4 == 0 {
            ALARM.signal(count);
        }
    }
}

/// Runs in the interrupt, woken by a task of the other executor.
#[embassy_executor::task]
async fn order_task() -> ! {
    let mut last: u32 = 0;
    loop {
        let order = ORDERS.receive().await; // @suspend order-receive
        last = last.max(order);
        Timer::after_micros(200).await; // @suspend order-work
    }
}

/// Computes for 5 ms at a time in thread mode, and is preempted meanwhile.
#[embassy_executor::task]
async fn busy_task() -> ! {
    let mut orders: u32 = 0;
    loop {
        Timer::after_millis(4).await; // @suspend busy-pause
        let until = Instant::now() + Duration::from_millis(5);
        while Instant::now() < until {}
        orders = orders.wrapping_add(1);
        ORDERS.send(orders).await; // @suspend busy-order
    }
}

/// Runs in thread mode, woken by a task of the other executor.
#[embassy_executor::task]
async fn alarm_task() -> ! {
    loop {
        ALARM.wait().await; // @suspend alarm-wait
    }
}

#[interrupt]
unsafe fn SWI_IRQ_1() {
    // SAFETY: the executor was started with this interrupt.
    unsafe { INTERRUPT_EXECUTOR.on_interrupt() }
}

#[entry]
fn main() -> ! {
    embassy_rp::init(Default::default());

    // The timer's interrupt has priority 0; below it, above the thread.
    interrupt::SWI_IRQ_1.set_priority(Priority::P2);
    let urgent = INTERRUPT_EXECUTOR.start(interrupt::SWI_IRQ_1);
    urgent.spawn(urgent_task().unwrap());
    urgent.spawn(order_task().unwrap());

    THREAD_EXECUTOR.init(Executor::new()).run(|spawner| {
        spawner.spawn(busy_task().unwrap());
        spawner.spawn(alarm_task().unwrap());
    })
}
