//! When was a value last changed, measured in renders.
//!
//! Every tracked value carries a stamp: the generation in which it was last written.
//! A generation ends when a rendered document is handed to the host. So a value has changed since the
//! last document exactly if its stamp is not older than the current generation; no list of changes is kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

thread_local! {
    static GENERATION: Cell<u32> = const { Cell::new(1) };
    static HANDED_OUT: RefCell<Vec<Rc<dyn Forget>>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn generation() -> u32 {
    GENERATION.get()
}

/// Everything written so far is in the document that is being handed out.
pub(crate) fn end_generation() {
    // After four thousand million documents all values count as changed, which is only slow.
    GENERATION.set(GENERATION.get().wrapping_add(1));
    for handed_out in HANDED_OUT.take() {
        handed_out.forget();
    }
}

/// What is of use for one document and then forgotten.
pub(crate) trait Forget {
    /// Called when a document has been handed out.
    fn forget(&self);
}

/// Has something forgotten once the next document has been handed out.
pub(crate) fn forget_once_handed_out(what: Rc<dyn Forget>) {
    HANDED_OUT.with_borrow_mut(|all| all.push(what));
}

/// When one value was last written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    generation: u32,
}

impl Stamp {
    /// Written now.
    pub(crate) fn new() -> Self {
        Self { generation: generation() }
    }

    pub(crate) fn touch(&mut self) {
        *self = Self::new();
    }

    /// Whether the value was written since the last document.
    pub(crate) fn is_current(self) -> bool {
        self.generation >= generation()
    }
}

/// Where one value lay when a template last looked at it, which it does for each document.
///
/// Values that were exchanged (`std::mem::swap`) bring old stamps to other places. So a value counts as changed unless
/// it lay in the same place in the last document.
#[derive(Debug)]
pub(crate) struct Place {
    address: Cell<usize>,
    looked_in: Cell<u32>,
    new_in: Cell<u32>,
}

impl Place {
    /// Not looked at yet.
    pub(crate) fn new() -> Self {
        Self { address: Cell::new(0), looked_in: Cell::new(0), new_in: Cell::new(0) }
    }

    /// Whether another value may have lain here in the last document.
    pub(crate) fn is_new(&self) -> bool {
        let (address, now) = (core::ptr::from_ref(self).addr(), generation());
        let is_where_it_was = self.address.replace(address) == address;
        let looked_in = self.looked_in.replace(now);
        if !is_where_it_was || (looked_in != now && looked_in != now.wrapping_sub(1)) {
            self.new_in.set(now);
        }
        self.new_in.get() == now
    }
}
