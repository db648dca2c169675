//! A store for tests of views without a host: in memory, one for each thread.
//!
//! Limits are the host's to know. Nobody else writes, so nothing is a conflict.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Bound;

use crate::bindings::hothouse::live::kv::{Entry, EntryPage};
use crate::environment;
use crate::failure::{Failure, Result};

#[derive(Clone)]
struct Stored {
    value: Vec<u8>,
    expires_ms: Option<f64>,
}

#[derive(Default)]
struct Store {
    committed: BTreeMap<String, Stored>,
    /// What the callback has made of it so far; there once it has written.
    written: Option<BTreeMap<String, Stored>>,
}

thread_local! {
    static STORE: RefCell<Store> = RefCell::default();
}

/// What a callback has written is kept if it went well, and forgotten otherwise.
pub(crate) fn settle(is_ok: bool) {
    STORE.with_borrow_mut(|store| {
        if let Some(written) = store.written.take().filter(|_| is_ok) {
            store.committed = written;
        }
    });
}

fn read<R>(look: impl FnOnce(&BTreeMap<String, Stored>) -> R) -> R {
    STORE.with_borrow(|store| look(store.written.as_ref().unwrap_or(&store.committed)))
}

fn write(change: impl FnOnce(&mut BTreeMap<String, Stored>)) {
    STORE.with_borrow_mut(|store| change(store.written.get_or_insert_with(|| store.committed.clone())));
}

fn is_there(stored: &Stored) -> bool {
    stored.expires_ms.is_none_or(|expires_ms| expires_ms > environment::now_ms())
}

pub(super) fn get(key: &str) -> Result<Option<Vec<u8>>> {
    Ok(read(|all| all.get(key).filter(|stored| is_there(stored)).map(|stored| stored.value.clone())))
}

pub(super) fn entries(prefix: &str, after: Option<&str>, limit: u32) -> Result<EntryPage> {
    if !(1..=1_000).contains(&limit) {
        return Err(Failure::bad_input(format!(
            "a page of {limit} keys was asked for, it must be 1 to 1000"
        )));
    }
    let start = after.map_or(Bound::Included(prefix), Bound::Excluded);
    let limit = limit as usize;
    Ok(read(|all| {
        let range = all.range::<str, _>((start, Bound::Unbounded)).filter(|(_, stored)| is_there(stored));
        let mut rest = range.filter(|(key, _)| key.starts_with(prefix));
        let entry =
            |(key, stored): (&String, &Stored)| Entry { key: key.clone(), value: stored.value.clone() };
        let entries: Vec<Entry> = rest.by_ref().take(limit).map(entry).collect();
        let next = rest.next().and(entries.last()).map(|last| last.key.clone());
        EntryPage { entries, next }
    }))
}

pub(super) fn put(key: &str, value: &[u8], ttl_seconds: Option<u32>) -> Result<()> {
    let expires_ms = ttl_seconds.map(|seconds| environment::now_ms() + f64::from(seconds) * 1_000.0);
    let stored = Stored { value: value.to_vec(), expires_ms };
    write(|all| drop(all.insert(key.to_owned(), stored)));
    Ok(())
}

pub(super) fn delete(key: &str) -> Result<()> {
    write(|all| drop(all.remove(key)));
    Ok(())
}

pub(super) fn increment(key: &str, by: i32) -> Result<f64> {
    let former = read(|all| all.get(key).filter(|stored| is_there(stored)).cloned());
    let count = match &former {
        Some(stored) => std::str::from_utf8(&stored.value).ok().and_then(|text| text.parse().ok()),
        None => Some(0.0),
    };
    let count: f64 =
        count.ok_or_else(|| Failure::bad_input(format!("the value of `{key}` is no whole number")))?;
    let count = count + f64::from(by);
    let expires_ms = former.and_then(|stored| stored.expires_ms);
    write(|all| {
        drop(all.insert(key.to_owned(), Stored { value: count.to_string().into_bytes(), expires_ms }))
    });
    Ok(count)
}

pub(super) fn expect(_key: &str, _value: Option<&[u8]>) -> Result<()> {
    Ok(())
}
