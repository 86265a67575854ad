//! What can go wrong, one function each. Markers name the lines that do.

use core::cell::RefCell;
use core::hint::black_box;

/// Which case: a test writes it into RAM before the firmware starts.
#[used]
#[unsafe(link_section = ".uninit.POLLSCOPE_CASE")]
#[unsafe(no_mangle)]
static mut POLLSCOPE_CASE: u32 = 0;

#[derive(Debug)]
#[allow(dead_code)]
struct NoReply {
    address: u8,
}

pub fn chosen() -> u32 {
    unsafe { (&raw const POLLSCOPE_CASE).read_volatile() }
}

pub fn run(case: u32) {
    match case {
        0 => formatted(black_box(7), black_box("CRC")),
        1 => plain(),
        2 => out_of_bounds(black_box(9)),
        3 => unwrap_none(black_box(None)),
        4 => borrowed_twice(&RefCell::new(black_box(1))),
        5 => expect_error(black_box(Err(NoReply { address: 0x48 }))),
        6 => divide(black_box(0)),
        7 => read_nowhere(black_box(0xf000_0000)),
        8 => read_unaligned(black_box(0x2000_0101)),
        9 => jump_nowhere(black_box(0x6000_0001)),
        10 => undefined(),
        11 => breakpoint(),
        12 => write_nowhere(black_box(0x6000_0000)),
        _ => {}
    }
}

#[inline(never)]
fn formatted(sensor: u32, why: &str) {
    panic!("sensor {sensor} failed: {why} is wrong"); // @panic formatted
}

#[inline(never)]
fn plain() {
    panic!("the display does not answer"); // @panic plain
}

#[inline(never)]
fn out_of_bounds(index: usize) {
    let samples = black_box([1u32, 2, 3]);
    black_box(samples[index]); // @panic out-of-bounds
}

#[inline(never)]
fn unwrap_none(reading: Option<u32>) {
    black_box(reading.unwrap()); // @panic unwrap-none
}

#[inline(never)]
fn borrowed_twice(shared: &RefCell<u32>) {
    let first = shared.borrow_mut();
    let second = shared.borrow_mut(); // @panic borrowed-twice
    black_box((*first, *second));
}

#[inline(never)]
fn expect_error(reply: Result<u32, NoReply>) {
    black_box(reply.expect("the sensor must answer")); // @panic expect-error
}

#[inline(never)]
fn divide(by: u32) {
    black_box(100 / by); // @panic divide
}

#[inline(never)]
fn read_nowhere(at: usize) {
    black_box(unsafe { (at as *const u32).read_volatile() }); // @fault read-nowhere
}

#[inline(never)]
fn write_nowhere(at: usize) {
    unsafe { (at as *mut u32).write_volatile(1) }; // @fault write-nowhere
}

#[inline(never)]
fn read_unaligned(at: usize) {
    let value: u32;
    unsafe { core::arch::asm!("ldr {}, [{}]", out(reg) value, in(reg) at) }; // @fault read-unaligned
    black_box(value);
}

#[inline(never)]
fn jump_nowhere(at: usize) {
    let function: fn() = unsafe { core::mem::transmute(at) };
    function(); // @fault jump-nowhere
}

#[inline(never)]
fn undefined() {
    cortex_m::asm::udf(); // @fault undefined
}

#[inline(never)]
fn breakpoint() {
    cortex_m::asm::bkpt(); // @fault breakpoint
}
