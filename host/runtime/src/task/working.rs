//! What a task has beside what every instance has, and how it waits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hothouse_services::{Failure, FailureKind};
use tokio::time::sleep_until;
use wasmtime::Trap;

use super::requests::Bodies;
use super::{Cancelled, Meter, Reporter};
use crate::error::{CallKind, EndCause};
use crate::instance::Killed;
use crate::limits::CallBudget;

/// Of one task.
pub(crate) struct Working {
    cancelled: Cancelled,
    pub(super) reporter: Reporter,
    pub(super) bodies: Bodies,
    meter: Arc<Meter>,
    began: Instant,
    max_wall: Duration,
    /// When the epoch's callback saw first that it was cancelled.
    cancelled_at: Option<Instant>,
}

impl Working {
    pub(super) fn new(
        cancelled: Cancelled,
        reporter: Reporter,
        meter: Arc<Meter>,
        budget: CallBudget,
    ) -> Self {
        let (began, max_wall) = (Instant::now(), budget.max_wall);
        let bodies = Bodies::default();
        Self { cancelled, reporter, bodies, meter, began, max_wall, cancelled_at: None }
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.is_closed()
    }

    /// For how long it has been seen to be cancelled.
    pub(super) fn cancelled_for(&mut self) -> Option<Duration> {
        let cancelled = self.cancelled.is_closed();
        cancelled.then(|| self.cancelled_at.get_or_insert_with(Instant::now).elapsed())
    }

    /// Waits for something in place of the guest: until it is there, the task is cancelled, which is a failure, or its time
    /// is over, which ends it.
    pub(super) async fn wait<T>(
        &mut self,
        something: impl Future<Output = T>,
    ) -> wasmtime::Result<Result<T, Failure>> {
        let end = self.began + self.max_wall;
        tokio::select! {
            biased;
            () = self.cancelled.closed() => Ok(Err(cancelled())),
            () = sleep_until(end.into()) => {
                let (call, used, limit) = (CallKind::RunTask, self.began.elapsed(), self.max_wall);
                Err(wasmtime::Error::new(Killed(EndCause::WallLimit { call, used, limit })))
            }
            something = something => Ok(Ok(something)),
        }
    }

    /// The same for a guest that cannot be told of failures.
    pub(super) async fn wait_or_end<T>(&mut self, something: impl Future<Output = T>) -> wasmtime::Result<T> {
        self.wait(something).await?.map_err(|_| Trap::Interrupt.into())
    }
}

/// What functions that wait answer from the moment that a task is cancelled.
fn cancelled() -> Failure {
    Failure::new(FailureKind::Unavailable, "The task was cancelled.")
}
