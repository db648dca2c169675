//! A small allocator for views: the pages that an idle view keeps are what a host pays for it.
//!
//! Blocks have no headers and the heap has no end marker; it begins right behind the data, so that a small view's
//! stack, data and heap lie on as few pages as possible. Freed blocks wait in one list for each size class, four of
//! which lie between two powers of two. Blocks are not joined; a small one may be split in two before fresh memory
//! is taken. Memory is never given back, as WebAssembly cannot.
#![expect(unsafe_code, reason = "an allocator hands out raw memory; each block says why it may")]

use core::alloc::Layout;
use core::ptr;

/// Blocks up to this size come in steps of a unit.
const MAX_SMALL_BYTES: usize = 512;

/// Every block begins at, and is a multiple of, this many bytes; enough for a freed block's link on any machine.
const UNIT_BYTES: usize = 8;

const SMALL_CLASSES: usize = MAX_SMALL_BYTES / UNIT_BYTES;

/// Four for each power of two from the largest small block to half of the address space of wasm32.
const CLASSES: usize = SMALL_CLASSES + 4 * 22;

/// Free blocks, and where fresh memory begins and ends.
pub(crate) struct Heap {
    free: [*mut u8; CLASSES],
    fresh: *mut u8,
    /// How many bytes of fresh memory there are.
    fresh_bytes: usize,
}

impl Heap {
    /// A heap without memory.
    pub(crate) const fn new() -> Self {
        Self { free: [ptr::null_mut(); CLASSES], fresh: ptr::null_mut(), fresh_bytes: 0 }
    }

    /// A block for the layout, or null. `more` is asked for at least so many bytes when fresh memory is short:
    /// it answers where memory begins and how much there is; memory right behind the old one extends it.
    ///
    /// # Safety
    ///
    /// What `more` answers is aligned to a unit, valid for writes and used by nobody else from then on.
    pub(crate) unsafe fn allocate(
        &mut self,
        layout: Layout,
        more: impl FnOnce(usize) -> Option<Fresh>,
    ) -> *mut u8 {
        if layout.align() > UNIT_BYTES {
            // SAFETY: as promised to this function.
            return unsafe { self.allocate_aligned(layout, more) };
        }
        let Some(class) = Class::of(layout.size()) else { return ptr::null_mut() };
        if let Some(block) = self.pop(class).or_else(|| self.split(class)) {
            return block;
        }
        self.take_fresh(class.bytes(), more)
    }

    fn pop(&mut self, class: Class) -> Option<*mut u8> {
        let head = self.free.get_mut(class.0).filter(|head| !head.is_null())?;
        let block = *head;
        // SAFETY: a block in a list is ours, and `push` wrote the link to its beginning.
        *head = unsafe { block.cast::<*mut u8>().read() };
        Some(block)
    }

    /// # Safety
    ///
    /// The block is ours alone, aligned to a unit, and has the bytes of the class.
    unsafe fn push(&mut self, block: *mut u8, class: Class) {
        if let Some(head) = self.free.get_mut(class.0) {
            // SAFETY: as promised; the smallest class has a unit, which holds the link.
            unsafe { block.cast::<*mut u8>().write(*head) };
            *head = block;
        }
    }

    /// A small block from the beginning of one at most twice as large.
    fn split(&mut self, class: Class) -> Option<*mut u8> {
        if class.0 >= SMALL_CLASSES {
            return None;
        }
        let larger = class.0 + 1..(2 * class.0 + 2).min(SMALL_CLASSES);
        let (block, larger) = larger.map(Class).find_map(|larger| Some((self.pop(larger)?, larger)))?;
        let rest = Class(larger.0 - class.0 - 1);
        // SAFETY: the block was in a list; its end has the bytes of the one class less those of the other.
        unsafe { self.push(block.wrapping_add(class.bytes()), rest) };
        Some(block)
    }

    /// Takes a block back.
    ///
    /// # Safety
    ///
    /// The block came from `allocate` of this heap with this layout, and nobody uses it any longer.
    pub(crate) unsafe fn free(&mut self, block: *mut u8, layout: Layout) {
        if layout.align() > UNIT_BYTES {
            // SAFETY: `allocate_aligned` wrote where the block around it begins, right before it.
            let around = unsafe { block.cast::<*mut u8>().sub(1).read() };
            if let Some(layout) = around_aligned(layout) {
                // SAFETY: that block came from `allocate` with this layout.
                unsafe { self.free(around, layout) };
            }
            return;
        }
        if let Some(class) = Class::of(layout.size()) {
            // SAFETY: the block is ours again, and `allocate` gave it the bytes of this class.
            unsafe { self.push(block, class) };
        }
    }

    /// Makes a block as large as asked without moving it, if it already is or if fresh memory follows it.
    ///
    /// # Safety
    ///
    /// As for `free`.
    pub(crate) unsafe fn resize_in_place(
        &mut self,
        block: *mut u8,
        layout: Layout,
        new_bytes: usize,
    ) -> bool {
        if layout.align() > UNIT_BYTES {
            return false;
        }
        let (Some(old), Some(new)) = (Class::of(layout.size()), Class::of(new_bytes)) else { return false };
        if old.0 == new.0 {
            return true;
        }
        let grows_by = new.bytes().wrapping_sub(old.bytes());
        let is_last = block.wrapping_add(old.bytes()) == self.fresh;
        if is_last && new.0 > old.0 && grows_by <= self.fresh_bytes {
            self.fresh = self.fresh.wrapping_add(grows_by);
            self.fresh_bytes -= grows_by;
            return true;
        }
        false
    }

    fn take_fresh(&mut self, bytes: usize, more: impl FnOnce(usize) -> Option<Fresh>) -> *mut u8 {
        if bytes > self.fresh_bytes {
            let Some(fresh) = more(bytes) else { return ptr::null_mut() };
            if self.fresh.wrapping_add(self.fresh_bytes) == fresh.begin {
                self.fresh_bytes += fresh.bytes;
            } else {
                self.fresh = fresh.begin;
                self.fresh_bytes = fresh.bytes;
            }
            if bytes > self.fresh_bytes {
                return ptr::null_mut();
            }
        }
        let block = self.fresh;
        self.fresh = block.wrapping_add(bytes);
        self.fresh_bytes -= bytes;
        block
    }

    /// Rare: a block with room to begin at a multiple of more than a unit.
    ///
    /// # Safety
    ///
    /// As for `allocate`.
    unsafe fn allocate_aligned(
        &mut self,
        layout: Layout,
        more: impl FnOnce(usize) -> Option<Fresh>,
    ) -> *mut u8 {
        let Some(layout_around) = around_aligned(layout) else { return ptr::null_mut() };
        // SAFETY: as promised to this function.
        let around = unsafe { self.allocate(layout_around, more) };
        if around.is_null() {
            return around;
        }
        let past = around.addr() % layout.align();
        let block = around.wrapping_add(layout.align() - past);
        // SAFETY: blocks begin at units, so there is at least a unit between the two.
        unsafe { block.cast::<*mut u8>().sub(1).write(around) };
        block
    }
}

/// Memory that nobody has used yet.
pub(crate) struct Fresh {
    pub(crate) begin: *mut u8,
    pub(crate) bytes: usize,
}

/// The layout of the block that holds one with a large alignment.
fn around_aligned(layout: Layout) -> Option<Layout> {
    let bytes = layout.size().checked_add(layout.align())?;
    Layout::from_size_align(bytes, UNIT_BYTES).ok()
}

/// A size class, by its place in the table of free lists.
#[derive(Debug, Clone, Copy)]
struct Class(usize);

impl Class {
    /// The smallest class whose blocks have so many bytes; none for half of the address space or more.
    fn of(bytes: usize) -> Option<Self> {
        if bytes <= MAX_SMALL_BYTES {
            return Some(Self(bytes.saturating_sub(1) / UNIT_BYTES));
        }
        // 513..=640 is the first class behind the small ones: from 512 in quarters of 512.
        let power = (bytes - 1).ilog2();
        let quarter = (bytes - 1) >> (power - 2) & 3;
        let class = SMALL_CLASSES + 4 * (power as usize - 9) + quarter;
        (class < CLASSES).then_some(Self(class))
    }

    fn bytes(self) -> usize {
        match self.0.checked_sub(SMALL_CLASSES) {
            None => (self.0 + 1) * UNIT_BYTES,
            Some(large) => (5 + large % 4) << (large / 4 + 7),
        }
    }
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod global {
    use core::alloc::{GlobalAlloc, Layout};
    use core::arch::wasm32::{memory_grow, memory_size};
    use core::cell::UnsafeCell;
    use core::ptr;

    use super::{Fresh, Heap, UNIT_BYTES};

    const PAGE_BYTES: usize = 65_536;

    #[global_allocator]
    static HEAP: Global = Global(UnsafeCell::new(Heap::new()));

    struct Global(UnsafeCell<Heap>);

    // SAFETY: a view's instance has one thread.
    unsafe impl Sync for Global {}

    unsafe extern "C" {
        /// Where the linker's data ends.
        static __heap_base: u8;
    }

    /// Memory behind what the heap has: first what the module came with, then new pages.
    fn more(bytes: usize) -> Option<Fresh> {
        let old_end = memory_size(0) * PAGE_BYTES;
        let pages = bytes.div_ceil(PAGE_BYTES);
        if memory_grow(0, pages) == usize::MAX {
            return None;
        }
        Some(Fresh { begin: ptr::without_provenance_mut(old_end), bytes: pages * PAGE_BYTES })
    }

    fn first(heap: &mut Heap) {
        if heap.fresh.is_null() {
            let begin = (&raw const __heap_base).addr().next_multiple_of(UNIT_BYTES);
            heap.fresh = ptr::without_provenance_mut(begin);
            heap.fresh_bytes = memory_size(0) * PAGE_BYTES - begin;
        }
    }

    // SAFETY: blocks come from memory that the linker and the system left free, and are handed out once.
    unsafe impl GlobalAlloc for Global {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: one thread, and the heap calls nothing that allocates.
            let heap = unsafe { &mut *self.0.get() };
            first(heap);
            // SAFETY: pages that were just grown are used by nobody else.
            unsafe { heap.allocate(layout, more) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: as above; the caller promises the rest.
            unsafe { (*self.0.get()).free(block, layout) }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_bytes: usize) -> *mut u8 {
            // SAFETY: as above.
            let stays = unsafe { (*self.0.get()).resize_in_place(block, layout, new_bytes) };
            if stays {
                return block;
            }
            // SAFETY: the caller promises that the new layout is valid.
            let new_layout = unsafe { Layout::from_size_align_unchecked(new_bytes, layout.align()) };
            // SAFETY: the two blocks are both ours and do not overlap.
            unsafe {
                let new_block = self.alloc(new_layout);
                if !new_block.is_null() {
                    ptr::copy_nonoverlapping(block, new_block, layout.size().min(new_bytes));
                    self.dealloc(block, layout);
                }
                new_block
            }
        }
    }
}

#[cfg(test)]
mod tests;
