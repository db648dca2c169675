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

impl DecodeError {
    /// Every code that [`DecodeError::code`] gives.
    pub const CODES: &'static [&'static str] = &[
        "frame-envelope",
        "frame-payload",
        "frame-too-long",
        "frame-too-many",
        "frame-too-deep",
        "frame-not-utf8",
        "frame-without-ref",
    ];

    /// A short name that stays the same, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Envelope => "frame-envelope",
            Self::Payload { .. } => "frame-payload",
            Self::TooLong { .. } => "frame-too-long",
            Self::TooMany { .. } => "frame-too-many",
            Self::TooDeep { .. } => "frame-too-deep",
            Self::NotUtf8 => "frame-not-utf8",
            Self::MissingRef => "frame-without-ref",
        }
    }

    /// Whether a limit was reached.
    pub fn is_limit(&self) -> bool {
        match self {
            Self::TooLong { .. } | Self::TooMany { .. } | Self::TooDeep { .. } => true,
            Self::Envelope | Self::Payload { .. } | Self::NotUtf8 | Self::MissingRef => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DecodeError;

    #[test]
    fn every_error_of_a_frame_has_its_code() {
        let (what, found, limit) = ("topic", 2, 1);
        let errors = [
            DecodeError::Envelope,
            DecodeError::Payload { event: "event", expected: "" },
            DecodeError::TooLong { what, found, limit },
            DecodeError::TooMany { what, limit },
            DecodeError::TooDeep { limit },
            DecodeError::NotUtf8,
            DecodeError::MissingRef,
        ];
        let codes: Vec<&str> = errors.iter().map(DecodeError::code).collect();
        assert_eq!(codes, DecodeError::CODES);
        let limits: Vec<&str> =
            errors.iter().filter(|error| error.is_limit()).map(DecodeError::code).collect();
        assert_eq!(limits, ["frame-too-long", "frame-too-many", "frame-too-deep"]);
    }
}
