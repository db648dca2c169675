//! Keys and values of one tenant that outlive views and servers.
//!
//! A callback reads at once and writes in a [`Transaction`]: all of its writes, or none, and only if what it expects
//! still holds. Reads of a transaction see its own writes. [`Store`] is what keeps the values; [`FileStore`] is the one
//! that needs nothing but a folder.

use std::fmt;
use std::pin::Pin;

use crate::failure::{Failure, FailureKind};

mod file;
mod room;
mod tables;
#[cfg(test)]
mod tests;
mod transaction;
mod writer;

pub use file::{FileStore, OpenError};
pub use transaction::Transaction;

/// Longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 512;
/// Longest value, in bytes.
pub const MAX_VALUE_BYTES: usize = 256 * 1024;
/// Writes and expectations of one transaction, together.
pub const MAX_WRITES: usize = 256;
/// Bytes of keys and values of one transaction.
pub const MAX_TRANSACTION_BYTES: usize = 1024 * 1024;
/// Keys of one page.
pub const MAX_PAGE: usize = 1_000;
/// Bytes of keys and values of one page. It has at least one entry all the same.
pub const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// What a key counts for beside its own bytes and those of its value.
pub const ENTRY_BYTES: usize = 64;
/// Counters are whole numbers up to this one, above and below zero: what an `f64` tells apart.
pub const MAX_COUNT: i64 = (1 << 53) - 1;

/// A transaction on its way: ready once it is known what became of it.
pub type Committing<'a> = Pin<Box<dyn Future<Output = Result<(), CommitError>> + Send + 'a>>;

/// What keeps a tenant's keys and values. Keys are in the order of their bytes.
pub trait Store: fmt::Debug + Send + Sync {
    /// The value of a key; none: it is not there, or its time is over. May wait for a disk.
    ///
    /// # Errors
    /// [`KvError`].
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError>;

    /// Keys of a range, without their values. May wait for a disk.
    ///
    /// # Errors
    /// [`KvError`].
    fn keys(&self, range: Range<'_>) -> Result<Page<String>, KvError>;

    /// Keys of a range with their values. May wait for a disk.
    ///
    /// # Errors
    /// [`KvError`].
    fn entries(&self, range: Range<'_>) -> Result<Page<Entry>, KvError>;

    /// Writes all of a transaction, or nothing. Ready once it is written for good, as far as a crash of the machine
    /// is concerned as well.
    ///
    /// Cancel-safety: dropped early, it is written or not.
    fn commit(&self, transaction: Transaction) -> Committing<'_>;
}

/// Part of the keys: those that begin with `prefix` and come after `after`, so many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<'a> {
    prefix: &'a str,
    after: Option<&'a str>,
    limit: usize,
}

impl<'a> Range<'a> {
    /// A range that may be read.
    ///
    /// # Errors
    /// [`KvError`], naming the limit.
    pub fn new(prefix: &'a str, after: Option<&'a str>, limit: usize) -> Result<Self, KvError> {
        for key in [prefix, after.unwrap_or_default()] {
            if key.len() > MAX_KEY_BYTES {
                return Err(KvError::Key { bytes: key.len() });
            }
        }
        match limit {
            1..=MAX_PAGE => Ok(Self { prefix, after, limit }),
            asked => Err(KvError::Page { asked }),
        }
    }

    /// Where to begin to look.
    fn start(&self) -> &'a str {
        self.after.filter(|after| *after > self.prefix).unwrap_or(self.prefix)
    }

    fn contains(&self, key: &str) -> bool {
        key.starts_with(self.prefix) && self.after.is_none_or(|after| key > after)
    }
}

/// A part of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order of their keys.
    pub items: Vec<T>,
    /// What the next page comes `after`; none: this is the last one.
    pub next: Option<String>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Vec<u8>,
}

/// Why something cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KvError {
    /// A key is empty or too long.
    #[error("a key has {bytes} bytes, it must have 1 to {MAX_KEY_BYTES}")]
    Key {
        /// Its length.
        bytes: usize,
    },
    /// A value is too long.
    #[error(
        "the value of `{key}` has {bytes} bytes, the limit is {MAX_VALUE_BYTES}: keep it under several keys"
    )]
    Value {
        /// Its key.
        key: Box<str>,
        /// Its length.
        bytes: usize,
    },
    /// A time to live of no time.
    #[error("`{key}` is to be forgotten after 0 seconds: a time to live is at least 1 second")]
    Ttl {
        /// The key.
        key: Box<str>,
    },
    /// A page of no keys, or of too many.
    #[error("a page of {asked} keys was asked for, it must be 1 to {MAX_PAGE}: read the rest page by page")]
    Page {
        /// How many were asked for.
        asked: usize,
    },
    /// One write or expectation too many.
    #[error(
        "a transaction has {MAX_WRITES} writes and expectations already, which is the limit: write less in one callback"
    )]
    TooManyWrites,
    /// Too many bytes.
    #[error(
        "a transaction would have {bytes} bytes, the limit is {MAX_TRANSACTION_BYTES}: write less in one callback"
    )]
    TransactionTooLarge {
        /// How many it would have.
        bytes: usize,
    },
    /// What is to be added to is no whole number.
    #[error(
        "the value of `{key}` is no whole number: `increment` adds to those that it has written, and to decimal digits"
    )]
    NotANumber {
        /// The key.
        key: Box<str>,
    },
    /// A counter would leave its range.
    #[error("`{key}` would be {count}: counters go up to {MAX_COUNT}, above and below zero")]
    Count {
        /// The key.
        key: Box<str>,
        /// What it would be.
        count: i64,
    },
    /// The store cannot be read now. Why is for the log.
    #[error("the store does not work at the moment: try again later")]
    Unavailable,
}

impl From<KvError> for Failure {
    fn from(error: KvError) -> Self {
        let kind = match error {
            KvError::Key { .. }
            | KvError::Ttl { .. }
            | KvError::NotANumber { .. }
            | KvError::Page { asked: 0 } => FailureKind::BadInput,
            KvError::Value { .. }
            | KvError::Page { .. }
            | KvError::TooManyWrites
            | KvError::TransactionTooLarge { .. }
            | KvError::Count { .. } => FailureKind::Limit,
            KvError::Unavailable => FailureKind::Unavailable,
        };
        Self::new(kind, error.to_string())
    }
}

/// Why nothing of a transaction was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A key has another value than was expected: somebody else was first.
    #[error("`{key}` has another value than was expected: another transaction was first, try again")]
    Conflict {
        /// The key.
        key: Box<str>,
    },
    /// Somebody else was first with a key that is added to: now it cannot be.
    #[error(transparent)]
    Count(KvError),
    /// The tenant has as much as it may.
    #[error(
        "the store would have {bytes} bytes, the limit is {limit} (`storage_mib`): delete what is not needed, or give values a time to live"
    )]
    Full {
        /// How much it would have.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Too much waits to be written.
    #[error("too much waits to be written: try again later")]
    Busy,
    /// The store cannot be written now. Why is for the log.
    #[error("the store does not work at the moment: try again later")]
    Unavailable,
}

impl CommitError {
    /// Every code.
    pub const CODES: &'static [&'static str] =
        &["kv-conflict", "kv-count", "kv-full", "kv-busy", "kv-unavailable"];

    /// A short name that stays the same, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "kv-conflict",
            Self::Count(_) => "kv-count",
            Self::Full { .. } => "kv-full",
            Self::Busy => "kv-busy",
            Self::Unavailable => "kv-unavailable",
        }
    }

    /// Whether a limit was reached.
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Busy)
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        let kind = match error {
            CommitError::Count(error) => return error.into(),
            CommitError::Full { .. } | CommitError::Busy => FailureKind::Limit,
            CommitError::Conflict { .. } | CommitError::Unavailable => FailureKind::Unavailable,
        };
        Self::new(kind, error.to_string())
    }
}

fn check_key(key: &str) -> Result<(), KvError> {
    match key.len() {
        1..=MAX_KEY_BYTES => Ok(()),
        bytes => Err(KvError::Key { bytes }),
    }
}

/// What a counter's value stands for.
fn count_of(key: &str, value: &[u8]) -> Result<i64, KvError> {
    let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    let number = number.filter(|number: &i64| number.unsigned_abs() <= MAX_COUNT.unsigned_abs());
    number.ok_or_else(|| KvError::NotANumber { key: key.into() })
}

/// A counter's value, so much later.
fn counted(key: &str, current: Option<&[u8]>, by: i64) -> Result<i64, KvError> {
    let current = current.map_or(Ok(0), |value| count_of(key, value))?;
    let count = current.saturating_add(by);
    if count.unsigned_abs() > MAX_COUNT.unsigned_abs() {
        return Err(KvError::Count { key: key.into(), count });
    }
    Ok(count)
}
