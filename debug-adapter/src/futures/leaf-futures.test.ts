import { describe, expect, it } from "vitest";
import { BASE, lineOf, MadeMemory, timer, treeOf } from "#test/futures/made-futures";
import { array, base, bool, pointer, struct, u8, u32, usize } from "#test/futures/made-types";
import type { Type } from "../symbols/types/type";
import { leafKey } from "./leaf-futures";

/** What a future is made of by `poll_fn` in a function, with one capture. */
function pollFn(path: string, capture: Type) {
  return struct("core::future::poll_fn::PollFn<C>", {
    f: struct(`${path}::{closure_env#0}<M>`, { _ref__self: capture }),
  });
}

const LOCK = 0x2000_0800;

function waitAt(type: Type, memory: MadeMemory): string | undefined {
  return treeOf(type, memory).wait?.text;
}

describe("leafKey", () => {
  it("is the function that poll_fn was called in, or the type", () => {
    expect(leafKey(pollFn("embassy_sync::mutex::{impl#3}::lock", u32))).toBe("embassy_sync::mutex::lock");
    const nested = pollFn("embassy_rp::uart::{impl#6}::read::{async_fn#0}", u32);
    expect(leafKey(nested)).toBe("embassy_rp::uart::read");
    expect(leafKey(timer)).toBe("embassy_time::timer::Timer");
    expect(leafKey(u32)).toBe("");
  });
});

describe("leafWait", () => {
  it("says when a timer is due, was due, or never is", () => {
    expect(waitAt(timer, new MadeMemory().putTimer(BASE, 313_000))).toBe("timer due in 312.0 ms");
    expect(waitAt(timer, new MadeMemory().putTimer(BASE, 990))).toBe("timer due 10.00 us ago");
    const never = new MadeMemory().put(BASE, -1).put(BASE + 4, -1);
    expect(waitAt(timer, never)).toBe("timer that is never due");
  });

  it("says who holds a mutex, that it is free, or that nobody is known", () => {
    const mutex = struct("embassy_sync::mutex::Mutex<M, T>", {
      state: struct("S", { locked: bool }),
      inner: u32,
    });
    const type = pollFn("embassy_sync::mutex::{impl#3}::lock", pointer("&Mutex", mutex));
    const at = (lock: number, locked: number) =>
      waitAt(type, new MadeMemory().put(BASE, lock).put(lock, locked, 1));
    expect(at(LOCK, 1)).toBe("mutex at 0x20000800 held by holder_task");
    expect(at(LOCK, 0)).toBe("mutex at 0x20000800 is free");
    expect(at(LOCK + 128, 1)).toBe("mutex at 0x20000880 held by holder_task or a_task itself");
    expect(at(LOCK + 64, 1)).toBe("mutex at 0x20000840 is held, by whom is not known");
  });

  it("falls back to the type with its fields where the layout is unexpected", () => {
    const odd = struct("embassy_sync::mutex::Mutex<M, T>", { inner: u32 });
    const type = pollFn("embassy_sync::mutex::{impl#3}::lock", pointer("&Mutex", odd));
    expect(waitAt(type, new MadeMemory().put(BASE, LOCK))).toBe("nobody known");
    const timerWithout = struct("embassy_time::timer::Timer", { other: u32 });
    expect(waitAt(timerWithout, new MadeMemory())).toBe("nobody known");
  });

  it("tells the readers of an RwLock from its writer", () => {
    const state = struct("S", { readers: usize, writer: bool });
    const lock = struct("embassy_sync::rwlock::RwLock<M, T>", { state, inner: u32 });
    const write = pollFn("embassy_sync::rwlock::{impl#1}::write", pointer("&RwLock", lock));
    const read = pollFn("embassy_sync::rwlock::{impl#1}::read", pointer("&RwLock", lock));
    const twoReaders = new MadeMemory().put(BASE, LOCK).put(LOCK, 2);
    expect(waitAt(write, twoReaders)).toBe("rwlock at 0x20000800 being read by holder_task");
    expect(waitAt(read, twoReaders)).toBe("rwlock at 0x20000800 is free");
    const writer = new MadeMemory().put(BASE, LOCK).put(LOCK + 4, 1, 1);
    expect(waitAt(read, writer)).toBe("rwlock at 0x20000800 being written by holder_task");
  });

  it("names pins with the edge of the function around, DMA channels and pipes", () => {
    const pin = struct("embassy_rp::gpio::InputFuture", { pin: struct("AnyPin", { pin_bank: u8 }) });
    expect(waitAt(pin, new MadeMemory().put(BASE, 7, 1))).toBe("GPIO 7 to change");
    const dma = struct("embassy_rp::dma::Transfer", { channel: struct("Channel", { number: u8 }) });
    expect(waitAt(dma, new MadeMemory().put(BASE, 3, 1))).toBe("DMA channel 3 to finish");
    const ends = struct("embassy_sync::ring_buffer::RingBuffer<8>", { start: usize, end: usize, full: bool });
    const pipe = struct("embassy_sync::pipe::Pipe<M, 8>", { buf: array(u8, 8), buffer: ends });
    const write = struct("embassy_sync::pipe::WriteFuture<M, 8>", { pipe: pointer("&Pipe", pipe) });
    const at = (full: number) => new MadeMemory().put(BASE, LOCK).put(LOCK + 16, full, 1);
    expect(waitAt(write, at(1))).toBe("pipe at 0x20000800 is full (8 of 8)");
    expect(waitAt(write, at(0))).toBe("pipe at 0x20000800 is empty (0 of 8)");
    // Ends that no ring of 8 has.
    expect(waitAt(write, at(0).put(LOCK + 8, 9))).toBe("nobody known");
  });

  it("names the PIO, its state machine and what is waited for", () => {
    const fifo = (direction: string) =>
      struct(`embassy_rp::pio::Fifo${direction}Future<embassy_rp::peripherals::PIO1, 2>`, { value: u32 });
    expect(waitAt(fifo("Out"), new MadeMemory())).toBe("PIO1 state machine 2 to have room for a word");
    expect(waitAt(fifo("In"), new MadeMemory())).toBe("PIO1 state machine 2 to send a word");
    const flag = (fields: Record<string, Type>) =>
      struct("embassy_rp::pio::IrqFuture<embassy_rp::peripherals::PIO0>", fields);
    expect(waitAt(flag({ irq_no: u8 }), new MadeMemory().put(BASE, 3, 1))).toBe("PIO0 to raise flag 3");
    expect(waitAt(flag({ other: u8 }), new MadeMemory())).toBe("nobody known");
    const nameless = struct("embassy_rp::pio::FifoInFuture<PIO>", { value: u32 });
    expect(waitAt(nameless, new MadeMemory())).toBe("nobody known");
  });

  it("names the block of other hardware, and what has only yielded", () => {
    const i2c = pollFn(
      "embassy_rp::i2c::{impl#2}::wait_on",
      struct("I2c<embassy_rp::peripherals::I2C1>", { a: u32 }),
    );
    expect(waitAt({ ...i2c, name: "core::future::poll_fn::PollFn<I2C1>" }, new MadeMemory())).toBe(
      "interrupt of I2C1",
    );
    const yielded = struct("embassy_futures::yield_now::YieldNowFuture", { yielded: base("bool", 1) });
    expect(lineOf(treeOf(yielded, new MadeMemory()))).toContain("lets other tasks run first");
  });
});
