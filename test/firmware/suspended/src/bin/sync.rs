//! Tasks that wait at each of embassy-sync's objects, and what they hold meanwhile. One second after power-on, every
//! task is suspended for good.

#![no_std]
#![no_main]

use core::cell::RefCell;

use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::channel::{Channel, DynamicSender};
use embassy_sync::lazy_lock::LazyLock;
use embassy_sync::mutex::{Mutex, MutexGuard};
use embassy_sync::once_lock::OnceLock;
use embassy_sync::pipe::Pipe;
use embassy_sync::priority_channel::{Max, PriorityChannel};
use embassy_sync::pubsub::{PubSubChannel, WaitResult};
use embassy_sync::rwlock::RwLock;
use embassy_sync::semaphore::{FairSemaphore, GreedySemaphore, Semaphore};
use embassy_sync::signal::Signal;
use embassy_sync::watch::Watch;
use embassy_sync::zerocopy_channel;
use embassy_time::Timer;
use panic_halt as _;
use portable_atomic::{AtomicU32, Ordering};
use static_cell::StaticCell;

static FULL: Channel<Raw, u16, 2> = Channel::new();
static EMPTY: Channel<Raw, u16, 2> = Channel::new();
// One task waits at each: of two, each would push the other one's waker out, and wake it.
static DYNAMIC_FULL: Channel<Raw, u16, 1> = Channel::new();
static DYNAMIC_EMPTY: Channel<Raw, u16, 1> = Channel::new();
static NEVER_READY: Channel<Raw, u16, 1> = Channel::new();
static URGENT: PriorityChannel<Raw, u8, Max, 4> = PriorityChannel::new();
static NEWS: PubSubChannel<Raw, u32, 2, 2, 2> = PubSubChannel::new();
static SILENT: PubSubChannel<Raw, u32, 2, 2, 2> = PubSubChannel::new();
static QUIET: PubSubChannel<Raw, u32, 2, 2, 2> = PubSubChannel::new();
static LEVEL: Watch<Raw, u8, 2> = Watch::new();
static UNSET: Watch<Raw, u8, 2> = Watch::new();
static FULL_PIPE: Pipe<Raw, 4> = Pipe::new();
static EMPTY_PIPE: Pipe<Raw, 4> = Pipe::new();
static PERMITS: GreedySemaphore<Raw> = GreedySemaphore::new(3);
static QUEUE: FairSemaphore<Raw, 4> = FairSemaphore::new(3);
static READ: RwLock<Raw, u8> = RwLock::new(5);
static WRITTEN: RwLock<Raw, u8> = RwLock::new(6);
static BUS: Mutex<Raw, u8> = Mutex::new(7);
static SPARE: Mutex<Raw, u8> = Mutex::new(8);
static SHARED: Mutex<Raw, u8> = Mutex::new(9);
static DONE: Signal<Raw, u32> = Signal::new();
static SIGNALED: Signal<Raw, u32> = Signal::new();
static SETTINGS: OnceLock<u32> = OnceLock::new();
static GIVEN: OnceLock<u32> = OnceLock::new();
static TABLE: LazyLock<[u8; 4]> = LazyLock::new(|| [1, 2, 3, 4]);
static UNUSED_TABLE: LazyLock<[u8; 4]> = LazyLock::new(|| [5, 6, 7, 8]);
static DROPS: AtomicU32 = AtomicU32::new(0);

const FOREVER: u64 = 3600;

/// Long enough that others have come before.
async fn a_moment() {
    Timer::after_millis(10).await;
}

#[embassy_executor::task]
async fn send_task() {
    for value in 0u16.. {
        FULL.send(value).await; // @suspend send
    }
}

#[embassy_executor::task]
async fn dynamic_send_task(sender: DynamicSender<'static, u16>) {
    sender.send(76).await;
    sender.send(77).await; // @suspend dynamic-send
}

#[embassy_executor::task]
async fn receive_task() {
    EMPTY.receive().await; // @suspend receive
}

#[embassy_executor::task]
async fn ready_task() {
    NEVER_READY.ready_to_receive().await; // @suspend ready
}

#[embassy_executor::task]
async fn dynamic_receive_task() {
    DYNAMIC_EMPTY.dyn_receiver().receive().await; // @suspend dynamic-receive
}

#[embassy_executor::task]
async fn urgent_send_task() {
    for value in [3, 9, 1, 4, 5] {
        URGENT.send(value).await; // @suspend urgent-send
    }
}

#[embassy_executor::task]
async fn frame_send_task(mut sender: zerocopy_channel::Sender<'static, Raw, [u8; 8]>) {
    loop {
        let frame = sender.send().await; // @suspend frame-send
        frame[0] = 1;
        sender.send_done();
    }
}

#[embassy_executor::task]
async fn frame_receive_task(mut receiver: zerocopy_channel::Receiver<'static, Raw, [u8; 8]>) {
    receiver.receive().await; // @suspend frame-receive
}

#[embassy_executor::task]
async fn publish_task() {
    let _reader = NEWS.subscriber().unwrap();
    let publisher = NEWS.publisher().unwrap();
    for message in 0.. {
        publisher.publish(message).await; // @suspend publish
    }
}

#[embassy_executor::task]
async fn subscribe_task() {
    let mut subscriber = QUIET.subscriber().unwrap();
    let result = subscriber.next_message().await; // @suspend subscribe
    core::hint::black_box(matches!(result, WaitResult::Message(_)));
}

#[embassy_executor::task]
async fn dynamic_subscribe_task() {
    let mut subscriber = SILENT.dyn_subscriber().unwrap();
    subscriber.next_message_pure().await; // @suspend dynamic-subscribe
}

#[embassy_executor::task]
async fn changed_task() {
    let mut receiver = LEVEL.receiver().unwrap();
    LEVEL.sender().send(5);
    receiver.changed().await;
    receiver.changed().await; // @suspend changed
}

#[embassy_executor::task]
async fn get_task() {
    let mut receiver = UNSET.dyn_receiver().unwrap();
    receiver.get().await; // @suspend get
}

#[embassy_executor::task]
async fn pipe_write_task() {
    FULL_PIPE.write_all(b"hello").await; // @suspend pipe-write
}

#[embassy_executor::task]
async fn pipe_read_task() {
    let mut buffer = [0; 3];
    EMPTY_PIPE.read(&mut buffer).await; // @suspend pipe-read
}

#[embassy_executor::task]
async fn permits_task() {
    let permits = PERMITS.acquire(2).await.unwrap();
    Timer::after_secs(FOREVER).await; // @suspend permits-held
    drop(permits);
}

#[embassy_executor::task]
async fn acquire_task() {
    a_moment().await;
    let permits = PERMITS.acquire(2).await.unwrap(); // @suspend acquire
    drop(permits);
}

#[embassy_executor::task]
async fn queue_task() {
    let permits = QUEUE.acquire(3).await.unwrap();
    Timer::after_secs(FOREVER).await; // @suspend queue-held
    drop(permits);
}

#[embassy_executor::task(pool_size = 2)]
async fn queued_task(permits: usize) {
    a_moment().await;
    let _permits = QUEUE.acquire(permits).await.unwrap(); // @suspend queued
}

#[embassy_executor::task]
async fn reader_task() {
    let value = READ.read().await;
    Timer::after_secs(FOREVER).await; // @suspend reader-holds
    core::hint::black_box(*value);
}

#[embassy_executor::task]
async fn write_task() {
    a_moment().await;
    *READ.write().await += 1; // @suspend write
}

#[embassy_executor::task]
async fn writer_task() {
    let mut value = WRITTEN.write().await;
    Timer::after_secs(FOREVER).await; // @suspend writer-holds
    *value += 1;
}

#[embassy_executor::task]
async fn read_task() {
    a_moment().await;
    core::hint::black_box(*WRITTEN.read().await); // @suspend read
}

#[embassy_executor::task]
async fn holder_task() {
    let mut guard = BUS.lock().await;
    Timer::after_secs(FOREVER).await; // @suspend holder
    *guard += 1;
}

#[embassy_executor::task]
async fn lock_task() {
    a_moment().await;
    *BUS.lock().await += 1; // @suspend lock
}

/// Gave its guard back, and the lock is free.
#[embassy_executor::task]
async fn dropped_guard_task() {
    let mut guard = SPARE.lock().await;
    *guard += 1;
    drop(guard);
    Timer::after_secs(FOREVER).await; // @suspend dropped-guard
}

/// Gave its guard back, and now another task holds the lock.
#[embassy_executor::task]
async fn passed_guard_task() {
    let mut guard = SHARED.lock().await;
    *guard += 1;
    drop(guard);
    Timer::after_secs(FOREVER).await; // @suspend passed-guard
}

#[embassy_executor::task]
async fn next_holder_task() {
    a_moment().await;
    let mut guard = SHARED.lock().await;
    Timer::after_secs(FOREVER).await; // @suspend next-holder
    *guard += 1;
}

/// A guard in an option, taken out or not.
#[embassy_executor::task(pool_size = 2)]
async fn optional_guard_task(mutex: &'static Mutex<Raw, u8>, is_kept: bool) {
    let mut kept: Option<MutexGuard<'static, Raw, u8>> = Some(mutex.lock().await);
    if !is_kept {
        kept.take();
    }
    Timer::after_secs(FOREVER).await; // @suspend optional-guard
    core::hint::black_box(kept.is_some());
}

/// Says that it was dropped.
struct Token(u32);

impl Drop for Token {
    fn drop(&mut self) {
        DROPS.add(self.0, Ordering::Relaxed);
    }
}

/// Two values that are moved away in some of the runs.
#[embassy_executor::task(pool_size = 4)]
async fn tokens_task(takes_first: bool, takes_second: bool) {
    let first = Token(1);
    let second = Token(2);
    if takes_first {
        drop(first);
    }
    if takes_second {
        drop(second);
    }
    Timer::after_secs(FOREVER).await; // @suspend tokens
}

/// The same, with awaits between: each flag is known by where it begins.
#[embassy_executor::task(pool_size = 2)]
async fn steps_task(takes_first: bool) {
    let first = Token(4);
    a_moment().await; // @suspend steps-first
    if takes_first {
        drop(first);
    }
    a_moment().await; // @suspend steps-between
    let second = Token(8);
    if !takes_first {
        drop(second);
    }
    Timer::after_secs(FOREVER).await; // @suspend steps-second
}

#[embassy_executor::task(pool_size = 2)]
async fn borrow_task(cell: &'static RefCell<u8>, is_dropped: bool) {
    let guard = cell.borrow_mut();
    if is_dropped {
        drop(guard);
    }
    Timer::after_secs(FOREVER).await; // @suspend borrow
}

#[embassy_executor::task]
async fn signal_task() {
    DONE.wait().await; // @suspend signal
}

#[embassy_executor::task]
async fn once_task() {
    SETTINGS.get().await; // @suspend once
}

static OTHER_BUS: Mutex<Raw, u8> = Mutex::new(10);
static FREE_BUS: Mutex<Raw, u8> = Mutex::new(11);
static FRAMES: StaticCell<[[u8; 8]; 2]> = StaticCell::new();
static FRAME_CHANNEL: StaticCell<zerocopy_channel::Channel<'static, Raw, [u8; 8]>> =
    StaticCell::new();
static UNREAD: StaticCell<[[u8; 8]; 2]> = StaticCell::new();
static UNREAD_CHANNEL: StaticCell<zerocopy_channel::Channel<'static, Raw, [u8; 8]>> =
    StaticCell::new();
static HELD_CELL: StaticCell<RefCell<u8>> = StaticCell::new();
static FREE_CELL: StaticCell<RefCell<u8>> = StaticCell::new();

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    embassy_rp::init(Default::default());
    SIGNALED.signal(12);
    let _ = GIVEN.init(13);
    core::hint::black_box((TABLE.get()[2], &UNUSED_TABLE));

    spawner.spawn(send_task().unwrap());
    spawner.spawn(dynamic_send_task(DYNAMIC_FULL.dyn_sender()).unwrap());
    spawner.spawn(receive_task().unwrap());
    spawner.spawn(ready_task().unwrap());
    spawner.spawn(dynamic_receive_task().unwrap());
    spawner.spawn(urgent_send_task().unwrap());
    let frames = FRAME_CHANNEL.init(zerocopy_channel::Channel::new(FRAMES.init([[0; 8]; 2])));
    spawner.spawn(frame_receive_task(frames.split().1).unwrap());
    let unread = UNREAD_CHANNEL.init(zerocopy_channel::Channel::new(UNREAD.init([[0; 8]; 2])));
    spawner.spawn(frame_send_task(unread.split().0).unwrap());
    spawner.spawn(publish_task().unwrap());
    spawner.spawn(subscribe_task().unwrap());
    spawner.spawn(dynamic_subscribe_task().unwrap());
    spawner.spawn(changed_task().unwrap());
    spawner.spawn(get_task().unwrap());
    spawner.spawn(pipe_write_task().unwrap());
    spawner.spawn(pipe_read_task().unwrap());
    spawner.spawn(permits_task().unwrap());
    spawner.spawn(acquire_task().unwrap());
    spawner.spawn(queue_task().unwrap());
    spawner.spawn(queued_task(2).unwrap());
    spawner.spawn(queued_task(1).unwrap());
    spawner.spawn(reader_task().unwrap());
    spawner.spawn(write_task().unwrap());
    spawner.spawn(writer_task().unwrap());
    spawner.spawn(read_task().unwrap());
    spawner.spawn(holder_task().unwrap());
    spawner.spawn(lock_task().unwrap());
    spawner.spawn(dropped_guard_task().unwrap());
    spawner.spawn(passed_guard_task().unwrap());
    spawner.spawn(next_holder_task().unwrap());
    spawner.spawn(optional_guard_task(&OTHER_BUS, true).unwrap());
    spawner.spawn(optional_guard_task(&FREE_BUS, false).unwrap());
    for (takes_first, takes_second) in [(false, false), (false, true), (true, false), (true, true)]
    {
        spawner.spawn(tokens_task(takes_first, takes_second).unwrap());
    }
    spawner.spawn(steps_task(false).unwrap());
    spawner.spawn(steps_task(true).unwrap());
    spawner.spawn(borrow_task(HELD_CELL.init(RefCell::new(14)), false).unwrap());
    spawner.spawn(borrow_task(FREE_CELL.init(RefCell::new(15)), true).unwrap());
    spawner.spawn(signal_task().unwrap());
    spawner.spawn(once_task().unwrap());
}
