//! The heap over a piece of ordinary memory.

use super::*;

/// Memory that the heap is given piece by piece, and what was handed out.
struct Bench {
    heap: Heap,
    memory: Vec<u64>,
    given_bytes: usize,
    blocks: Vec<(*mut u8, Layout, u8)>,
}

impl Bench {
    fn new(bytes: usize) -> Self {
        Self { heap: Heap::new(), memory: vec![0; bytes / 8], given_bytes: 0, blocks: Vec::new() }
    }

    /// Takes a block and fills it; null when the memory is used up.
    fn take(&mut self, bytes: usize, align: usize, fill: u8) -> *mut u8 {
        let layout = Layout::from_size_align(bytes, align).unwrap();
        let begin = self.memory.as_mut_ptr().cast::<u8>().wrapping_add(self.given_bytes);
        let left = self.memory.len() * 8 - self.given_bytes;
        let mut given = 0;
        // SAFETY: each piece of the memory is given once.
        let block = unsafe {
            self.heap.allocate(layout, |bytes| {
                given = bytes.next_multiple_of(64).min(left);
                (given > 0).then_some(Fresh { begin, bytes: given })
            })
        };
        self.given_bytes += given;
        if !block.is_null() {
            assert_eq!(block.addr() % align, 0);
            // SAFETY: the block has so many bytes.
            unsafe { block.write_bytes(fill, bytes) };
            self.blocks.push((block, layout, fill));
        }
        block
    }

    /// Gives a block back, after looking whether anyone else has written to it.
    fn give_back(&mut self, index: usize) {
        let (block, layout, fill) = self.blocks.remove(index);
        for offset in 0..layout.size() {
            // SAFETY: within the block.
            assert_eq!(unsafe { block.add(offset).read() }, fill);
        }
        // SAFETY: it came from this heap with this layout.
        unsafe { self.heap.free(block, layout) };
    }
}

#[test]
fn a_class_is_the_smallest_that_holds_its_bytes() {
    let mut last = 0;
    for bytes in (1..20_000).chain([1 << 20, (1 << 20) + 1, 3 << 29]) {
        let class = Class::of(bytes).unwrap();
        assert!(class.bytes() >= bytes, "{bytes} bytes in {class:?}");
        assert!(class.0 == 0 || Class(class.0 - 1).bytes() < bytes, "{bytes} bytes fit below {class:?}");
        assert!(class.bytes() <= bytes.max(UNIT_BYTES) + bytes / 4 + UNIT_BYTES);
        assert!(class.0 >= last);
        last = class.0;
    }
    assert_eq!(Class(CLASSES - 1).bytes(), 1 << 31);
    assert!(Class::of((1 << 31) + 1).is_none());
}

#[test]
fn a_freed_block_is_used_again_for_its_class_alone() {
    let mut bench = Bench::new(4096);
    let first = bench.take(20, 1, 1);
    let second = bench.take(24, 8, 2);
    bench.give_back(0);
    assert_ne!(bench.take(25, 1, 3), first);
    assert_eq!(bench.take(17, 4, 4), first);
    bench.give_back(0);
    assert_eq!(bench.take(24, 8, 5), second);
}

#[test]
fn a_small_block_is_split_before_fresh_memory_is_taken() {
    let mut bench = Bench::new(4096);
    let first = bench.take(80, 8, 1);
    bench.take(8, 8, 2);
    bench.give_back(0);
    assert_eq!(bench.take(64, 8, 3), first);
    assert_eq!(bench.take(16, 8, 4), first.wrapping_add(64));
    bench.give_back(1);
    let far_smaller = bench.take(16, 8, 5);
    assert!(far_smaller > first.wrapping_add(80), "a block of 64 bytes is not split for 16");
}

#[test]
fn memory_that_follows_extends_the_heap_and_none_left_is_null() {
    let mut bench = Bench::new(1024);
    let first = bench.take(64, 8, 1);
    let second = bench.take(64, 8, 2);
    assert_eq!(second, first.wrapping_add(64));
    assert!(bench.take(1024, 8, 3).is_null());
    assert!(!bench.take(512, 8, 4).is_null());
}

#[test]
fn the_last_block_grows_where_it_is() {
    let mut bench = Bench::new(4096);
    bench.take(40, 8, 1);
    bench.give_back(0);
    let block = bench.take(16, 8, 1);
    let layout = bench.blocks[0].1;
    // SAFETY: the block is the bench's.
    unsafe {
        assert!(bench.heap.resize_in_place(block, layout, 12), "the same class");
        assert!(bench.heap.resize_in_place(block, layout, 24), "fresh memory follows");
    }
    let large = Layout::from_size_align(24, 8).unwrap();
    bench.take(8, 8, 2);
    // SAFETY: as above.
    unsafe {
        assert!(!bench.heap.resize_in_place(block, large, 32), "another block follows");
        assert!(!bench.heap.resize_in_place(block, large, 8), "a smaller class");
    }
}

#[test]
fn blocks_never_overlap() {
    let mut bench = Bench::new(1 << 20);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for round in 0..4000_usize {
        if bench.blocks.len() > 40 || (random(3) == 0 && !bench.blocks.is_empty()) {
            let index = random(bench.blocks.len());
            bench.give_back(index);
        } else {
            let align = 1 << random(7);
            let bytes = if random(8) == 0 { random(5000) } else { random(100) } + 1;
            assert!(!bench.take(bytes, align, round.to_le_bytes()[0]).is_null());
        }
    }
    while !bench.blocks.is_empty() {
        bench.give_back(0);
    }
    assert!(bench.given_bytes < 400_000, "{} bytes", bench.given_bytes);
}
