//! A store in one file, by redb.

use std::fmt;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use redb::{Builder, Database, DatabaseError};
use tokio::sync::{mpsc, oneshot};

use super::room::RoomyFile;
use super::tables::{self, TablesError};
use super::writer::{Job, Writer};
use super::{CommitError, Committing, Entry, KvError, Page, Range, Store, Transaction};

/// Transactions that wait for the writer before those who commit wait themselves.
const MAX_WAITING: usize = 1_024;
/// Bytes of transactions that wait, with those who commit them. What is more is refused.
const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;
/// Pages of the file that are kept in memory, in bytes.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

/// A store in one file. Transactions are written by one thread, as many as wait in one go; it ends with the store.
pub struct FileStore {
    shared: Arc<Shared>,
    queue: Option<mpsc::Sender<Job>>,
    waiting_bytes: Arc<AtomicUsize>,
    writer: Option<JoinHandle<()>>,
}

/// What readers and the writer have in common.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    /// None: it could not be opened again after the disk had failed.
    database: RwLock<Option<Database>>,
    open: Box<dyn Fn() -> Result<Database, OpenCause> + Send + Sync>,
}

/// Why a store is not opened. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct OpenError {
    path: PathBuf,
    cause: OpenCause,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum OpenCause {
    #[error("{0}: the folder must be there, and this user must be allowed to write to it")]
    Folder(std::io::Error),
    #[error("{0}: this user must be allowed to read and write it")]
    File(std::io::Error),
    #[error("another server has it open: stop that one, or give this one a storage folder of its own")]
    InUse,
    #[error("it is no store of this server: move it away, and a new one is begun")]
    Foreign,
    #[error(
        "another version of this server has written it ({0}): use that one, or move it away, and a new one is begun"
    )]
    Version(String),
    #[error("it is damaged ({0}): put a copy of it back, or move it away, and a new one is begun")]
    Damaged(String),
    #[error("{0}")]
    Disk(String),
    #[error("no thread to write it: {0}")]
    Thread(std::io::Error),
}

impl From<DatabaseError> for OpenCause {
    fn from(error: DatabaseError) -> Self {
        use redb::StorageError::{Corrupted, Io};
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => Self::InUse,
            DatabaseError::UpgradeRequired(version) => Self::Version(format!("file format {version}")),
            DatabaseError::Storage(Corrupted(what)) => Self::Damaged(what),
            DatabaseError::Storage(Io(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
                Self::Foreign
            }
            // It is shorter than it says itself.
            DatabaseError::Storage(Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Self::Damaged("its end is missing".to_owned())
            }
            error => Self::Disk(error.to_string()),
        }
    }
}

impl From<TablesError> for OpenCause {
    fn from(error: TablesError) -> Self {
        match error {
            TablesError::Foreign => Self::Foreign,
            TablesError::Format { .. } => Self::Version(error.to_string()),
            TablesError::Storage(redb::Error::Corrupted(what)) => Self::Damaged(what),
            TablesError::Storage(_) | TablesError::Closed => Self::Disk(error.to_string()),
        }
    }
}

impl FileStore {
    /// Opens `NAME.redb` in a folder; both are made if need be. Reads all of the file, to see whether it is what was
    /// written: call it from a thread that may block. `max_bytes` is what all keys and values may count for together.
    ///
    /// # Errors
    /// [`OpenError`], naming the file and what to do.
    pub fn open(folder: &Path, name: &str, max_bytes: u64) -> Result<Self, OpenError> {
        let path = folder.join(format!("{name}.redb"));
        if let Err(error) = std::fs::create_dir_all(folder) {
            return Err(OpenError { path: folder.to_owned(), cause: OpenCause::Folder(error) });
        }
        let file = path.clone();
        Self::open_by(path, max_bytes, move || {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&file);
            open_database(RoomyFile::new(file.map_err(OpenCause::File)?)?)
        })
    }

    /// `open` is called again after the disk has failed.
    pub(super) fn open_by(
        path: PathBuf,
        max_bytes: u64,
        open: impl Fn() -> Result<Database, OpenCause> + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let failed = |cause| OpenError { path: path.clone(), cause };
        let database = open().map_err(failed)?;
        tables::prepare(&database).map_err(|error| failed(error.into()))?;
        let database = RwLock::new(Some(database));
        let shared = Arc::new(Shared { path: path.clone(), database, open: Box::new(open) });
        let (queue, jobs) = mpsc::channel(MAX_WAITING);
        let writer =
            Writer::new(shared.clone(), max_bytes).map_err(|error| failed(OpenCause::Thread(error)))?;
        let writer = thread::Builder::new()
            .name("hothouse-kv".to_owned())
            .spawn(move || writer.run(jobs))
            .map_err(|error| failed(OpenCause::Thread(error)))?;
        let waiting_bytes = Arc::default();
        Ok(Self { shared, queue: Some(queue), waiting_bytes, writer: Some(writer) })
    }

    async fn commit_now(&self, transaction: Transaction) -> Result<(), CommitError> {
        if transaction.is_empty() {
            return Ok(());
        }
        let room = Room::take(&self.waiting_bytes, transaction.bytes()).ok_or(CommitError::Busy)?;
        let (settle, settled) = oneshot::channel();
        let job = Job { transaction, settle, _room: room };
        let queue = self.queue.as_ref().ok_or(CommitError::Unavailable)?;
        queue.send(job).await.map_err(|_| CommitError::Unavailable)?;
        settled.await.unwrap_or(Err(CommitError::Unavailable))
    }
}

impl Store for FileStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError> {
        self.shared.read(|database| tables::get(database, key))
    }

    fn keys(&self, range: Range<'_>) -> Result<Page<String>, KvError> {
        self.shared.read(|database| tables::page(database, range, |key, _| (key.len(), key.to_owned())))
    }

    fn entries(&self, range: Range<'_>) -> Result<Page<Entry>, KvError> {
        self.shared.read(|database| {
            tables::page(database, range, |key, value| {
                (key.len() + value.len(), Entry { key: key.to_owned(), value: value.to_vec() })
            })
        })
    }

    fn commit(&self, transaction: Transaction) -> Committing<'_> {
        Box::pin(self.commit_now(transaction))
    }
}

impl Drop for FileStore {
    fn drop(&mut self) {
        // The writer ends with its queue; then the file is closed, and can be opened again.
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FileStore").field("path", &self.shared.path).finish_non_exhaustive()
    }
}

impl Shared {
    fn read<T>(&self, read: impl FnOnce(&Database) -> Result<T, TablesError>) -> Result<T, KvError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let read = read(database.as_ref().ok_or(KvError::Unavailable)?);
        read.map_err(|error| {
            tracing::error!(code = "storage-unreadable", path = %self.path.display(), %error, "the store cannot be read");
            KvError::Unavailable
        })
    }

    /// Writes, for the writer.
    pub(super) fn write<T>(
        &self,
        write: impl FnOnce(&Database) -> Result<T, TablesError>,
    ) -> Result<T, TablesError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        write(database.as_ref().ok_or(TablesError::Closed)?)
    }

    /// Closes the file and opens it again: once something could not be written, redb does nothing more with it. Readers
    /// wait for as long as that takes.
    pub(super) fn reopen(&self) -> Result<(), OpenCause> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        *database = None;
        *database = Some((self.open)()?);
        Ok(())
    }
}

/// Opens what is in a file, or begins it. All of it is read once: what is not as it was written is refused, instead of
/// being found out in the middle of something.
pub(super) fn open_database(file: impl redb::StorageBackend) -> Result<Database, OpenCause> {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
    Ok(builder.create_with_backend(file)?)
}

/// Room for a transaction that waits; given back when it is settled.
pub(super) struct Room {
    waiting_bytes: Arc<AtomicUsize>,
    bytes: usize,
}

impl Room {
    fn take(waiting_bytes: &Arc<AtomicUsize>, bytes: usize) -> Option<Self> {
        let more =
            |waiting: usize| waiting.checked_add(bytes).filter(|waiting| *waiting <= MAX_WAITING_BYTES);
        waiting_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Self { waiting_bytes: waiting_bytes.clone(), bytes })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.waiting_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
