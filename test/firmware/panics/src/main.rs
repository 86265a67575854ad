//! Panics, and says in RAM what of: the oracle for what a debugger says.

#![no_std]
#![no_main]

mod cases;

use core::fmt::Write;
use core::panic::PanicInfo;

use embassy_executor::Spawner;

/// What the panic's message is, as text.
#[used]
static mut POLLSCOPE_MESSAGE: Message = Message { length: 0, bytes: [0; 256] };

/// The line that the panic names.
#[used]
static mut POLLSCOPE_LINE: u32 = 0;

#[repr(C)]
struct Message {
    length: usize,
    bytes: [u8; 256],
}

impl Write for Message {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for byte in text.bytes() {
            if self.length < self.bytes.len() {
                self.bytes[self.length] = byte;
                self.length += 1;
            }
        }
        Ok(())
    }
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let message = unsafe { &mut *(&raw mut POLLSCOPE_MESSAGE) };
    let _ = write!(message, "{}", info.message());
    if let Some(location) = info.location() {
        unsafe { (&raw mut POLLSCOPE_LINE).write_volatile(location.line()) };
    }
    loop {
        cortex_m::asm::nop();
    }
}

#[embassy_executor::task]
async fn failing_task(case: u32) {
    embassy_time::Timer::after_millis(1).await;
    cases::run(case);
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let _ = embassy_rp::init(Default::default());
    spawner.spawn(failing_task(cases::chosen()).unwrap());
}
