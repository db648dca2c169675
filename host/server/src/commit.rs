//! What a callback has written: committed before its effects are carried out, and before the page is answered.

use std::time::Instant;

use hothouse_runtime::{Failure, NotCommitted, Writes};
use hothouse_services::kv::CommitError;

use crate::navigation::Course;
use crate::telemetry::InstanceTelemetry;
use crate::telemetry::metrics::Step;

/// Commits writes. False: somebody else was first, so that the callback's effects are dropped. Whatever is not committed, the
/// view is told of next.
///
/// # Errors
/// What the page is told: the store is full, or does not work.
pub(crate) async fn commit(
    writes: Writes,
    course: &mut Course,
    telemetry: &InstanceTelemetry,
) -> Result<bool, Failure> {
    let began = Instant::now();
    let committed = writes.commit().await;
    telemetry.step(Step::Commit, began.elapsed());
    let Err(NotCommitted { key, cause }) = committed else { return Ok(true) };
    telemetry.not_committed(&cause);
    course.not_committed(key);
    match cause {
        CommitError::Conflict { .. } => Ok(false),
        error => Err(error.into()),
    }
}
