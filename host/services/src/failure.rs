//! Declared refusals: the one error that crosses between views and services.

/// A declared refusal. Whoever declares it is as it was before; nothing is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Of which kind; decides the HTTP status of a dead render.
    pub kind: FailureKind,
    /// Written for the person at the page.
    pub message: String,
}

impl Failure {
    /// A refusal of this kind, in these words.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// Kinds of declared refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// 400.
    BadInput,
    /// 503: a service is missing or down.
    Unavailable,
    /// 500: the function is not for this lane.
    NotHere,
    /// 429.
    Limit,
    /// 500.
    Internal,
}
