//! What happens to a stream until the next document.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::tracking::Forget;

/// Operations, in a form in which their order no longer matters: the page does the reset first, then the deletes, then
/// the inserts, each item once.
#[derive(Debug)]
pub(crate) struct Pending<T> {
    reset: bool,
    deletes: Vec<String>,
    inserts: Vec<Insert<T>>,
    /// The ids in `deletes` and `inserts`.
    deleted: BTreeSet<String>,
    inserted: BTreeSet<String>,
}

/// An item that is put in.
#[derive(Debug)]
pub(crate) struct Insert<T> {
    pub(crate) element: String,
    pub(crate) at: i32,
    pub(crate) limit: Option<i32>,
    pub(crate) update_only: bool,
    pub(crate) item: T,
}

impl<T> Pending<T> {
    pub(crate) fn is_empty(&self) -> bool {
        !self.reset && self.deletes.is_empty() && self.inserts.is_empty()
    }

    pub(crate) fn reset(&self) -> bool {
        self.reset
    }

    pub(crate) fn deletes(&self) -> &[String] {
        &self.deletes
    }

    pub(crate) fn inserts(&self) -> &[Insert<T>] {
        &self.inserts
    }

    /// The index of the insert; none when the item takes the place of one that was inserted since the last document.
    pub(super) fn insert(&mut self, element: String, at: i32, update_only: bool, item: T) -> Option<usize> {
        if !self.inserted.insert(element.clone()) {
            let index = self.inserts.iter().position(|insert| insert.element == element)?;
            let former = self.inserts.get_mut(index)?;
            if update_only || !former.update_only {
                former.item = item;
                return None;
            }
            // It was only to be changed; now it is put in if the page does not have it, behind those before it.
            self.inserts.remove(index);
        } else if update_only && (self.reset || self.deleted.contains(&element)) {
            // It goes: the page has nothing to change.
            self.inserted.remove(&element);
            return None;
        }
        self.inserts.push(Insert { element, at, limit: None, update_only, item });
        Some(self.inserts.len() - 1)
    }

    pub(super) fn limit(&mut self, index: usize, count: i32) {
        if let Some(insert) = self.inserts.get_mut(index) {
            insert.limit = Some(count);
        }
    }

    pub(super) fn delete(&mut self, element: String) {
        if self.inserted.remove(&element) {
            self.inserts.retain(|insert| insert.element != element);
        }
        if self.deleted.insert(element.clone()) {
            self.deletes.push(element);
        }
    }

    /// Nothing that was said before has a meaning then.
    pub(super) fn clear(&mut self) {
        *self = Self { reset: true, ..Self::default() };
    }
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self {
            reset: false,
            deletes: Vec::new(),
            inserts: Vec::new(),
            deleted: BTreeSet::new(),
            inserted: BTreeSet::new(),
        }
    }
}

impl<T> Forget for RefCell<Pending<T>> {
    fn forget(&self) {
        self.take();
    }
}
