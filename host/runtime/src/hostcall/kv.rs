//! `kv`: the tenant's keys and values, if the manifest grants them. Writes are collected, see [`crate::writes`].

use hothouse_services::kv::{KvError, MAX_PAGE, Page, Range, Store, Transaction};
use hothouse_services::{Failure, FailureKind};

use crate::contract::bindings::hothouse::live::{kv, types};
use crate::contract::failure_to_wit;
use crate::error::CallKind;
use crate::state::State;

impl kv::Host for State {
    fn get(&mut self, key: String) -> Result<Option<Vec<u8>>, types::Failure> {
        self.with_store(|store, transaction| transaction.get(store, &key))
    }

    fn keys(
        &mut self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<kv::KeyPage, types::Failure> {
        let Page { items: keys, next } = self.with_store(|store, transaction| {
            transaction.keys(store, range(&prefix, after.as_deref(), limit)?)
        })?;
        Ok(kv::KeyPage { keys, next })
    }

    fn entries(
        &mut self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<kv::EntryPage, types::Failure> {
        let Page { items, next } = self.with_store(|store, transaction| {
            transaction.entries(store, range(&prefix, after.as_deref(), limit)?)
        })?;
        let entries = items.into_iter().map(|entry| kv::Entry { key: entry.key, value: entry.value });
        Ok(kv::EntryPage { entries: entries.collect(), next })
    }

    fn put(&mut self, key: String, value: Vec<u8>, ttl_seconds: Option<u32>) -> Result<(), types::Failure> {
        self.with_store(|_, transaction| transaction.put(&key, value, ttl_seconds))
    }

    fn delete(&mut self, key: String) -> Result<(), types::Failure> {
        self.with_store(|_, transaction| transaction.delete(&key))
    }

    fn increment(&mut self, key: String, by: i32) -> Result<f64, types::Failure> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "counters are no larger than what an `f64` tells apart"
        )]
        self.with_store(|store, transaction| transaction.increment(store, &key, by)).map(|count| count as f64)
    }

    fn expect(&mut self, key: String, value: Option<Vec<u8>>) -> Result<(), types::Failure> {
        self.with_store(|store, transaction| transaction.expect(store, &key, value))
    }
}

impl State {
    /// Does something with the store and what the call has written so far.
    fn with_store<T>(
        &mut self,
        work: impl FnOnce(&dyn Store, &mut Transaction) -> Result<T, KvError>,
    ) -> Result<T, types::Failure> {
        let refuse = |kind, message: &str| Err(failure_to_wit(Failure::new(kind, message)));
        match self.call.kind {
            CallKind::Load => {
                return refuse(FailureKind::NotHere, "a component that is being loaded has no store");
            }
            CallKind::Render | CallKind::Snapshot | CallKind::Terminate => {
                let message = "there is no store in `render`, `snapshot` and `terminate`: read and write in the callbacks before";
                return refuse(FailureKind::NotHere, message);
            }
            _ => {}
        }
        let Some(store) = &self.grants.kv else {
            let message = "the key-value store was not granted: put `kv = true` under the component";
            return refuse(FailureKind::Forbidden, message);
        };
        let transaction = self.writes.get_or_insert_default();
        // Should the disk be waited for, then not by a thread that runs views.
        tokio::task::block_in_place(|| work(&**store, transaction))
            .map_err(|error| failure_to_wit(error.into()))
    }
}

fn range<'a>(prefix: &'a str, after: Option<&'a str>, limit: u32) -> Result<Range<'a>, KvError> {
    Range::new(prefix, after, usize::try_from(limit).unwrap_or(MAX_PAGE + 1))
}
