//! Why there is nothing to show: failures that a guest declares, refusals of the host, and ends.

use hothouse_diff::{Extras, Fault};
use hothouse_runtime::{CallError, EndCause, Failure, FailureKind};

use super::effects::EffectRefused;
use super::tasks::TaskRefused;
use crate::navigation::GoingRefused;
use crate::telemetry::{InstanceTelemetry, kind_name};

/// Name of the client event that tells the page of a failure (`client/page/failures.js` shows it).
const FAILURE_EVENT: &str = "hothouse:failure";

/// The view ended; the cause is logged.
pub(super) struct Crashed;

/// Why there is no view after a join that was let in; the log has been told.
pub(crate) enum MountError {
    /// The guest declared a failure.
    Refused(Failure),
    /// The guest broke.
    Crashed,
    /// The app's views have as much memory as they may together.
    NoMemory,
    /// The first document was refused.
    DocumentRefused,
}

impl MountError {
    /// A short name that stays the same, for metrics.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "mount-refused",
            Self::Crashed => "mount-crashed",
            Self::NoMemory => "mount-no-memory",
            Self::DocumentRefused => "mount-document-refused",
        }
    }
}

/// Why a callback was not carried out, or its document not shown.
pub(super) enum NotRendered {
    Failed(Failure),
    Refused(EffectRefused),
    Ended(EndCause),
}

impl From<CallError> for NotRendered {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(failure) => Self::Failed(failure),
            CallError::Ended(cause) => Self::Ended(cause),
        }
    }
}

impl From<Fault> for NotRendered {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<EffectRefused> for NotRendered {
    fn from(refused: EffectRefused) -> Self {
        Self::Refused(refused)
    }
}

impl From<TaskRefused> for NotRendered {
    fn from(refused: TaskRefused) -> Self {
        Self::Refused(refused.into())
    }
}

impl From<GoingRefused> for NotRendered {
    fn from(refused: GoingRefused) -> Self {
        Self::Refused(refused.into())
    }
}

/// Tells the log why there is no view.
pub(super) fn not_mounted(telemetry: &InstanceTelemetry, error: NotRendered) -> MountError {
    let error = match error {
        NotRendered::Failed(failure) => {
            telemetry.failure_declared(&failure);
            MountError::Refused(failure)
        }
        NotRendered::Refused(fault) => {
            telemetry.document_refused(&fault);
            MountError::DocumentRefused
        }
        NotRendered::Ended(cause) => {
            telemetry.ended(&cause);
            match cause {
                EndCause::TotalMemory { .. } => MountError::NoMemory,
                _ => MountError::Crashed,
            }
        }
    };
    telemetry.mount_failed(error.code());
    error
}

/// What tells the page.
pub(super) fn notice(kind: FailureKind, message: &str) -> Extras {
    let payload = serde_json::json!({ "kind": kind_name(kind), "message": message }).to_string();
    let mut extras = Extras::default();
    // The payload is an object that was written just now: it cannot be refused.
    let _ = extras.push_event(FAILURE_EVENT, &payload);
    extras
}
