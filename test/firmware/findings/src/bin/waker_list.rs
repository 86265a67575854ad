//! Wakers in an intrusive list: each node lies in the future that waits, and a static points to the first. The tasks
//! wait for a second and more; a timer wakes them all. Nothing is wrong here.

#![no_std]
#![no_main]

use core::cell::{Cell, UnsafeCell};
use core::future::Future;
use core::marker::PhantomPinned;
use core::pin::Pin;
use core::ptr::null_mut;
use core::task::{Context, Poll, Waker};

use embassy_executor::Spawner;
use embassy_time::Timer;
use panic_halt as _;

struct Node {
    waker: Option<Waker>,
    next: *mut Node,
    is_released: bool,
}

struct List {
    first: Cell<*mut Node>,
}

// SAFETY: all tasks run in the one executor in thread mode, and no interrupt uses it.
unsafe impl Sync for List {}

static WAITERS: List = List {
    first: Cell::new(null_mut()),
};

impl List {
    fn wait(&'static self) -> Wait {
        let node = Node {
            waker: None,
            next: null_mut(),
            is_released: false,
        };
        Wait {
            list: self,
            is_listed: false,
            node: UnsafeCell::new(node),
            _pinned: PhantomPinned,
        }
    }

    fn release_all(&self) {
        let mut at = self.first.replace(null_mut());
        while !at.is_null() {
            // SAFETY: nodes are listed only while their futures are pinned and alive.
            let node = unsafe { &mut *at };
            at = node.next;
            node.is_released = true;
            if let Some(waker) = node.waker.take() {
                waker.wake();
            }
        }
    }
}

struct Wait {
    list: &'static List,
    is_listed: bool,
    node: UnsafeCell<Node>,
    _pinned: PhantomPinned,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        let node = this.node.get();
        // SAFETY: one executor, no interrupts: nobody else uses the node now.
        let waiting = unsafe { &mut *node };
        if waiting.is_released {
            return Poll::Ready(());
        }
        waiting.waker = Some(context.waker().clone());
        if !this.is_listed {
            this.is_listed = true;
            waiting.next = this.list.first.replace(node);
        }
        Poll::Pending
    }
}

#[embassy_executor::task(pool_size = 3)]
async fn wait_task() -> ! {
    loop {
        WAITERS.wait().await; // @suspend wait
    }
}

#[embassy_executor::task]
async fn release_task() -> ! {
    loop {
        Timer::after_millis(1700).await; // @suspend release-pause
        WAITERS.release_all();
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    for _ in 0..3 {
        spawner.spawn(wait_task().unwrap());
    }
    spawner.spawn(release_task().unwrap());
}
