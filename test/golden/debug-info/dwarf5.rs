//! A small program whose debug info is written as DWARF 5, which rustc does not do for this target by itself.
#![no_std]
#![no_main]

use core::future::Future;
use core::pin::{pin, Pin};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

static POLLS: core::sync::atomic::AtomicU32 = core::sync::atomic::AtomicU32::new(0);
static mut TABLE: [u16; 5] = [1, 2, 3, 4, 5];

#[derive(Clone, Copy)]
enum Shape {
    Dot,
    Circle { radius: u32 },
    Box(u16, u16),
}

#[repr(i8)]
#[derive(Clone, Copy)]
enum Level {
    Low = -1,
    High = 1,
}

struct Twice(bool);

impl Future for Twice {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        if self.0 {
            return Poll::Ready(7);
        }
        self.0 = true;
        Poll::Pending
    }
}

async fn inner<T: Copy>(value: T, shape: Option<&Shape>) -> T {
    let level = if shape.is_some() { Level::High } else { Level::Low };
    Twice(false).await; // @suspend inner
    core::hint::black_box(level);
    value
}

async fn outer(start: u64) -> u64 {
    let shape = Shape::Circle { radius: core::hint::black_box(3) };
    let first = inner(start, Some(&shape)).await; // @suspend first
    let block = async { Twice(false).await + 1 }; // @suspend block
    let second = inner(block.await as u8, None).await; // @suspend second
    core::hint::black_box((Shape::Dot, Shape::Box(1, 2), shape));
    first + u64::from(second)
}

fn noop(_: *const ()) {}
fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &TABLE_OF_WAKER)
}
static TABLE_OF_WAKER: RawWakerVTable = RawWakerVTable::new(clone, noop, noop, noop);

#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! {
    let waker = unsafe { Waker::from_raw(RawWaker::new(core::ptr::null(), &TABLE_OF_WAKER)) };
    let mut future = pin!(outer(5));
    let mut context = Context::from_waker(&waker);
    loop {
        unsafe { TABLE[0] += 1 };
        POLLS.store(1, core::sync::atomic::Ordering::Relaxed);
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            core::hint::black_box(value);
            loop {}
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
