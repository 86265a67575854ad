//! What the programs share.

#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

use portable_atomic::{AtomicUsize, Ordering};

const HEAP_SIZE: usize = 8192;

/// A heap that only grows: enough for futures that never end.
pub struct BumpAllocator {
    heap: UnsafeCell<[u64; HEAP_SIZE / 8]>,
    used: AtomicUsize,
}

// SAFETY: every allocation is a part of the heap of its own.
unsafe impl Sync for BumpAllocator {}

impl BumpAllocator {
    pub const fn new() -> Self {
        Self {
            heap: UnsafeCell::new([0; HEAP_SIZE / 8]),
            used: AtomicUsize::new(0),
        }
    }
}

// SAFETY: blocks are aligned to 8 bytes, inside the heap, and never given out twice.
unsafe impl GlobalAlloc for BumpAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(8);
        let start = self.used.fetch_add(size, Ordering::Relaxed);
        if layout.align() > 8 || start + size > HEAP_SIZE {
            return null_mut();
        }
        self.heap.get().cast::<u8>().wrapping_add(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
