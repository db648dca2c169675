//! Records one after another.

use std::vec;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Collection;
use crate::failure::Result;

/// Records of one page of [`Collection::iter`].
const PAGE: u32 = 100;

/// A page of records.
#[derive(Debug)]
pub struct Page<T> {
    /// Ids and records, in the order of their ids. Perhaps fewer than were asked for.
    pub entries: Vec<(String, T)>,
    /// What the next page comes after; none: this is the last one.
    pub next: Option<String>,
}

/// All records of a collection, of which each page is read when it is come to. Ends with the first failure.
#[derive(Debug)]
pub struct Entries<'a, T> {
    collection: &'a Collection<T>,
    page: vec::IntoIter<(String, T)>,
    next: Next,
}

#[derive(Debug)]
enum Next {
    First,
    After(String),
    End,
}

impl<'a, T> Entries<'a, T> {
    pub(super) fn new(collection: &'a Collection<T>) -> Self {
        Self { collection, page: Vec::new().into_iter(), next: Next::First }
    }
}

impl<T: Serialize + DeserializeOwned> Iterator for Entries<'_, T> {
    type Item = Result<(String, T)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.page.next() {
                return Some(Ok(entry));
            }
            let after = match std::mem::replace(&mut self.next, Next::End) {
                Next::First => None,
                Next::After(after) => Some(after),
                Next::End => return None,
            };
            match self.collection.page(after.as_deref(), PAGE) {
                Ok(page) => {
                    self.page = page.entries.into_iter();
                    self.next = page.next.map_or(Next::End, Next::After);
                }
                Err(failure) => return Some(Err(failure)),
            }
        }
    }
}
