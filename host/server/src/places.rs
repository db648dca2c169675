//! Places of which an app has a limited number: for its sockets, and for its views' instances.

use std::sync::Arc;

use hothouse_runtime::Watermark;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{Effective, Limit};
use crate::telemetry::AppTelemetry;

/// Places under one limit.
pub(crate) struct Places {
    free: Arc<Semaphore>,
    limit: Limit,
    max: u64,
    mark: Watermark,
}

/// A place that is taken, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Places {
    /// As many as `limit` allows, all of them free.
    pub(crate) fn new(limit: Limit, limits: &Effective) -> Self {
        let max = limits.size(limit).min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(max)), limit, max: max as u64, mark: Watermark::default() }
    }

    /// How many there are.
    pub(crate) fn max(&self) -> u64 {
        self.max
    }

    /// Takes one, if one is free; the log is told when few are left.
    pub(crate) fn take(&self, telemetry: &AppTelemetry) -> Option<Place> {
        let permit = self.free.clone().try_acquire_owned().ok()?;
        let used = self.max.saturating_sub(self.free.available_permits() as u64);
        if self.mark.rises(used, self.max) {
            telemetry.near_limit(self.limit, used, self.max);
        }
        Some(Place { _permit: permit })
    }
}
