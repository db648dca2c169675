//! Records that outlive views and servers, and that all views of the app see.
//!
//! A [`Collection`] is all records of one kind. What a callback writes is committed when it has answered `Ok`, all of it or
//! nothing, and its person sees the answer after that; a callback that refuses or panics has written nothing. The manifest
//! grants it to a component with `kv = true`.
//!
//! ```
//! use hothouse_sdk::kv;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, PartialEq, Debug)]
//! struct Todo {
//!     title: String,
//!     #[serde(default)]
//!     is_done: bool,
//! }
//!
//! const TODOS: kv::Collection<Todo> = kv::Collection::new("todo/");
//! const VISITS: kv::Collection<i64> = kv::Collection::new("visits/");
//!
//! # fn main() -> hothouse_sdk::Result<()> {
//! TODOS.put(1, &Todo { title: "Water the palms".to_owned(), is_done: false })?;
//! TODOS.update(1, |todo| todo.is_done = true)?;
//! assert_eq!(TODOS.get(1)?.map(|todo| todo.is_done), Some(true));
//! for entry in TODOS.iter() {
//!     let (id, todo) = entry?;
//!     assert_eq!((id.as_str(), todo.title.as_str()), ("1", "Water the palms"));
//! }
//! TODOS.delete(1)?;
//! assert_eq!(VISITS.increment("home", 1)?, 1);
//! # Ok(())
//! # }
//! ```
//!
//! Records are kept as JSON: a record that gets a new field reads the old ones if the field has `#[serde(default)]`, and
//! whatever else reads the store can read them.
//!
//! In tests of views on the developer's machine there is a store in memory, one for each thread.

use std::fmt::Display;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(target_family = "wasm")]
use crate::bindings::hothouse::live::kv as host;
use crate::failure::{Failure, Result};
#[cfg(not(target_family = "wasm"))]
use native as host;

mod entries;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod native;
mod record;

pub use entries::{Entries, Page};

/// Records of one kind, each under an id. The keys of the store are the prefix and the id: no prefix may begin with that
/// of another collection.
///
/// A key has at most 512 bytes, a record 256 KiB; a callback writes and expects at most 256 times, and 1 MiB.
#[derive(Debug)]
pub struct Collection<T> {
    prefix: &'static str,
    record: PhantomData<fn() -> T>,
}

impl<T> Collection<T> {
    /// The collection whose keys begin so, for example `todo/`.
    pub const fn new(prefix: &'static str) -> Self {
        Self { prefix, record: PhantomData }
    }

    /// Takes a record out; one that is not there is no failure.
    ///
    /// # Errors
    /// `limit` when the callback writes too much; `forbidden` without the grant.
    pub fn delete(&self, id: impl Display) -> Result<()> {
        host::delete(&self.key(id))
    }

    fn key(&self, id: impl Display) -> String {
        format!("{}{id}", self.prefix)
    }
}

impl<T: Serialize + DeserializeOwned> Collection<T> {
    /// A record; none: it is not there. After what this callback has written itself.
    ///
    /// # Errors
    /// `internal` when it is no `T`; `unavailable` when the store does not work, `forbidden` without the grant.
    pub fn get(&self, id: impl Display) -> Result<Option<T>> {
        let key = self.key(id);
        host::get(&key)?.map(|value| read(&key, &value)).transpose()
    }

    /// Puts a record in, in the place of the one with its id.
    ///
    /// # Errors
    /// `limit` when it is too long, or the callback writes too much; `bad-input` for a key that is too long; `forbidden`
    /// without the grant.
    pub fn put(&self, id: impl Display, record: &T) -> Result<()> {
        self.put_until(id, record, None)
    }

    /// Puts a record in that is forgotten after so many seconds, at least 1.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn put_for(&self, ttl_seconds: u32, id: impl Display, record: &T) -> Result<()> {
        self.put_until(id, record, Some(ttl_seconds))
    }

    /// Puts a record in where there is none; false where there is one. Should another view be first until the callback
    /// has answered, nothing of it is committed: see [`expect`](Self::expect).
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn put_new(&self, id: impl Display, record: &T) -> Result<bool> {
        let key = self.key(id);
        if host::get(&key)?.is_some() {
            return Ok(false);
        }
        host::expect(&key, None)?;
        host::put(&key, &written(&key, record)?, None)?;
        Ok(true)
    }

    /// Changes a record, of which nobody else's change is lost; false where there is none. Should another view change it
    /// until the callback has answered, nothing of it is committed: see [`expect`](Self::expect). A time to live ends: the
    /// record stays.
    ///
    /// # Errors
    /// As [`get`](Self::get) and [`put`](Self::put).
    pub fn update(&self, id: impl Display, change: impl FnOnce(&mut T)) -> Result<bool> {
        let key = self.key(id);
        let Some(mut record) = self.expect_key(&key)? else { return Ok(false) };
        change(&mut record);
        host::put(&key, &written(&key, &record)?, None)?;
        Ok(true)
    }

    /// A record that what this callback writes depends on; none: it depends on there being none.
    ///
    /// If another view is first with changing it, nothing of this callback is committed and none of its effects carried out;
    /// [`Message::KvConflict`](crate::Message::KvConflict) comes next, before the view is rendered: read again what it shows.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn expect(&self, id: impl Display) -> Result<Option<T>> {
        self.expect_key(&self.key(id))
    }

    /// At most so many records, 1 to 1,000, in the order of the bytes of their ids, from the one behind `after` on. A page
    /// has at most 1 MiB.
    ///
    /// Numbers are in the order of their digits: 10 comes before 9. Where their order matters, write them with zeros before
    /// them, for example `format_args!("{id:010}")`.
    ///
    /// # Errors
    /// As [`get`](Self::get); `limit` and `bad-input` for another number.
    pub fn page(&self, after: Option<&str>, limit: u32) -> Result<Page<T>> {
        let after = after.map(|id| self.key(id));
        let page = host::entries(self.prefix, after.as_deref(), limit)?;
        let id_of = |key: &str| key.strip_prefix(self.prefix).unwrap_or(key).to_owned();
        let entries =
            page.entries.iter().map(|entry| Ok((id_of(&entry.key), read(&entry.key, &entry.value)?)));
        Ok(Page { entries: entries.collect::<Result<_>>()?, next: page.next.as_deref().map(id_of) })
    }

    /// All records, page by page. Where there may be many, show [`page`](Self::page)s: a callback has its time.
    pub fn iter(&self) -> Entries<'_, T> {
        Entries::new(self)
    }

    fn put_until(&self, id: impl Display, record: &T, ttl_seconds: Option<u32>) -> Result<()> {
        let key = self.key(id);
        host::put(&key, &written(&key, record)?, ttl_seconds)
    }

    fn expect_key(&self, key: &str) -> Result<Option<T>> {
        let value = host::get(key)?;
        host::expect(key, value.as_deref())?;
        value.map(|value| read(key, &value)).transpose()
    }
}

impl Collection<i64> {
    /// Adds to a counter, which begins with 0; what it is then. What other views add until the callback has answered is not in
    /// that, and not lost.
    ///
    /// # Errors
    /// `limit` beyond 2^53 - 1; as [`put`](Self::put).
    pub fn increment(&self, id: impl Display, by: i32) -> Result<i64> {
        #[expect(clippy::cast_possible_truncation, reason = "counters are whole numbers of at most 2^53")]
        host::increment(&self.key(id), by).map(|count| count as i64)
    }
}

fn read<T: DeserializeOwned>(key: &str, value: &[u8]) -> Result<T> {
    record::read(value)
        .map_err(|error| Failure::internal(format!("the record under `{key}` cannot be read: {error}")))
}

fn written<T: Serialize>(key: &str, record: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(record)
        .map_err(|_| Failure::internal(format!("the record for `{key}` cannot be written: it is no JSON")))
}

#[cfg(test)]
mod tests;
