//! What the log says, in one place: events of views by whose fault they are, never their content.

use hothouse_diff::Fault;
use hothouse_runtime::{Blame, CallError, Failure, FailureKind};

use crate::http::PageError;

/// A guest call did not answer.
pub(crate) fn call_failed(view: &str, error: &CallError) {
    match error {
        CallError::Refused(failure) => failure_declared(view, failure),
        CallError::Ended(cause) => match cause.blame() {
            // Only what an operator must act on is an error.
            Blame::Host | Blame::Operator => tracing::error!(view, %cause, "view ended"),
            Blame::Guest => tracing::warn!(view, %cause, "view ended"),
        },
    }
}

/// A page could not be made.
pub(crate) fn page_failed(view: &str, error: &PageError) {
    match error {
        PageError::Call(error) => call_failed(view, error),
        PageError::Document(fault) => document_refused(view, fault),
        PageError::Random(error) => tracing::error!(view, %error, "no random bytes"),
    }
}

/// A guest declared a failure; the view lives on.
pub(crate) fn failure_declared(view: &str, failure: &Failure) {
    tracing::warn!(view, kind = kind_name(failure.kind), message = %failure.message, "view declared a failure");
}

/// What a guest rendered, or asked to be sent along, was refused; the view lives on.
pub(crate) fn document_refused(view: &str, fault: &Fault) {
    tracing::warn!(view, %fault, "document refused");
}

/// A failure kind as the contract spells it.
pub(crate) fn kind_name(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NotFound => "not-found",
        FailureKind::Forbidden => "forbidden",
        FailureKind::BadInput => "bad-input",
        FailureKind::Unavailable => "unavailable",
        FailureKind::NotHere => "not-here",
        FailureKind::Limit => "limit",
        FailureKind::Internal => "internal",
    }
}
