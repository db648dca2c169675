//! The thread that writes a store: what waits, in one go.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::file::{Room, Shared};
use super::tables::{self, NotWritten, Tables, TablesError};
use super::{CommitError, Transaction};

/// Transactions that are written in one go, and their bytes.
const MAX_GROUP: usize = 256;
const MAX_GROUP_BYTES: usize = 4 * 1024 * 1024;
/// Forgotten entries that are taken out in one go, at least; as many as are written, if that is more.
const SWEEP: usize = 1_000;
/// How long what is forgotten may stay in the file, if there is nothing else to do.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// How long nothing is written after the disk has failed.
const REST: Duration = Duration::from_secs(1);

/// What became of a transaction.
pub(super) type Outcome = Result<(), CommitError>;

/// A transaction that waits, and who waits for it.
pub(super) struct Job {
    pub(super) transaction: Transaction,
    pub(super) settle: oneshot::Sender<Outcome>,
    pub(super) _room: Room,
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    max_bytes: u64,
    runtime: Runtime,
    /// Until when nothing is written.
    resting: Option<Instant>,
    /// When something is to be swept.
    next_sweep: Option<Duration>,
}

impl Writer {
    /// The runtime is for waiting, nothing else.
    pub(super) fn new(shared: Arc<Shared>, max_bytes: u64) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        Ok(Self { shared, max_bytes, runtime, resting: None, next_sweep: Some(Duration::ZERO) })
    }

    /// Writes until nobody can commit any more, and what waits is written.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        loop {
            let first = match self.next_sweep {
                None => self.runtime.block_on(queue.recv()),
                Some(after) => match self.runtime.block_on(async { timeout(after, queue.recv()).await }) {
                    Ok(job) => job,
                    Err(_) => {
                        self.settle(Vec::new());
                        continue;
                    }
                },
            };
            let Some(first) = first else { return };
            let (mut bytes, mut group) = (first.transaction.bytes(), vec![first]);
            while group.len() < MAX_GROUP
                && bytes < MAX_GROUP_BYTES
                && let Ok(job) = queue.try_recv()
            {
                bytes += job.transaction.bytes();
                group.push(job);
            }
            self.settle(group);
        }
    }

    /// Writes a group and tells each of its outcome.
    fn settle(&mut self, group: Vec<Job>) {
        let outcomes = match self.write(&group) {
            Ok(outcomes) => outcomes,
            Err(()) => group.iter().map(|_| Err(CommitError::Unavailable)).collect(),
        };
        for (job, outcome) in group.into_iter().zip(outcomes) {
            // Whoever does not wait any more has left.
            let _ = job.settle.send(outcome);
        }
    }

    fn write(&mut self, group: &[Job]) -> Result<Vec<Outcome>, ()> {
        if self.resting.is_some_and(|until| Instant::now() < until) {
            self.next_sweep = Some(REST);
            return Err(());
        }
        match self.shared.write(|database| self.write_to(database, group)) {
            Ok((outcomes, next_sweep)) => {
                self.next_sweep = next_sweep;
                if !group.is_empty() && self.resting.take().is_some() {
                    tracing::info!(code = "storage-works", path = %self.shared.path.display(), "the store is written again");
                }
                Ok(outcomes)
            }
            Err(error) => {
                self.failed(&error);
                Err(())
            }
        }
    }

    /// One transaction of the file, with one wait for the disk.
    fn write_to(
        &self,
        database: &redb::Database,
        group: &[Job],
    ) -> Result<(Vec<Outcome>, Option<Duration>), TablesError> {
        let transaction = database.begin_write()?;
        let mut tables = Tables::open(&transaction)?;
        let writes = group.iter().map(|job| job.transaction.writes.len()).sum();
        tables.sweep(SWEEP.max(writes))?;
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            match tables.apply(&job.transaction, self.max_bytes) {
                Ok(()) => outcomes.push(Ok(())),
                Err(NotWritten::Refused(error)) => outcomes.push(Err(error)),
                Err(NotWritten::Storage(error)) => return Err(error),
            }
        }
        let next_sweep = tables.next_expiry_ms()?.map(|expiry_ms| {
            let due = Duration::from_millis(expiry_ms.saturating_sub(tables::now_ms()));
            // What is due now is more than one sweep takes.
            if due.is_zero() { Duration::ZERO } else { due.max(SWEEP_EVERY) }
        });
        tables.close()?;
        transaction.commit()?;
        Ok((outcomes, next_sweep))
    }

    /// The file is as it was before the group. Tells the operator, and gives the disk a rest.
    fn failed(&mut self, error: &TablesError) {
        let reopened = self.shared.reopen();
        if self.resting.is_none() {
            tracing::error!(
                code = "storage-failed", path = %self.shared.path.display(), %error,
                "the store cannot be written: see that the disk works and has room; it is tried again each second"
            );
            if let Err(error) = reopened {
                let path = self.shared.path.display();
                tracing::error!(code = "storage-unreadable", %path, %error, "the store cannot be opened again");
            }
        }
        self.resting = Some(Instant::now() + REST);
        self.next_sweep = Some(REST);
    }
}
