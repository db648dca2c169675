//! What one callback has written and not committed yet, and what it reads through that.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::{
    Entry, KvError, MAX_PAGE_BYTES, MAX_TRANSACTION_BYTES, MAX_VALUE_BYTES, MAX_WRITES, Page, Range, Store,
    check_key, counted,
};

/// Writes that are committed together, and what they expect. By default empty.
///
/// It is as if all were done one after the other when it is committed: the last write of a key counts, and what is expected
/// after a write is compared with that.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    pub(super) expected: Vec<Expectation>,
    pub(super) writes: BTreeMap<Box<str>, Write>,
    /// A key of which it has expected something else than it had written itself.
    pub(super) lost: Option<Box<str>>,
    bytes: usize,
}

/// What one key has to have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expectation {
    pub(super) key: Box<str>,
    pub(super) value: Option<Box<[u8]>>,
}

/// What becomes of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Write {
    Put { value: Box<[u8]>, ttl_seconds: Option<u32> },
    Delete,
    Increment { by: i64 },
}

impl Write {
    fn bytes(&self) -> usize {
        match self {
            Self::Put { value, .. } => value.len(),
            Self::Delete => 0,
            // The longest number there is.
            Self::Increment { .. } => 17,
        }
    }
}

impl Transaction {
    /// The value of a key, after this transaction's own writes.
    ///
    /// # Errors
    /// [`KvError`].
    pub fn get(&self, store: &dyn Store, key: &str) -> Result<Option<Vec<u8>>, KvError> {
        check_key(key)?;
        match self.writes.get(key) {
            None => store.get(key),
            Some(Write::Put { value, .. }) => Ok(Some(value.to_vec())),
            Some(Write::Delete) => Ok(None),
            Some(Write::Increment { by }) => {
                let count = counted(key, store.get(key)?.as_deref(), *by)?;
                Ok(Some(count.to_string().into_bytes()))
            }
        }
    }

    /// Keys of a range, after this transaction's own writes.
    ///
    /// # Errors
    /// [`KvError`].
    pub fn keys(&self, store: &dyn Store, range: Range<'_>) -> Result<Page<String>, KvError> {
        self.merged(range, store.keys(range)?, |key| key, String::len, |key, _| Ok(key.to_owned()))
    }

    /// Keys of a range with their values, after this transaction's own writes.
    ///
    /// # Errors
    /// [`KvError`].
    pub fn entries(&self, store: &dyn Store, range: Range<'_>) -> Result<Page<Entry>, KvError> {
        self.merged(
            range,
            store.entries(range)?,
            |entry| &entry.key,
            |entry| entry.key.len() + entry.value.len(),
            |key, write| {
                let value = match write {
                    Write::Put { value, .. } => value.to_vec(),
                    Write::Delete | Write::Increment { .. } => self.get(store, key)?.unwrap_or_default(),
                };
                Ok(Entry { key: key.to_owned(), value })
            },
        )
    }

    /// Puts a value, for ever or for some seconds.
    ///
    /// # Errors
    /// [`KvError`], naming the limit; then nothing has changed.
    pub fn put(&mut self, key: &str, value: Vec<u8>, ttl_seconds: Option<u32>) -> Result<(), KvError> {
        if value.len() > MAX_VALUE_BYTES {
            return Err(KvError::Value { key: key.into(), bytes: value.len() });
        }
        if ttl_seconds == Some(0) {
            return Err(KvError::Ttl { key: key.into() });
        }
        self.write(key, Write::Put { value: value.into(), ttl_seconds })
    }

    /// Takes a key out.
    ///
    /// # Errors
    /// [`KvError`], naming the limit; then nothing has changed.
    pub fn delete(&mut self, key: &str) -> Result<(), KvError> {
        self.write(key, Write::Delete)
    }

    /// Adds to a counter. What it is then, unless others add to it before this is committed: nothing is lost of either.
    ///
    /// # Errors
    /// [`KvError`]; then nothing has changed.
    pub fn increment(&mut self, store: &dyn Store, key: &str, by: i32) -> Result<i64, KvError> {
        let by = i64::from(by);
        let count = counted(key, self.get(store, key)?.as_deref(), by)?;
        let number = || count.to_string().into_bytes().into();
        let write = match self.writes.get(key) {
            None => Write::Increment { by },
            Some(Write::Increment { by: before }) => Write::Increment { by: before.saturating_add(by) },
            Some(Write::Put { ttl_seconds, .. }) => Write::Put { value: number(), ttl_seconds: *ttl_seconds },
            Some(Write::Delete) => Write::Put { value: number(), ttl_seconds: None },
        };
        self.write(key, write)?;
        Ok(count)
    }

    /// Has all of it depend on this key having this value then; none: on its not being there.
    ///
    /// # Errors
    /// [`KvError`], naming the limit; then nothing has changed.
    pub fn expect(&mut self, store: &dyn Store, key: &str, value: Option<Vec<u8>>) -> Result<(), KvError> {
        check_key(key)?;
        let value = match self.writes.get(key) {
            None => value,
            Some(_) if self.get(store, key)? != value => {
                self.lost = Some(key.into());
                return Ok(());
            }
            // What it is then depends on what it was before.
            Some(Write::Increment { .. }) => store.get(key)?,
            Some(Write::Put { .. } | Write::Delete) => return Ok(()),
        };
        let bytes = key.len() + value.as_ref().map_or(0, Vec::len);
        self.has_room(1, bytes, 0)?;
        self.expected.push(Expectation { key: key.into(), value: value.map(Vec::into_boxed_slice) });
        self.bytes += bytes;
        Ok(())
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.expected.is_empty() && self.writes.is_empty() && self.lost.is_none()
    }

    /// A key of it, to name it by.
    pub fn first_key(&self) -> Option<&str> {
        let expected = self.expected.iter().map(|expectation| &expectation.key);
        self.writes.keys().chain(expected).next().map(|key| &**key)
    }

    /// What it takes of memory and of the disk, about.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + (self.expected.len() + self.writes.len()) * super::ENTRY_BYTES
    }

    fn write(&mut self, key: &str, write: Write) -> Result<(), KvError> {
        check_key(key)?;
        let bytes = key.len() + write.bytes();
        let replaced = self.writes.get(key).map(|former| key.len() + former.bytes());
        self.has_room(usize::from(replaced.is_none()), bytes, replaced.unwrap_or(0))?;
        self.bytes = self.bytes + bytes - replaced.unwrap_or(0);
        self.writes.insert(key.into(), write);
        Ok(())
    }

    fn has_room(&self, more: usize, bytes: usize, fewer_bytes: usize) -> Result<(), KvError> {
        if self.expected.len() + self.writes.len() + more > MAX_WRITES {
            return Err(KvError::TooManyWrites);
        }
        match self.bytes + bytes - fewer_bytes {
            bytes if bytes > MAX_TRANSACTION_BYTES => Err(KvError::TransactionTooLarge { bytes }),
            _ => Ok(()),
        }
    }

    /// A page of the store with this transaction's writes in it.
    fn merged<T>(
        &self,
        range: Range<'_>,
        stored: Page<T>,
        key_of: impl Fn(&T) -> &String,
        bytes_of: impl Fn(&T) -> usize,
        make: impl Fn(&str, &Write) -> Result<T, KvError>,
    ) -> Result<Page<T>, KvError> {
        if self.writes.is_empty() {
            return Ok(stored);
        }
        let Page { items, mut next } = stored;
        let mut merged: BTreeMap<String, T> =
            items.into_iter().map(|item| (key_of(&item).clone(), item)).collect();
        let start: Bound<&str> = Bound::Included(range.start());
        let written = self.writes.range::<str, _>((start, Bound::Unbounded));
        // The store's page says nothing of what comes after `next`.
        let is_in_page =
            |key: &str| range.contains(key) && next.as_ref().is_none_or(|next| key <= next.as_str());
        for (key, write) in written.filter(|(key, _)| is_in_page(key)) {
            match write {
                Write::Delete => drop(merged.remove(&**key)),
                Write::Put { .. } | Write::Increment { .. } => {
                    merged.insert(String::from(&**key), make(key, write)?);
                }
            }
        }
        let mut page = Vec::with_capacity(merged.len());
        let mut bytes = 0;
        for item in merged.into_values() {
            bytes += bytes_of(&item);
            if page.len() == range.limit || (bytes > MAX_PAGE_BYTES && !page.is_empty()) {
                next = page.last().map(&key_of).cloned();
                break;
            }
            page.push(item);
        }
        Ok(Page { items: page, next })
    }
}
