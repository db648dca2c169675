//! What changed in a list since the last document.

use super::List;
use crate::tracking::generation;

/// Indexes of the rows touched in one generation. They hold as long as the order does not change in it.
#[derive(Debug, Default)]
pub(super) struct Touched {
    generation: u32,
    indexes: Vec<u32>,
    all: bool,
}

impl Touched {
    pub(super) fn add(&mut self, index: usize) {
        self.begin_generation();
        match u32::try_from(index) {
            Ok(index) => self.indexes.push(index),
            Err(_) => self.all = true,
        }
    }

    /// Every row was touched; a list of their indexes would only take memory.
    pub(super) fn add_all(&mut self) {
        self.begin_generation();
        self.all = true;
    }

    fn begin_generation(&mut self) {
        if self.generation != generation() {
            self.generation = generation();
            self.indexes.clear();
            self.all = false;
        }
    }
}

/// How much of a list a template has to evaluate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Changes<'a> {
    Nothing,
    /// The rows at these indexes; the order is the same.
    Few(&'a [u32]),
    /// The rows that say so; the order is the same.
    Many,
    /// There are other rows, or they are in another order; the new and touched ones say so.
    Order,
    /// It is another list than the one that was rendered here before.
    Everything,
}

impl<T> List<T> {
    /// What changed in a list that templates look at for each document.
    pub(crate) fn changes(&self) -> Changes<'_> {
        if self.place.is_new() { Changes::Everything } else { self.changes_within() }
    }

    /// What changed in this list, which is the one that was rendered here before.
    pub(crate) fn changes_within(&self) -> Changes<'_> {
        if self.order.is_current() {
            Changes::Order
        } else if self.touched.generation != generation() {
            Changes::Nothing
        } else if self.touched.all {
            Changes::Many
        } else {
            Changes::Few(&self.touched.indexes)
        }
    }
}
