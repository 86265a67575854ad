//! The smallest executor there is: one future, polled whenever its waker was
//! used, and a core that spins in between.

#![no_std]
#![no_main]

use core::future::Future;
use core::hint::spin_loop;
use core::pin::pin;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use cortex_m_rt::entry;
use countdown_future::{CountdownFuture, console, report};
use panic_halt as _;

/// Whether the future has asked for another poll.
static WOKEN: AtomicBool = AtomicBool::new(false);

static POLLS: AtomicU32 = AtomicU32::new(0);
static WAKES: AtomicU32 = AtomicU32::new(0);

/// The four things that anybody can do with a waker. The data pointer, which
/// each of them gets, is not needed: there is one future, and one flag.
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop);

fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

/// Serves `wake`, which consumes the waker, and `wake_by_ref`, which does not:
/// there is nothing to free.
fn wake(_: *const ()) {
    // A Cortex-M0+ has no atomic addition. Nothing interrupts this program.
    WAKES.store(WAKES.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    WOKEN.store(true, Ordering::Release);
}

fn drop(_: *const ()) {}

fn run<F: Future>(future: F) -> F::Output {
    // From its first poll on, a future must not move: it may point into itself.
    let mut future = pin!(future);
    // SAFETY: the functions of the table use a static and ignore the pointer, so
    // they can be called at any time and from anywhere.
    let waker = unsafe { Waker::new(core::ptr::null(), &VTABLE) };
    let mut cx = Context::from_waker(&waker);
    loop {
        // Before the poll, not after it: a wake during the poll must count.
        WOKEN.store(false, Ordering::Relaxed);
        POLLS.store(POLLS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        while !WOKEN.load(Ordering::Acquire) {
            spin_loop();
        }
    }
}

/// `.await` is nothing more than this: poll the inner future with the waker of
/// the outer one, and be pending for as long as it is.
async fn launch() {
    CountdownFuture::new(3).await; // @suspend launch-countdown
}

#[entry]
fn main() -> ! {
    let p = embassy_rp::init(Default::default());
    run(launch());
    report(
        &mut console(p.UART0, p.PIN_0),
        POLLS.load(Ordering::Relaxed),
        WAKES.load(Ordering::Relaxed),
    );
    loop {
        cortex_m::asm::wfi();
    }
}
