//! Where a page is left for, and going there.

use std::fmt;

/// Where a page is left for, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    /// As a path, or absolute when it is of another host.
    pub(crate) to: String,
    pub(crate) how: How,
    /// The flash's token.
    pub(crate) flash: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    /// Another view on the same socket.
    Navigate,
    /// Another page.
    Load,
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Navigate => "navigation on the same socket",
            How::Load => "a page that is loaded",
        };
        write!(formatter, "{} ({how})", self.to)
    }
}
