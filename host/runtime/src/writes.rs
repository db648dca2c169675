//! What a call has written to the key-value store: collected while it runs, committed when it went well.

use std::fmt;
use std::sync::Arc;

use hothouse_services::Failure;
use hothouse_services::kv::{CommitError, Store, Transaction};

/// Writes of one call that are not committed yet. Dropped, they were never made.
pub struct Writes {
    store: Arc<dyn Store>,
    transaction: Transaction,
}

/// Why nothing of a call's writes was committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct NotCommitted {
    /// The key that was not as expected; otherwise the first that was to be written.
    pub key: Box<str>,
    /// Why.
    pub cause: CommitError,
}

impl Writes {
    pub(crate) fn new(store: Arc<dyn Store>, transaction: Transaction) -> Self {
        Self { store, transaction }
    }

    /// Writes all of it, or nothing.
    ///
    /// Cancel-safety: dropped early, it is written or not.
    ///
    /// # Errors
    /// [`NotCommitted`].
    pub async fn commit(self) -> Result<(), NotCommitted> {
        let first: Box<str> = self.transaction.first_key().unwrap_or_default().into();
        self.store.commit(self.transaction).await.map_err(|cause| {
            let key = match &cause {
                CommitError::Conflict { key } => key.clone(),
                _ => first,
            };
            NotCommitted { key, cause }
        })
    }
}

impl From<NotCommitted> for Failure {
    fn from(error: NotCommitted) -> Self {
        error.cause.into()
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Writes").field("transaction", &self.transaction).finish_non_exhaustive()
    }
}
