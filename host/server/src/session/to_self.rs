//! What a view has sent to itself.

use hothouse_runtime::Message;

use crate::telemetry::Refused;

/// Messages to itself that may wait for a view.
pub(crate) const MAX_TO_SELF: usize = 32;
/// Longest of them, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Messages of one view to itself, until they are handed over.
#[derive(Default)]
pub(super) struct ToSelf(Vec<Box<str>>);

/// Why a view cannot send itself a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendRefused {
    /// It is too long.
    #[error(
        "a message of the view to itself has {bytes} bytes, the limit is {MAX_BYTES}: keep it in the view's state"
    )]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// One too many.
    #[error(
        "{MAX_TO_SELF} messages of the view to itself wait already, which is the limit: send one that stands for all"
    )]
    TooMany,
}

impl Refused for SendRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "message-too-large",
            Self::TooMany => "too-many-messages",
        }
    }

    fn is_limit(&self) -> bool {
        true
    }
}

impl ToSelf {
    /// Whether so many more may wait.
    pub(super) fn check(&self, more: usize) -> Result<(), SendRefused> {
        if self.0.len() + more > MAX_TO_SELF { Err(SendRefused::TooMany) } else { Ok(()) }
    }

    pub(super) fn push(&mut self, json: Box<str>) {
        self.0.push(json);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes all, in order.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Message> + use<> {
        std::mem::take(&mut self.0).into_iter().map(Message::Sent)
    }
}

/// A message that is not too long.
pub(super) fn checked(json: String) -> Result<Box<str>, SendRefused> {
    match json.len() {
        ..=MAX_BYTES => Ok(json.into()),
        bytes => Err(SendRefused::TooLarge { bytes }),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_TO_SELF, SendRefused, ToSelf, checked};

    #[test]
    fn a_view_sends_itself_so_much_and_no_more() {
        let mut waiting = ToSelf::default();
        assert_eq!(waiting.check(MAX_TO_SELF), Ok(()));
        waiting.push(checked("1".repeat(MAX_BYTES)).unwrap());
        assert_eq!(waiting.check(MAX_TO_SELF), Err(SendRefused::TooMany));
        assert_eq!(waiting.take().count(), 1);
        assert!(waiting.is_empty() && waiting.check(MAX_TO_SELF).is_ok());
        let bytes = MAX_BYTES + 1;
        assert_eq!(checked("1".repeat(bytes)), Err(SendRefused::TooLarge { bytes }));
    }
}
