//! What is in a store's file, and how one transaction changes it.

use std::time::{SystemTime, UNIX_EPOCH};

use redb::{
    ReadTransaction, ReadableDatabase as _, ReadableTable, Table, TableDefinition, TableError,
    WriteTransaction,
};

use super::transaction::{Expectation, Write};
use super::{CommitError, ENTRY_BYTES, KvError, MAX_PAGE_BYTES, Page, Range, Transaction, counted};

/// When a value is forgotten (milliseconds since 1970; 0: never), and the value.
type Stored = (u64, &'static [u8]);

const VALUES: TableDefinition<'_, &str, Stored> = TableDefinition::new("values");
/// Keys by when they are forgotten.
const EXPIRING: TableDefinition<'_, (u64, &str), ()> = TableDefinition::new("expiring");
const ABOUT: TableDefinition<'_, &str, u64> = TableDefinition::new("about");
/// In `ABOUT`: how these tables are laid out.
const FORMAT: &str = "format";
const THIS_FORMAT: u64 = 1;
/// In `ABOUT`: what all entries count for together.
const BYTES: &str = "bytes";

/// Entries that are looked at for one page. What is forgotten but still there makes no page wait longer.
const MAX_EXAMINED: usize = 10_000;

/// Why a file is not written or read.
#[derive(Debug, thiserror::Error)]
pub(super) enum TablesError {
    /// The disk, or what is on it.
    #[error(transparent)]
    Storage(#[from] redb::Error),
    /// Another version of this server has written it.
    #[error("it is laid out as format {found}; this server reads format {THIS_FORMAT}")]
    Format { found: u64 },
    /// It is a file of redb's, but no store.
    #[error("it is a database, but not one of this server's")]
    Foreign,
    /// It could not be opened again.
    #[error("it is not open")]
    Closed,
}

macro_rules! from_redb {
    ($($error:ident),*) => {
        $(impl From<redb::$error> for TablesError {
            fn from(error: redb::$error) -> Self {
                Self::Storage(error.into())
            }
        })*
    };
}

from_redb!(StorageError, TableError, TransactionError, CommitError);

/// Milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Makes the tables in a new file; checks those of one that is there.
pub(super) fn prepare(database: &redb::Database) -> Result<(), TablesError> {
    let transaction = database.begin_write()?;
    {
        let is_new = transaction.list_tables()?.next().is_none();
        let mut about = match transaction.open_table(ABOUT) {
            Err(TableError::TableTypeMismatch { .. }) => return Err(TablesError::Foreign),
            about => about?,
        };
        let format = about.get(FORMAT)?.map(|format| format.value());
        match format {
            Some(THIS_FORMAT) => {}
            None if is_new => drop(about.insert(FORMAT, THIS_FORMAT)?),
            None => return Err(TablesError::Foreign),
            Some(found) => return Err(TablesError::Format { found }),
        }
        transaction.open_table(VALUES)?;
        transaction.open_table(EXPIRING)?;
    }
    transaction.commit()?;
    Ok(())
}

/// A value that is not forgotten.
pub(super) fn get(database: &redb::Database, key: &str) -> Result<Option<Vec<u8>>, TablesError> {
    let values = database.begin_read()?.open_table(VALUES)?;
    let stored = values.get(key)?;
    Ok(stored.and_then(|stored| {
        let (expires_ms, value) = stored.value();
        is_there(expires_ms, now_ms()).then(|| value.to_vec())
    }))
}

/// A page of what is not forgotten; of each entry what `make` makes of it.
pub(super) fn page<T>(
    database: &redb::Database,
    range: Range<'_>,
    make: impl Fn(&str, &[u8]) -> (usize, T),
) -> Result<Page<T>, TablesError> {
    let transaction: ReadTransaction = database.begin_read()?;
    let values = transaction.open_table(VALUES)?;
    let now_ms = now_ms();
    let (mut items, mut bytes) = (Vec::new(), 0);
    let mut last: Option<String> = None;
    for (examined, entry) in values.range(range.start()..)?.enumerate() {
        let (key, stored) = entry?;
        let key = key.value();
        if !key.starts_with(range.prefix) {
            break;
        }
        if !range.contains(key) {
            continue;
        }
        let (expires_ms, value) = stored.value();
        let is_there = is_there(expires_ms, now_ms);
        let (item_bytes, item) = make(key, value);
        let is_full = is_there
            && (items.len() == range.limit || (bytes + item_bytes > MAX_PAGE_BYTES && !items.is_empty()));
        if is_full || examined >= MAX_EXAMINED {
            return Ok(Page { items, next: last });
        }
        if is_there {
            bytes += item_bytes;
            items.push(item);
        }
        last = Some(key.to_owned());
    }
    Ok(Page { items, next: None })
}

fn is_there(expires_ms: u64, now_ms: u64) -> bool {
    expires_ms == 0 || expires_ms > now_ms
}

/// What a transaction of the file may write to.
pub(super) struct Tables<'t> {
    values: Table<'t, &'static str, Stored>,
    expiring: Table<'t, (u64, &'static str), ()>,
    about: Table<'t, &'static str, u64>,
    bytes: u64,
    now_ms: u64,
}

/// Why a transaction was not written. The first two leave no trace of it in the file.
pub(super) enum NotWritten {
    /// It is refused.
    Refused(CommitError),
    /// The file cannot be written.
    Storage(TablesError),
}

impl<E: Into<TablesError>> From<E> for NotWritten {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

impl From<KvError> for NotWritten {
    fn from(error: KvError) -> Self {
        Self::Refused(CommitError::Count(error))
    }
}

/// One key as it was and as it is to be.
struct Change<'a> {
    key: &'a str,
    former: Option<Former>,
    value: Option<(u64, std::borrow::Cow<'a, [u8]>)>,
}

struct Former {
    expires_ms: u64,
    bytes: u64,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self, TablesError> {
        let about = transaction.open_table(ABOUT)?;
        let bytes = about.get(BYTES)?.map_or(0, |bytes| bytes.value());
        let (values, expiring) = (transaction.open_table(VALUES)?, transaction.open_table(EXPIRING)?);
        Ok(Self { values, expiring, about, bytes, now_ms: now_ms() })
    }

    /// Notes what all entries count for; to be called last.
    pub(super) fn close(mut self) -> Result<(), TablesError> {
        self.about.insert(BYTES, self.bytes)?;
        Ok(())
    }

    /// Makes all writes of a transaction, if what it expects holds and there is room.
    pub(super) fn apply(&mut self, transaction: &Transaction, max_bytes: u64) -> Result<(), NotWritten> {
        if let Some(key) = &transaction.lost {
            return Err(NotWritten::Refused(CommitError::Conflict { key: key.clone() }));
        }
        for Expectation { key, value } in &transaction.expected {
            let stored = self.values.get(&**key)?;
            let found = stored.as_ref().map(|stored| stored.value());
            let found = found.filter(|(expires_ms, _)| is_there(*expires_ms, self.now_ms));
            if found.map(|(_, value)| value) != value.as_deref() {
                return Err(NotWritten::Refused(CommitError::Conflict { key: key.clone() }));
            }
        }
        let changes = transaction.writes.iter().map(|(key, write)| self.change(key, write));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        let fewer: u64 =
            changes.iter().filter_map(|change| change.former.as_ref()).map(|former| former.bytes).sum();
        let more: u64 = changes
            .iter()
            .filter_map(|change| change.value.as_ref().map(|(_, value)| counted_bytes(change.key, value)))
            .sum();
        let bytes = self.bytes.saturating_sub(fewer) + more;
        if bytes > max_bytes && bytes > self.bytes {
            return Err(NotWritten::Refused(CommitError::Full { bytes, limit: max_bytes }));
        }
        for Change { key, former, value } in changes {
            if let Some(Former { expires_ms: 1.., .. }) = former {
                self.expiring.remove((former.map_or(0, |former| former.expires_ms), key))?;
            }
            match value {
                Some((expires_ms, value)) => {
                    self.values.insert(key, (expires_ms, &*value))?;
                    if expires_ms > 0 {
                        self.expiring.insert((expires_ms, key), ())?;
                    }
                }
                None => drop(self.values.remove(key)?),
            }
        }
        self.bytes = bytes;
        Ok(())
    }

    fn change<'a>(&self, key: &'a str, write: &'a Write) -> Result<Change<'a>, NotWritten> {
        let stored = self.values.get(key)?;
        let stored = stored.as_ref().map(|stored| stored.value());
        let former =
            stored.map(|(expires_ms, value)| Former { expires_ms, bytes: counted_bytes(key, value) });
        let value = match write {
            Write::Delete => None,
            Write::Put { value, ttl_seconds } => {
                let expires_ms = ttl_seconds.map_or(0, |seconds| self.now_ms + u64::from(seconds) * 1_000);
                Some((expires_ms, value.as_ref().into()))
            }
            Write::Increment { by } => {
                // One that is forgotten begins anew, for ever.
                let current = stored.filter(|(expires_ms, _)| is_there(*expires_ms, self.now_ms));
                let count = counted(key, current.map(|(_, value)| value), *by)?;
                let expires_ms = current.map_or(0, |(expires_ms, _)| expires_ms);
                Some((expires_ms, count.to_string().into_bytes().into()))
            }
        };
        Ok(Change { key, former, value })
    }

    /// Takes out what is forgotten, so many entries at most; how many.
    pub(super) fn sweep(&mut self, most: usize) -> Result<usize, TablesError> {
        let mut swept = 0;
        while swept < most {
            let Some(key) = self.first_expiring(self.now_ms)? else { break };
            self.expiring.remove((key.0, &*key.1))?;
            if let Some(stored) = self.values.remove(&*key.1)? {
                self.bytes = self.bytes.saturating_sub(counted_bytes(&key.1, stored.value().1));
            }
            swept += 1;
        }
        Ok(swept)
    }

    /// When the next entry is forgotten.
    pub(super) fn next_expiry_ms(&self) -> Result<Option<u64>, TablesError> {
        Ok(self.first_expiring(u64::MAX)?.map(|(expires_ms, _)| expires_ms))
    }

    fn first_expiring(&self, until_ms: u64) -> Result<Option<(u64, String)>, TablesError> {
        let Some(first) = self.expiring.first()? else { return Ok(None) };
        let (expires_ms, key) = first.0.value();
        Ok((expires_ms <= until_ms).then(|| (expires_ms, key.to_owned())))
    }
}

fn counted_bytes(key: &str, value: &[u8]) -> u64 {
    (key.len() + value.len() + ENTRY_BYTES) as u64
}
