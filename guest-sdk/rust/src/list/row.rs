//! One row of a list: its identity and when it was last touched.

use std::cell::Cell;

use crate::tracking::Stamp;

/// The identity of a row: never given to another row of the same instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub(crate) u32);

#[derive(Debug)]
pub(crate) struct Row<T> {
    pub(crate) id: RowId,
    touched: Stamp,
    pub(crate) value: T,
}

impl<T> Row<T> {
    pub(crate) fn new(value: T) -> Self {
        thread_local! {
            static NEXT: Cell<u32> = const { Cell::new(0) };
        }
        let id = RowId(NEXT.get());
        // An instance that makes four thousand million rows has long been replaced.
        NEXT.set(id.0.wrapping_add(1));
        Self { id, touched: Stamp::new(), value }
    }

    /// Marks the row; answers whether this is the first time in this generation.
    pub(crate) fn touch(&mut self) -> bool {
        let first = !self.is_touched();
        self.touched.touch();
        first
    }

    /// Whether the row was written or made since the last document.
    pub(crate) fn is_touched(&self) -> bool {
        self.touched.is_current()
    }
}
