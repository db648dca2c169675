//! Tracked rows: a list that knows which of its rows changed.

mod changes;
mod row;

use crate::tracking::{Place, Stamp};

pub(crate) use changes::Changes;
use changes::Touched;
pub(crate) use row::Row;
pub use row::RowId;

/// A list whose rows keep their identity when they move, and know whether they changed.
///
/// `for item in self.items { … }` in a template evaluates the rows that changed and no others, and
/// the browser moves elements instead of writing them again.
///
/// Indexes out of range change nothing.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// let mut names: List<String> = ["bob", "ann"].into_iter().map(String::from).collect();
/// names.push("cy".to_owned());
/// names.move_to(1, 0);
/// if let Some(name) = names.get_mut(2) {
///     name.push_str("ril");
/// }
/// assert!(names.iter().eq(["ann", "bob", "cyril"]));
/// ```
#[derive(Debug)]
pub struct List<T> {
    rows: Vec<Row<T>>,
    /// The last change of which rows there are, or of their order.
    order: Stamp,
    place: Place,
    touched: Touched,
}

impl<T> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        Self { rows: Vec::new(), order: Stamp::new(), place: Place::new(), touched: Touched::default() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at an index.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.rows.get(index).map(|row| &row.value)
    }

    /// The row at an index, to change it. It counts as changed.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let row = self.rows.get_mut(index)?;
        if row.touch() {
            self.touched.add(index);
        }
        Some(&mut row.value)
    }

    /// All rows in order.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { rows: self.rows.iter() }
    }

    /// All rows in order, to change them. All count as changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.touched.add_all();
        self.rows.iter_mut().map(|row| {
            row.touch();
            &mut row.value
        })
    }

    /// Appends a row.
    pub fn push(&mut self, value: T) -> RowId {
        self.insert(self.rows.len(), value)
    }

    /// Inserts a row before the index, or at the end if there are fewer rows.
    pub fn insert(&mut self, index: usize, value: T) -> RowId {
        let row = Row::new(value);
        let id = row.id;
        self.order.touch();
        self.rows.insert(index.min(self.rows.len()), row);
        id
    }

    /// Removes the row at an index.
    pub fn remove(&mut self, index: usize) -> Option<T> {
        if index >= self.rows.len() {
            return None;
        }
        self.order.touch();
        Some(self.rows.remove(index).value)
    }

    /// Removes all rows.
    pub fn clear(&mut self) {
        self.retain(|_| false);
    }

    /// Keeps the rows that the condition holds for.
    pub fn retain(&mut self, mut condition: impl FnMut(&T) -> bool) {
        let before = self.rows.len();
        self.rows.retain(|row| condition(&row.value));
        if self.rows.len() != before {
            self.order.touch();
        }
    }

    /// Exchanges two rows.
    pub fn swap(&mut self, first: usize, second: usize) {
        let count = self.rows.len();
        if first < count && second < count && first != second {
            self.order.touch();
            self.rows.swap(first, second);
        }
    }

    /// Takes the row at one index out and puts it back so that it stands at the other.
    pub fn move_to(&mut self, from: usize, to: usize) {
        let count = self.rows.len();
        if from >= count || to >= count {
            return;
        }
        let moving = if from < to { self.rows.get_mut(from..=to) } else { self.rows.get_mut(to..=from) };
        if let Some(moving) = moving
            && moving.len() > 1
        {
            self.order.touch();
            if from < to { moving.rotate_left(1) } else { moving.rotate_right(1) }
        }
    }

    /// Sorts the rows; equal rows keep their order.
    pub fn sort_by(&mut self, mut compare: impl FnMut(&T, &T) -> std::cmp::Ordering) {
        let sorted = self.rows.is_sorted_by(|first, second| compare(&first.value, &second.value).is_le());
        if !sorted {
            self.order.touch();
            self.rows.sort_by(|first, second| compare(&first.value, &second.value));
        }
    }

    /// The index of the first row that the condition holds for.
    pub fn position(&self, mut condition: impl FnMut(&T) -> bool) -> Option<usize> {
        self.rows.iter().position(|row| condition(&row.value))
    }

    /// The identity of the row at an index. It stays with the row wherever it moves.
    pub fn row(&self, index: usize) -> Option<RowId> {
        self.rows.get(index).map(|row| row.id)
    }

    pub(crate) fn rows(&self) -> &[Row<T>] {
        &self.rows
    }

    /// Where a row stands now; none if it was removed.
    pub fn position_of(&self, row: RowId) -> Option<usize> {
        self.rows.iter().position(|candidate| candidate.id == row)
    }
}

/// Rows of a [`List`] in order.
#[derive(Debug)]
pub struct Iter<'a, T> {
    rows: std::slice::Iter<'a, Row<T>>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.rows.next().map(|row| &row.value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.rows.next_back().map(|row| &row.value)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut list = Self::new();
        list.extend(values);
        list
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        self.order.touch();
        self.rows.extend(values.into_iter().map(Row::new));
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

/// The copy's rows are rows of their own.
impl<T: Clone> Clone for List<T> {
    fn clone(&self) -> Self {
        self.iter().cloned().collect()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}
