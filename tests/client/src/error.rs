//! What a host sent that a client cannot take.

/// Why a message cannot be merged, or the tree not be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MergeError(pub(crate) String);

pub(crate) type Merged<T> = Result<T, MergeError>;

/// A refusal with this text.
pub(crate) fn refuse<T>(text: impl Into<String>) -> Merged<T> {
    Err(MergeError(text.into()))
}
