import { describe, expect, it } from "vitest";
import {
  array,
  bool,
  isize,
  i32,
  maybeUninit,
  pointer,
  RAM,
  readerOf,
  struct,
  taggedEnum,
  u32,
  u64,
  u8,
  usize,
  words,
} from "#test/values/type-builder";
import type { StructType, Type } from "../../symbols/types/type";
import { childrenOf } from "../children";
import { valueText } from "../value-text";

// Layouts of other versions than those in the samples, and memory that fits none.

function check(type: Type, bytes: ArrayLike<number>, expected: string): void {
  const reader = readerOf(bytes);
  expect(valueText(reader.at(type, RAM), reader)).toBe(expected);
}

const unsafeCell = (type: Type) => struct(`core::cell::UnsafeCell<${type.name}>`, { value: type });
const cell = (type: Type) => struct(`core::cell::Cell<${type.name}>`, { value: unsafeCell(type) });
const refCell = (type: Type) =>
  struct(`core::cell::RefCell<${type.name}>`, { borrow: cell(isize), value: unsafeCell(type) });

describe("cells", () => {
  it("shows what is in them, and how a RefCell is borrowed", () => {
    check(cell(u32), words(5), "Cell(5)");
    check(unsafeCell(u32), words(5), "UnsafeCell(5)");
    check(refCell(u32), words(0, 5), "RefCell(5)");
    check(refCell(u32), words(1, 5), "RefCell(5, borrowed)");
    check(refCell(u32), words(2, 5), "RefCell(5, borrowed 2 times)");
    check(refCell(u32), words(-1, 5), "RefCell(5, mutably borrowed)");
  });

  it("shows the members if they are not as expected", () => {
    check(
      struct("core::cell::RefCell<u32>", { state: u8, value: u8 }),
      [1, 2],
      "RefCell { state: 1, value: 2 }",
    );
    check(struct("core::cell::Cell<u32>", { inner: u8 }), [1], "Cell { inner: 1 }");
  });

  it("has the plain members as a child", () => {
    const reader = readerOf(words(0, 5));
    const { named } = childrenOf(reader.at(refCell(u32), RAM), reader);
    expect(named.map(({ name, value }) => `${name}: ${valueText(value, reader)}`)).toEqual([
      "value: 5",
      "(raw): RefCell { borrow: Cell(0), value: UnsafeCell(5) }",
    ]);
  });
});

describe("atomics and wrappers", () => {
  it("shows what they hold", () => {
    check(struct("core::sync::atomic::AtomicU32", { v: unsafeCell(u32) }), words(6), "6");
    check(struct("core::sync::atomic::AtomicBool", { v: unsafeCell(u8) }), [1], "true");
    check(struct("core::sync::atomic::AtomicBool", { v: unsafeCell(u8) }), [9], "9");
    check(struct("core::num::wrapping::Wrapping<u32>", { __0: u32 }), words(7), "7");
    check(maybeUninit(u32), words(3), "MaybeUninit(3, may be uninitialised)");
    check(array(maybeUninit(u8), 2), [1, 2], "MaybeUninit(may be uninitialised) [1, 2]");
  });
});

describe("heapless", () => {
  const storage = (type: Type, length: number) =>
    struct("heapless::vec::storage::VecStorageInner<…>", { buffer: array(maybeUninit(type), length) });
  const layouts: readonly [string, (type: Type, length: number) => StructType][] = [
    [
      "0.7",
      (type, n) =>
        struct(`heapless::vec::Vec<${type.name}, ${n}>`, { buffer: array(maybeUninit(type), n), len: usize }),
    ],
    [
      "0.8",
      (type, n) =>
        struct(`heapless::vec::Vec<${type.name}, ${n}>`, { len: usize, buffer: array(maybeUninit(type), n) }),
    ],
    [
      "0.9",
      (type, n) =>
        struct(`heapless::vec::VecInner<${type.name}, usize>`, { len: usize, buffer: storage(type, n) }),
    ],
  ];

  it.each(layouts)("reads a Vec and a String of version %s", (version, vec) => {
    const bytes = version === "0.7" ? [...words(1, 2, 99), ...words(2)] : [...words(2), ...words(1, 2, 99)];
    check(vec(u32, 3), bytes, "Vec(2 of 3) [1, 2]");
    const letters = [0x68, 0x69, 0xff, 0xff];
    const name = version === "0.9" ? "heapless::string::StringInner" : "heapless::string::String<4>";
    const text = struct(name, { vec: vec(u8, 4) });
    check(text, version === "0.7" ? [...letters, ...words(2)] : [...words(2), ...letters], '"hi"');
  });

  it("does not believe a length that is more than the capacity", () => {
    const [, vec] = layouts[1]!;
    check(
      vec(u8, 2),
      [...words(7), 1, 2],
      "Vec { len: 7, buffer: MaybeUninit(may be uninitialised) [1, 2] }",
    );
  });

  const deque = struct("heapless::deque::Deque<u8, 3>", {
    buffer: array(maybeUninit(u8), 3),
    full: bool,
    front: usize,
    back: usize,
  });

  it("reads a Deque from its front on, around the end of its buffer", () => {
    check(deque, [10, 11, 12, 0, ...words(2, 1)], "Deque(2 of 3) [12, 10]");
    check(deque, [10, 11, 12, 1, ...words(1, 1)], "Deque(3 of 3) [11, 12, 10]");
    check(deque, [10, 11, 12, 0, ...words(1, 1)], "Deque(0 of 3) []");
    check(
      deque,
      [10, 11, 12, 0, ...words(8, 1)],
      "Deque { buffer: MaybeUninit(may be uninitialised) [10, 11, 12], full: false, front: 8, back: 1 }",
    );
  });
});

describe("embassy", () => {
  const blocking = (type: Type) =>
    struct(`embassy_sync::blocking_mutex::Mutex<R, ${type.name}>`, { data: unsafeCell(type) });

  it("shows whether a mutex is locked, and what it protects", () => {
    const state = struct("embassy_sync::mutex::State", { locked: bool });
    const mutex = struct("embassy_sync::mutex::Mutex<R, u8>", {
      state: blocking(refCell(state)),
      inner: unsafeCell(u8),
    });
    check(mutex, [...words(0), 1, 5], "Mutex(5, locked)");
    check(mutex, [...words(0), 0, 5], "Mutex(5, unlocked)");
    check(
      mutex,
      [...words(0), 3, 5],
      "Mutex { state: Mutex(RefCell(State { locked: invalid bool 0x03 })), inner: UnsafeCell(5) }",
    );
  });

  it("shows what is signaled", () => {
    const state = taggedEnum("embassy_sync::signal::State<u8>", u8, {
      None: {},
      Waiting: { __0: u8 },
      Signaled: { __0: u8 },
    });
    const signal = struct("embassy_sync::signal::Signal<R, u8>", { state: blocking(cell(state)) });
    check(signal, [0, 0], "Signal(nothing signaled)");
    check(signal, [1, 0], "Signal(nothing signaled, awaited)");
    check(signal, [2, 5], "Signal(5, signaled)");
    check(signal, [3, 5], "Signal { state: Mutex(Cell(invalid State: no variant has discriminant 0x03)) }");
  });

  it("shows times in units", () => {
    const duration = struct("embassy_time::duration::Duration", { ticks: u64 });
    const instant = struct("embassy_time::instant::Instant", { ticks: u64 });
    check(duration, words(1_500_000, 0), "1.5 s");
    check(duration, words(61, 0), "61 us");
    check(duration, words(-1, -1), "Duration::MAX");
    check(instant, words(250_000, 0), "Instant(250 ms)");
    check(instant, words(-1, -1), "Instant::MAX");
    check(struct("core::time::Duration", { secs: u64, nanos: u32 }), words(2, 0, 250), "2.00000025 s");
    check(struct("core::time::Duration", { secs: u64, nanos: u32 }), words(0, 0, 250), "250 ns");
  });
});

describe("ranges, static cells, guards, wakers", () => {
  it("shows them as they are written", () => {
    check(struct("core::ops::range::Range<i32>", { start: i32, end: i32 }), words(-1, 4), "-1..4");
    const inclusive = struct("core::ops::range::RangeInclusive<i32>", {
      start: i32,
      end: i32,
      exhausted: bool,
    });
    check(inclusive, [...words(1, 4), 1], "1..=4 (exhausted)");
    const staticCell = struct("static_cell::StaticCell<u8>", {
      used: bool,
      val: unsafeCell(maybeUninit(u8)),
    });
    check(staticCell, [0, 5], "StaticCell(not initialised)");
    check(staticCell, [1, 5], "StaticCell(5)");
    const nonNull = struct("core::ptr::non_null::NonNull<u8>", { pointer: pointer("*const u8", () => u8) });
    check(struct("core::cell::Ref<u8>", { value: nonNull }), [...words(RAM + 4), 7], "Ref(7)");
    const waker = struct("core::task::wake::Waker", {
      waker: struct("core::task::wake::RawWaker", { data: pointer("*const ()", () => u8), vtable: u32 }),
    });
    check(waker, words(0x1234, 0), "Waker(0x00001234)");
  });
});

describe("alloc", () => {
  const inner = struct("alloc::raw_vec::RawVecInner", {
    cap: usize,
    pointer: pointer("*const u8", () => u8),
  });
  const vec = (element: Type) =>
    struct(
      `alloc::vec::Vec<${element.name}>`,
      { buf: struct("alloc::raw_vec::RawVec", { inner }), len: usize },
      [element],
    );

  it("reads a Vec, a String and an Rc", () => {
    check(vec(u8), [...words(4, RAM + 12, 2), 8, 9], "Vec(2 of 4) [8, 9]");
    check(struct("alloc::string::String", { vec: vec(u8) }), [...words(4, RAM + 12, 2), 0x68, 0x69], '"hi"');
    const counted = struct("alloc::rc::RcInner<u8>", { strong: cell(usize), weak: cell(usize), value: u8 });
    const rc = struct("alloc::rc::Rc<u8>", { ptr: pointer("*const alloc::rc::RcInner<u8>", () => counted) });
    check(rc, [...words(RAM + 4, 2, 1), 5], "Rc(5, 2 strong, 0 weak)");
  });
});
