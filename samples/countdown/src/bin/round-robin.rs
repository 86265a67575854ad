//! An executor for two tasks: whoever is woken goes to the end of a queue, and
//! whoever is at its front is polled.

#![no_std]
#![no_main]

use core::cell::RefCell;
use core::future::Future;
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicU32, Ordering};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use cortex_m::asm::{wfe, wfi};
use cortex_m_rt::entry;
use countdown_future::{CountdownFuture, console, report};
use critical_section::Mutex;
use embassy_rp::uart::{Blocking, UartTx};
use panic_halt as _;

const TASKS: usize = 2;

static POLLS: AtomicU32 = AtomicU32::new(0);
static WAKES: AtomicU32 = AtomicU32::new(0);

/// The numbers of the tasks that want to be polled, in the order of their wakes.
struct Queue {
    tasks: [usize; TASKS],
    length: usize,
}

impl Queue {
    /// Each task is in the queue once at most, so the queue has room for all.
    fn push(&mut self, task: usize) {
        if !self.tasks[..self.length].contains(&task) {
            self.tasks[self.length] = task;
            self.length += 1;
        }
    }

    fn pop(&mut self) -> Option<usize> {
        if self.length == 0 {
            return None;
        }
        let first = self.tasks[0];
        self.tasks.copy_within(1..self.length, 0);
        self.length -= 1;
        Some(first)
    }
}

/// Interrupts may wake as well, so the queue is only touched with them off.
static READY: Mutex<RefCell<Queue>> = Mutex::new(RefCell::new(Queue {
    tasks: [0; TASKS],
    length: 0,
}));

fn enqueue(task: usize) {
    critical_section::with(|cs| READY.borrow_ref_mut(cs).push(task));
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop);

fn clone(task: *const ()) -> RawWaker {
    RawWaker::new(task, &VTABLE)
}

/// The waker's data pointer is no pointer here: it is the number of the task.
fn wake(task: *const ()) {
    // A Cortex-M0+ has no atomic addition. Nothing interrupts this program.
    WAKES.store(WAKES.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    enqueue(task.addr());
}

fn drop(_: *const ()) {}

/// A task is any future: the executor knows it by its number only.
type Task<'a> = Pin<&'a mut dyn Future<Output = ()>>;

fn run(tasks: [Task; TASKS]) {
    let mut tasks = tasks.map(Some);
    for task in 0..TASKS {
        enqueue(task); // nobody wakes a task that was never polled
    }
    while tasks.iter().any(Option::is_some) {
        let Some(number) = critical_section::with(|cs| READY.borrow_ref_mut(cs).pop()) else {
            wfe();
            continue;
        };
        // A task that has ended is not to be polled again, whoever wakes it.
        let Some(task) = &mut tasks[number] else {
            continue;
        };
        let data = core::ptr::without_provenance(number);
        // SAFETY: the functions of the table use the pointer as a number.
        let waker = unsafe { Waker::new(data, &VTABLE) };
        POLLS.store(POLLS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        let mut cx = Context::from_waker(&waker);
        if task.as_mut().poll(&mut cx).is_ready() {
            tasks[number] = None;
        }
    }
}

/// What both tasks write to. A poll is not interrupted by another task, and
/// nobody holds the guard across an await, so borrowing never fails.
type Console = RefCell<UartTx<'static, Blocking>>;

fn write(console: &Console, character: u8) {
    // Sending fails on no UART of the RP2040: there is nobody to report to.
    let _ = console.borrow_mut().blocking_write(&[character]);
}

/// The first task is an async function. The compiler makes the state machine.
async fn letters(console: &Console) {
    for letter in b'a'..=b'c' {
        write(console, letter);
        CountdownFuture::new(1).await; // @suspend letters-turn
    }
}

/// The second task is the same kind of thing with its state machine by hand.
struct Digits<'a> {
    console: &'a Console,
    next: u8,
}

impl Future for Digits<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.next > b'3' {
            return Poll::Ready(());
        }
        write(self.console, self.next);
        self.next += 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[entry]
fn main() -> ! {
    let p = embassy_rp::init(Default::default());
    let console = RefCell::new(console(p.UART0, p.PIN_0));
    let digits = Digits {
        console: &console,
        next: b'1',
    };
    run([pin!(letters(&console)), pin!(digits)]);
    write(&console, b' ');
    report(
        &mut console.borrow_mut(),
        POLLS.load(Ordering::Relaxed),
        WAKES.load(Ordering::Relaxed),
    );
    loop {
        wfi();
    }
}
