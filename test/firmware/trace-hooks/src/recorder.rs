//! Embassy's seven trace hooks, writing to a buffer that a test reads from RAM.
//!
//! The README describes the layout. A test finds both statics by their symbols.

use core::ptr::{addr_of, addr_of_mut};

/// One event.
#[repr(C)]
#[derive(Clone, Copy)]
struct Record {
    kind: u32,
    /// The address of the executor.
    executor: u32,
    /// The address of the task's header; 0 for an event of the executor alone.
    task: u32,
    /// Microseconds of the RP2040's timer: the low word, raw.
    time_us: u32,
}

#[repr(u32)]
enum Kind {
    PollStart = 1,
    TaskNew = 2,
    TaskReadyBegin = 3,
    TaskExecBegin = 4,
    TaskExecEnd = 5,
    TaskEnd = 6,
    ExecutorIdle = 7,
}

const CAPACITY: usize = 8192;

const NOTHING: Record = Record {
    kind: 0,
    executor: 0,
    task: 0,
    time_us: 0,
};

/// The events in order. When it is full, later events are not recorded.
#[unsafe(no_mangle)]
static mut POLLSCOPE_TRACE_RING: [Record; CAPACITY] = [NOTHING; CAPACITY];

/// How many events there are.
#[unsafe(no_mangle)]
static mut POLLSCOPE_TRACE_COUNT: u32 = 0;

/// TIMERAWL: the low word of the timer, without the latch that TIMELR has.
const TIMER_RAW_LOW: *const u32 = 0x4005_4028 as *const u32;

fn record(kind: Kind, executor: u32, task: u32) {
    // An interrupt that wakes a task records that, maybe in the middle of this.
    critical_section::with(|_| {
        // SAFETY: nobody else is here, see above; the register can always be read.
        // The writes are volatile because nothing in the program reads them.
        unsafe {
            let count = addr_of!(POLLSCOPE_TRACE_COUNT).read_volatile();
            if (count as usize) < CAPACITY {
                let time_us = TIMER_RAW_LOW.read_volatile();
                let slot = addr_of_mut!(POLLSCOPE_TRACE_RING)
                    .cast::<Record>()
                    .add(count as usize);
                slot.write_volatile(Record {
                    kind: kind as u32,
                    executor,
                    task,
                    time_us,
                });
                addr_of_mut!(POLLSCOPE_TRACE_COUNT).write_volatile(count + 1);
            }
        }
    });
}

#[unsafe(no_mangle)]
fn _embassy_trace_poll_start(executor_id: u32) {
    record(Kind::PollStart, executor_id, 0);
}

#[unsafe(no_mangle)]
fn _embassy_trace_task_new(executor_id: u32, task_id: u32) {
    record(Kind::TaskNew, executor_id, task_id);
}

#[unsafe(no_mangle)]
fn _embassy_trace_task_ready_begin(executor_id: u32, task_id: u32) {
    record(Kind::TaskReadyBegin, executor_id, task_id);
}

#[unsafe(no_mangle)]
fn _embassy_trace_task_exec_begin(executor_id: u32, task_id: u32) {
    record(Kind::TaskExecBegin, executor_id, task_id);
}

#[unsafe(no_mangle)]
fn _embassy_trace_task_exec_end(executor_id: u32, task_id: u32) {
    record(Kind::TaskExecEnd, executor_id, task_id);
}

#[unsafe(no_mangle)]
fn _embassy_trace_task_end(executor_id: u32, task_id: u32) {
    record(Kind::TaskEnd, executor_id, task_id);
}

#[unsafe(no_mangle)]
fn _embassy_trace_executor_idle(executor_id: u32) {
    record(Kind::ExecutorIdle, executor_id, 0);
}
