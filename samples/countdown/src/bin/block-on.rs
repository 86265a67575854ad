//! An executor that sleeps: while its future is pending it stops the core, and
//! an interrupt that uses the waker starts it again.

#![no_std]
#![no_main]

use core::future::Future;
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use cortex_m::asm::{sev, wfe, wfi};
use cortex_m_rt::entry;
use countdown_future::{console, report};
use embassy_rp::gpio::{Level, Output};
use embassy_rp::interrupt;
use embassy_rp::interrupt::InterruptExt;
use embassy_sync::waitqueue::AtomicWaker;
use panic_halt as _;
use rp_pac::TIMER;

/// How long the LED is on, and off.
const BLINK_US: u32 = 100_000;

static POLLS: AtomicU32 = AtomicU32::new(0);
static WAKES: AtomicU32 = AtomicU32::new(0);

/// The waker's data pointer leads to one of these: the flag to set. With a flag
/// for each call, one table would serve several executors.
static WOKEN: AtomicBool = AtomicBool::new(false);

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop);

fn clone(flag: *const ()) -> RawWaker {
    RawWaker::new(flag, &VTABLE)
}

fn wake(flag: *const ()) {
    // SAFETY: only `block_on` makes wakers with this table, and it gives them a
    // flag that lives for ever.
    let flag = unsafe { &*flag.cast::<AtomicBool>() };
    // A Cortex-M0+ has no atomic addition. Only TIMER_IRQ_1 counts here.
    WAKES.store(WAKES.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    flag.store(true, Ordering::Release);
    // Ends the `wfe` of `block_on`, or the next one if it is not yet there.
    sev();
}

fn drop(_: *const ()) {}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let flag: &'static AtomicBool = &WOKEN;
    let data = core::ptr::from_ref(flag).cast();
    // SAFETY: the functions of the table expect a pointer to a static flag.
    let waker = unsafe { Waker::new(data, &VTABLE) };
    let mut cx = Context::from_waker(&waker);
    loop {
        flag.store(false, Ordering::Relaxed);
        POLLS.store(POLLS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        while !flag.load(Ordering::Acquire) {
            // An interrupt between the test and this instruction is not lost:
            // it leaves an event behind, and `wfe` returns at once.
            wfe();
        }
    }
}

/// Ready when the timer has reached `due`, in microseconds since power-on.
struct Alarm {
    due: u32,
}

/// Whom the alarm's interrupt is to wake.
static ALARM_WAKER: AtomicWaker = AtomicWaker::new();

impl Alarm {
    fn after_us(delay: u32) -> Self {
        let due = TIMER.timerawl().read().wrapping_add(delay);
        Self { due }
    }

    fn is_due(&self) -> bool {
        // The lower half of the timer wraps every 71 minutes: compare distances.
        TIMER.timerawl().read().wrapping_sub(self.due) < u32::MAX / 2
    }
}

impl Future for Alarm {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_due() {
            return Poll::Ready(());
        }
        // First the waker, then the alarm: the interrupt may come at once.
        ALARM_WAKER.register(cx.waker());
        TIMER.alarm(1).write_value(self.due);
        // An alarm that is set too late fires in 71 minutes. So look once more.
        if self.is_due() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

#[interrupt]
fn TIMER_IRQ_1() {
    TIMER.intr().write(|w| w.set_alarm(1, true)); // acknowledge
    ALARM_WAKER.wake();
}

async fn blink(led: &mut Output<'static>) {
    for _ in 0..8 {
        Alarm::after_us(BLINK_US).await; // @suspend blink-alarm
        led.toggle();
    }
}

#[entry]
fn main() -> ! {
    let p = embassy_rp::init(Default::default());
    // Alarm 0 belongs to Embassy's time driver, which this program does not use.
    TIMER.inte().modify(|w| w.set_alarm(1, true));
    // SAFETY: the handler uses nothing that other code holds locked.
    unsafe { interrupt::TIMER_IRQ_1.enable() };

    let mut led = Output::new(p.PIN_25, Level::Low);
    block_on(blink(&mut led));
    report(
        &mut console(p.UART0, p.PIN_0),
        POLLS.load(Ordering::Relaxed),
        WAKES.load(Ordering::Relaxed),
    );
    loop {
        wfi();
    }
}
