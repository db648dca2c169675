//! When was a value last changed, measured in renders.
//!
//! Every tracked value carries a stamp: the generation in which it was last written.
//! A generation ends when a rendered document is handed to the host. So a value has changed since the
//! last document exactly if its stamp is not older than the current generation; no list of changes is kept.

use std::cell::Cell;

thread_local! {
    static GENERATION: Cell<u32> = const { Cell::new(1) };
}

pub(crate) fn generation() -> u32 {
    GENERATION.get()
}

/// Everything written so far is in the document that is being handed out.
pub(crate) fn end_generation() {
    // After four thousand million documents all values count as changed, which is only slow.
    GENERATION.set(GENERATION.get().wrapping_add(1));
}

/// The stamp of one tracked value.
///
/// It also knows where the value lay when it was last looked at: two values that were exchanged
/// (`std::mem::swap`) bring old stamps to new places, and count as changed.
#[derive(Debug)]
pub(crate) struct Stamp {
    generation: Cell<u32>,
    address: Cell<usize>,
}

impl Stamp {
    /// Written now.
    pub(crate) fn new() -> Self {
        Self { generation: Cell::new(generation()), address: Cell::new(0) }
    }

    pub(crate) fn touch(&mut self) {
        self.generation.set(generation());
    }

    /// Whether the value was written or moved since the last document.
    pub(crate) fn changed(&self) -> bool {
        let address = core::ptr::from_ref(self).addr();
        if self.address.replace(address) != address {
            self.generation.set(generation());
        }
        self.generation.get() >= generation()
    }
}
