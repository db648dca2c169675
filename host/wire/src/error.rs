//! What can be wrong with a frame. Messages name the field and the limit, never what the client sent.

/// Why a frame, or its payload, is not of the protocol. Always the client's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not a JSON array of five elements of the right types.
    #[error("frame is not a JSON array [join_ref, ref, topic, event, payload]")]
    Envelope,
    /// The payload is not what its event carries.
    #[error("payload of `{event}` is malformed: {expected}")]
    Payload {
        /// The event, as the protocol spells it.
        event: &'static str,
        /// What it should have been.
        expected: &'static str,
    },
    /// Something is longer than it may be.
    #[error("{what} has {found} bytes, the limit is {limit}")]
    TooLong {
        /// Which field.
        what: &'static str,
        /// Its length in bytes.
        found: usize,
        /// The most it may have.
        limit: usize,
    },
    /// There is more of something than there may be.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most there may be.
        limit: usize,
    },
    /// A payload is nested deeper than it may be.
    #[error("payload is nested deeper than {limit}")]
    TooDeep {
        /// The deepest it may be.
        limit: usize,
    },
    /// A form's names or values are not UTF-8 once decoded.
    #[error("form is not UTF-8 once its escapes are resolved")]
    NotUtf8,
    /// A message that must be answered has no ref.
    #[error("message has no ref")]
    MissingRef,
}
