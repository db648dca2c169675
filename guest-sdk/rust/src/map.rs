//! Tracked rows by their keys.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use crate::list::{self, List, Row};

/// A map that knows which of its values changed; its rows are in the order of their keys.
///
/// `for (key, value) in self.prices { … }` in a template evaluates the rows that changed and no others, as with a
/// [`List`]. Finding a key takes time by the logarithm of the length; putting a new one in moves those behind it.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// struct Shop { prices: Map<String, u32> }
///
/// impl Shop {
///     fn raise(&mut self, name: &str) {
///         if let Some(price) = self.prices.get_mut(name) {
///             *price += 1;
///         }
///     }
///     fn show(&self) -> Html {
///         html! { <ul>for (name, price) in self.prices { <li>{name} ": " {price}</li> }</ul> }
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Map<K, V> {
    /// Sorted by key, each once.
    rows: List<(K, V)>,
}

impl<K, V> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self { rows: List::new() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All rows in the order of their keys.
    pub fn iter(&self) -> list::Iter<'_, (K, V)> {
        self.rows.iter()
    }

    /// All keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// All values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// All values in the order of their keys, to change them. All count as changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.rows.iter_mut().map(|(_, value)| value)
    }

    /// Keeps the rows that the condition holds for.
    pub fn retain(&mut self, mut condition: impl FnMut(&K, &V) -> bool) {
        self.rows.retain(|(key, value)| condition(key, value));
    }

    /// Removes all rows.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    pub(crate) fn list(&self) -> &List<(K, V)> {
        &self.rows
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let index = self.find(key).ok()?;
        self.rows.get(index).map(|(_, value)| value)
    }

    /// The value of a key, to change it. It counts as changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let index = self.find(key).ok()?;
        self.rows.get_mut(index).map(|(_, value)| value)
    }

    /// Whether there is a row with this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Puts a value in and answers the one that it takes the place of. It counts as changed.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(index) => self.rows.get_mut(index).map(|(_, former)| std::mem::replace(former, value)),
            Err(index) => {
                self.rows.insert(index, (key, value));
                None
            }
        }
    }

    /// Takes a row out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let index = self.find(key).ok()?;
        self.rows.remove(index).map(|(_, value)| value)
    }

    /// The row's index, or where it would be.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.rows.rows().binary_search_by(|Row { value: (known, _), .. }| known.borrow().cmp(key))
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = &'a (K, V);
    type IntoIter = list::Iter<'a, (K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Of several values for a key, the last one is kept.
impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        Self { rows: rows.into_iter().collect::<BTreeMap<K, V>>().into_iter().collect() }
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, rows: I) {
        for (key, value) in rows {
            self.insert(key, value);
        }
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}
