//! Messages by kind that the host keeps for a page.

use crate::bindings::hothouse::live::types::Pair;

/// What the flash holds. The host owns it: a view asks for changes with [`Socket::put_flash`](crate::Socket::put_flash)
/// and [`Socket::clear_flash`](crate::Socket::clear_flash), the person at the page closes messages, and
/// [`LiveView::flash_changed`](crate::LiveView::flash_changed) says what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flash(Vec<(String, String)>);

impl Flash {
    pub(crate) fn new(pairs: Vec<Pair>) -> Self {
        Self(pairs.into_iter().map(|pair| (pair.name, pair.value)).collect())
    }

    /// The message of one kind, such as `info`.
    pub fn get(&self, kind: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == kind).map(|(_, message)| message)
    }

    /// Kinds and messages, in the order in which the kinds came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(kind, message)| (kind.as_str(), message.as_str()))
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
