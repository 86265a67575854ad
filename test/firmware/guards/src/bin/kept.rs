//! Guards of locks that nobody can wait for, kept across an await: those of `lock_api` with raw locks of the program's
//! own, as parking_lot's are, those of `spin`, and a `RefCell`'s; plain, in a box, and in values inside of values. Beside
//! each kind is one that is given back in time.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::boxed::Box;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::{RefCell, RefMut};
use core::ptr::null_mut;

use embassy_executor::Spawner;
use embassy_time::Timer;
use lock_api::{GuardSend, RawMutex, RawRwLock};
use panic_halt as _;
use portable_atomic::{AtomicBool, AtomicUsize, Ordering};
use static_cell::StaticCell;

/// Hands out memory from a piece that is never given back: a box is made once per task here.
struct Bump {
    used: AtomicUsize,
}

const HEAP_BYTES: usize = 1024;

#[repr(align(8))]
struct Heap(#[allow(dead_code)] core::cell::UnsafeCell<[u8; HEAP_BYTES]>);

// SAFETY: `Bump` gives each byte away once.
unsafe impl Sync for Heap {}

static HEAP: Heap = Heap(core::cell::UnsafeCell::new([0; HEAP_BYTES]));

#[global_allocator]
static ALLOCATOR: Bump = Bump {
    used: AtomicUsize::new(0),
};

// SAFETY: what is handed out lies in `HEAP`, aligned to 8 bytes, and is handed out once.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(8);
        let at = self.used.fetch_add(size, Ordering::Relaxed);
        if layout.align() > 8 || at + size > HEAP_BYTES {
            return null_mut();
        }
        // SAFETY: the offset is within the piece.
        unsafe { HEAP.0.get().cast::<u8>().add(at) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// A raw lock as one writes it for `lock_api`.
struct Flag(AtomicBool);

// SAFETY: only one at a time sees the flag become true.
unsafe impl RawMutex for Flag {
    #[allow(clippy::declare_interior_mutable_const)]
    const INIT: Self = Self(AtomicBool::new(false));
    type GuardMarker = GuardSend;

    fn lock(&self) {
        while !self.try_lock() {}
    }

    fn try_lock(&self) -> bool {
        !self.0.swap(true, Ordering::Acquire)
    }

    unsafe fn unlock(&self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Readers count upwards from 0; a writer sets all bits.
struct Count(AtomicUsize);

const WRITER: usize = usize::MAX;

// SAFETY: the count goes from 0 to `WRITER` only, and to readers only if there is no writer.
unsafe impl RawRwLock for Count {
    #[allow(clippy::declare_interior_mutable_const)]
    const INIT: Self = Self(AtomicUsize::new(0));
    type GuardMarker = GuardSend;

    fn lock_shared(&self) {
        while !self.try_lock_shared() {}
    }

    fn try_lock_shared(&self) -> bool {
        let more = |count: usize| count.checked_add(1).filter(|&after| after != WRITER);
        self.0.fetch_update(Ordering::Acquire, Ordering::Relaxed, more).is_ok()
    }

    unsafe fn unlock_shared(&self) {
        self.0.fetch_sub(1, Ordering::Release);
    }

    fn lock_exclusive(&self) {
        while !self.try_lock_exclusive() {}
    }

    fn try_lock_exclusive(&self) -> bool {
        self.0
            .compare_exchange(0, WRITER, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }

    unsafe fn unlock_exclusive(&self) {
        self.0.store(0, Ordering::Release);
    }
}

type Mutex = lock_api::Mutex<Flag, u32>;
type RwLock = lock_api::RwLock<Count, u32>;
type Kept<'a> = lock_api::MutexGuard<'a, Flag, u32>;

static PLAIN: Mutex = Mutex::new(0);
static NESTED: Mutex = Mutex::new(0);
static FREE: Mutex = Mutex::new(0);
static READ: RwLock = RwLock::new(0);
static WRITTEN: RwLock = RwLock::new(0);
static RW_FREE: RwLock = RwLock::new(0);
static SPIN_WRITTEN: spin::RwLock<u32> = spin::RwLock::new(0);
static SPIN_BOXED: spin::Mutex<u32> = spin::Mutex::new(0);
static SPIN_OPTION: spin::Mutex<u32> = spin::Mutex::new(0);

/// Longer than the run: each guard is kept to its end.
async fn rest() {
    Timer::after_secs(60).await; // @suspend rest
}

#[embassy_executor::task]
async fn mutex_task() {
    let mut count = PLAIN.lock();
    rest().await; // @suspend api-mutex
    *count += 1;
}

#[embassy_executor::task]
async fn read_task() {
    let count = READ.read();
    rest().await; // @suspend api-read
    core::hint::black_box(*count);
}

#[embassy_executor::task]
async fn write_task() {
    let mut count = WRITTEN.write();
    rest().await; // @suspend api-write
    *count += 1;
}

struct Ledger<'a> {
    line: u16,
    page: (u8, Option<Kept<'a>>),
}

/// A guard in an option in a tuple in a struct.
#[embassy_executor::task]
async fn nested_task() {
    let mut ledger = Ledger {
        line: 3,
        page: (4, NESTED.try_lock()),
    };
    rest().await; // @suspend api-nested
    if let Some(count) = ledger.page.1.as_mut() {
        **count += u32::from(ledger.line) + u32::from(ledger.page.0);
    }
}

#[embassy_executor::task]
async fn spin_write_task() {
    let mut count = SPIN_WRITTEN.write();
    rest().await; // @suspend spin-write
    *count += 1;
}

#[embassy_executor::task]
async fn spin_option_task() {
    let mut count = SPIN_OPTION.try_lock();
    rest().await; // @suspend spin-option
    if let Some(count) = count.as_mut() {
        **count += 1;
    }
}

#[embassy_executor::task]
async fn spin_box_task() {
    let mut count = Box::new(SPIN_BOXED.lock());
    rest().await; // @suspend spin-box
    **count += 1;
}

/// A box in a result.
#[embassy_executor::task]
async fn cell_box_task(cell: &'static RefCell<u32>) {
    let count: Result<Box<RefMut<'static, u32>>, ()> = cell.try_borrow_mut().map(Box::new).map_err(drop);
    rest().await; // @suspend cell-box
    if let Ok(mut count) = count {
        **count += 1;
    }
}

/// All of these are given back before the await.
#[embassy_executor::task]
async fn free_task(cell: &'static RefCell<u32>) -> ! {
    loop {
        let mut count = FREE.lock();
        *count += 1;
        drop(count);
        let mut boxed = Box::new(cell.borrow_mut());
        **boxed += 1;
        drop(boxed);
        let mut written = Some(RW_FREE.write());
        if let Some(count) = written.take().as_mut() {
            **count += 1;
        }
        Timer::after_millis(200).await; // @suspend free-pause
        core::hint::black_box(&mut written);
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static CELLS: StaticCell<[RefCell<u32>; 2]> = StaticCell::new();
    embassy_rp::init(Default::default());
    let [boxed, free] = CELLS.init([const { RefCell::new(0) }; 2]);
    spawner.spawn(mutex_task().unwrap());
    spawner.spawn(read_task().unwrap());
    spawner.spawn(write_task().unwrap());
    spawner.spawn(nested_task().unwrap());
    spawner.spawn(spin_write_task().unwrap());
    spawner.spawn(spin_option_task().unwrap());
    spawner.spawn(spin_box_task().unwrap());
    spawner.spawn(cell_box_task(boxed).unwrap());
    spawner.spawn(free_task(free).unwrap());
}
