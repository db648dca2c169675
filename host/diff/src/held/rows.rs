//! What is held of a list's rows. Most of them are leaves alone, and an idle page costs what is here: eight bytes for
//! each leaf, and no block of memory for each row.

use std::collections::BTreeMap;

use super::{HeldSlot, NOTHING};

/// Rows in order, all with the same number of slots.
#[derive(Debug)]
pub(crate) struct HeldRows {
    /// How many slots a row has.
    width: usize,
    /// For each slot of each row the hash of its leaf; without meaning where something else is held.
    leaves: Vec<u64>,
    /// What is no leaf, by its place in `leaves`.
    others: BTreeMap<usize, HeldSlot>,
}

impl HeldRows {
    /// No rows yet.
    pub(crate) fn new(width: usize) -> Self {
        Self { width, leaves: Vec::new(), others: BTreeMap::new() }
    }

    /// Appends a row.
    pub(crate) fn push(&mut self, row: Box<[HeldSlot]>) {
        for slot in row {
            let place = self.leaves.len();
            let leaf = self.leaf(place, slot);
            self.leaves.push(leaf);
        }
    }

    /// Takes a row out, until it is [`put`](Self::put) back. Without slots if there is no such row.
    pub(crate) fn take(&mut self, index: usize) -> Box<[HeldSlot]> {
        let begin = index * self.width;
        let leaves = self.leaves.iter().skip(begin).take(self.width);
        let places = begin..begin + self.width;
        if self.others.range(places.clone()).next().is_none() {
            return leaves.copied().map(HeldSlot::Leaf).collect();
        }
        let slots = places.zip(leaves);
        slots.map(|(place, leaf)| self.others.remove(&place).unwrap_or(HeldSlot::Leaf(*leaf))).collect()
    }

    /// Puts a row where one was taken out.
    pub(crate) fn put(&mut self, index: usize, row: Box<[HeldSlot]>) {
        for (place, slot) in (index * self.width..).zip(row) {
            let leaf = self.leaf(place, slot);
            if let Some(place) = self.leaves.get_mut(place) {
                *place = leaf;
            }
        }
    }

    /// Gives back what was kept for rows that did not come.
    pub(crate) fn shrink(&mut self) {
        self.leaves.shrink_to_fit();
    }

    /// The hash of what is put into a place, if it is a leaf; anything else is kept apart.
    fn leaf(&mut self, place: usize, slot: HeldSlot) -> u64 {
        if let HeldSlot::Leaf(hash) = slot {
            return hash;
        }
        self.others.insert(place, slot);
        NOTHING
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::HeldRows;
    use crate::held::{HeldSlot, HeldStream};
    use crate::template::Template;

    fn stream(name: &str) -> HeldSlot {
        let template = Arc::new(Template::derived(&["", ""]));
        HeldSlot::Stream(Box::new(HeldStream { template, name: name.into() }))
    }

    fn row<const N: usize>(slots: [HeldSlot; N]) -> Box<[HeldSlot]> {
        Box::new(slots)
    }

    fn shown(row: &[HeldSlot]) -> String {
        let slots = row.iter().map(|slot| match slot {
            HeldSlot::Leaf(hash) => hash.to_string(),
            HeldSlot::Stream(stream) => stream.name.to_string(),
            other => panic!("{other:?}"),
        });
        slots.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_are_taken_out_as_they_were_put_in() {
        let mut rows = HeldRows::new(2);
        rows.push(row([HeldSlot::Leaf(1), HeldSlot::Leaf(2)]));
        rows.push(row([stream("a"), HeldSlot::Leaf(3)]));
        rows.push(row([HeldSlot::Leaf(4), HeldSlot::Leaf(5)]));
        rows.shrink();
        assert_eq!([1, 2, 0].map(|index| shown(&rows.take(index))), ["a 3", "4 5", "1 2"]);
        rows.put(1, row([HeldSlot::Leaf(6), stream("b")]));
        rows.put(0, row([stream("c"), stream("d")]));
        assert_eq!([0, 1, 2].map(|index| shown(&rows.take(index))), ["c d", "6 b", "4 5"]);
        assert!(rows.others.is_empty(), "what is taken out is kept no longer");
    }

    #[test]
    fn rows_without_slots_hold_nothing() {
        let mut rows = HeldRows::new(0);
        rows.push(row([]));
        assert!(rows.take(0).is_empty());
        rows.put(0, row([]));
        assert!(rows.leaves.is_empty() && rows.others.is_empty());
    }

    #[test]
    fn a_leaf_costs_eight_bytes() {
        let mut rows = HeldRows::new(5);
        (0..1_000).for_each(|_| rows.push(row([1, 2, 3, 4, 5].map(HeldSlot::Leaf))));
        rows.shrink();
        assert_eq!(rows.leaves.capacity(), 5_000);
        assert!(rows.others.is_empty());
    }
}
